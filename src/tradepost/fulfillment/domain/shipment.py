"""A parcel that leaves, and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.fulfillment.errors import MoreThanOrdered, NothingToShip, NotReadyToShip
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    OrderId,
    OrderLineId,
    ShipmentId,
    ShipmentLineId,
    VariantId,
    VendorId,
)
from tradepost.kernel.states import States


class ShipmentState(StrEnum):
    """The life of a parcel."""

    PENDING = "pending"
    READY = "ready"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


STATES = States(
    "shipment",
    {
        ShipmentState.PENDING: {
            "pack": ShipmentState.READY,
            "ship": ShipmentState.SHIPPED,
            "cancel": ShipmentState.CANCELLED,
        },
        ShipmentState.READY: {"ship": ShipmentState.SHIPPED, "cancel": ShipmentState.CANCELLED},
        ShipmentState.SHIPPED: {
            "deliver": ShipmentState.DELIVERED,
            "come_back": ShipmentState.RETURNED,
        },
        ShipmentState.DELIVERED: {},
        ShipmentState.RETURNED: {},
        ShipmentState.CANCELLED: {},
    },
)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of an order with the units that still have to leave, from stock or made to order."""

    line_id: OrderLineId
    variant_id: VariantId
    to_ship: int
    stocked: bool = True
    vendor_id: VendorId | None = None


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """What fulfillment must know of an order to ship it."""

    id: OrderId
    number: int
    status: str
    may_ship: bool
    version: int
    lines: tuple[OpenLine, ...]

    def only(self, vendor_id: VendorId, wanted: Sequence[tuple[OrderLineId, int]]) -> OpenOrder:
        """What of it is a vendor's.

        :raises Unknown: if nothing is, or a line is wanted that is not.
        """
        theirs = tuple(line for line in self.lines if line.vendor_id == vendor_id)
        if not theirs:
            raise Unknown("order", str(self.id))
        for line_id, _ in wanted:
            if all(line.line_id != line_id for line in theirs):
                raise Unknown("order line", str(line_id))
        return replace(self, lines=theirs)


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    """Units of an order line in a parcel."""

    id: ShipmentLineId
    shipment_id: ShipmentId
    order_line_id: OrderLineId
    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel of one order, with goods of one vendor or of the shop's own; its lines are kept
    beside it."""

    id: ShipmentId
    order_id: OrderId
    state: ShipmentState
    carrier: str
    tracking_number: str
    created_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    version: int
    vendor_id: VendorId | None = None

    def anonymized(self) -> Shipment:
        """The same parcel, which its carrier's number no longer leads to a person."""
        if not self.tracking_number:
            return self
        return replace(self, tracking_number="", version=self.version + 1)

    def moved(self, action: str, at: datetime) -> Shipment:
        """After an action of the state table; the instants of leaving and arriving are kept."""
        state = STATES.after(self.state, action)
        moved = replace(self, state=state, version=self.version + 1)
        if action == "ship":
            return replace(moved, shipped_at=at)
        return replace(moved, delivered_at=at) if action == "deliver" else moved


def units_to_pack(
    order: OpenOrder, wanted: Sequence[tuple[OrderLineId, int]]
) -> list[tuple[OpenLine, int]]:
    """Which units go into the parcel: those wanted, or everything that is open.

    :raises NothingToShip: if nothing is open.
    :raises MoreThanOrdered: if more of a line is wanted than is open.
    """
    open_lines = {line.line_id: line for line in order.lines if line.to_ship}
    if not open_lines:
        raise NothingToShip(order.number)
    if not order.may_ship:
        raise NotReadyToShip(order.number, order.status)
    if not wanted:
        return [(line, line.to_ship) for line in open_lines.values()]
    chosen: list[tuple[OpenLine, int]] = []
    for line_id, quantity in wanted:
        line = open_lines.get(line_id)
        left = line.to_ship if line else 0
        if line is None or not 0 < quantity <= left:
            raise MoreThanOrdered(str(line_id), left, quantity)
        open_lines[line_id] = replace(line, to_ship=left - quantity)
        chosen.append((line, quantity))
    return chosen


Units = Sequence[tuple[OpenLine, int]]
"""Lines, and how many units of each."""


def by_vendor(units: Units) -> dict[VendorId | None, Units]:
    """Units in a parcel for each vendor, and one for the shop's own, as they come."""
    parcels: dict[VendorId | None, list[tuple[OpenLine, int]]] = {}
    for line, quantity in units:
        parcels.setdefault(line.vendor_id, []).append((line, quantity))
    return {**parcels}
