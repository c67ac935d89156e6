"""Parcels leave: many orders at once, or one step of one parcel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.events.fulfillment import MovedLine, ShipmentMoved
from tradepost.fulfillment.domain import OpenOrder, Shipment, ShipmentLine, ShipmentState
from tradepost.fulfillment.domain.shipment import Units, by_vendor, units_to_pack
from tradepost.fulfillment.ports import OrderBook, Parcel, Shelves, Shipments
from tradepost.kernel.batch import Batch
from tradepost.kernel.errors import Refusal, Stale, Unknown
from tradepost.kernel.ids import (
    Ids,
    OrderId,
    OrderLineId,
    ShipmentId,
    ShipmentLineId,
    VendorId,
)
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class ShipOrder(Command):
    """Hand units of an order to a carrier; all that is open when no lines are named.

    A parcel leaves for each vendor whose goods are among them; with a ``vendor_id`` theirs alone.
    """

    order_id: OrderId
    lines: tuple[tuple[OrderLineId, int], ...] = ()
    carrier: str = ""
    tracking_number: str = ""
    version: int | None = None
    vendor_id: VendorId | None = None


@dataclass(frozen=True, slots=True)
class DeliverShipment(Command):
    """Note that a parcel has arrived; with a ``vendor_id`` only one of theirs."""

    shipment_id: ShipmentId
    vendor_id: VendorId | None = None


@dataclass(frozen=True, slots=True)
class Shipped:
    """The parcel that left or moved on; ``further`` ones left with it, of other vendors."""

    shipment_id: ShipmentId
    order_id: OrderId
    state: str
    version: int
    further: tuple[ShipmentId, ...] = ()


Packed = tuple[ShipOrder, Shipment, Units]


async def ship_orders(
    wishes: list[ShipOrder],
    book: OrderBook,
    shelves: Shelves,
    shipments: Shipments,
    ids: Ids,
    facts: Facts,
) -> list[Shipped | Refusal]:
    """Pack each order's parcel, take its goods off the shelf, tell the order."""
    found = await book.to_ship([wish.order_id for wish in wishes])
    batch = Batch(wishes)
    batch.each(lambda wish: _packed(wish, found, ids))
    leaving = [packed for several in batch.live for packed in several]
    parcels = [_parcel(*packed) for packed in leaving]
    await shelves.ship(parcels)
    for packed in leaving:
        _keep(packed, shipments, ids, facts)
    await book.shipped(parcels)
    batch.take([_answer(*(shipment for _, shipment, _ in several)) for several in batch.live])
    return batch.answers


async def deliver_shipment(wish: DeliverShipment, shipments: Shipments, facts: Facts) -> Shipped:
    """The parcel has arrived."""
    found = await shipments.lock(wish.shipment_id)
    if wish.vendor_id not in (None, found.vendor_id):
        raise Unknown("shipment", str(wish.shipment_id))
    shipment = found.moved("deliver", wish.at)
    await shipments.save(shipment)
    facts.tell(_moved(shipment, ()), shipment.version, wish.at)
    return _answer(shipment)


def _packed(wish: ShipOrder, found: dict[OrderId, OpenOrder], ids: Ids) -> list[Packed]:
    order = found.get(wish.order_id)
    if order is None:
        raise Unknown("order", str(wish.order_id))
    if wish.vendor_id is not None:
        order = order.only(wish.vendor_id, wish.lines)
    if wish.version is not None and wish.version != order.version:
        raise Stale("order", wish.version, order.version)
    parcels = by_vendor(units_to_pack(order, wish.lines))
    return [(wish, _leaving(wish, vendor_id, ids), units) for vendor_id, units in parcels.items()]


def _leaving(wish: ShipOrder, vendor_id: VendorId | None, ids: Ids) -> Shipment:
    return Shipment(
        id=ShipmentId(ids.new()),
        order_id=wish.order_id,
        state=ShipmentState.SHIPPED,
        carrier=wish.carrier,
        tracking_number=wish.tracking_number,
        created_at=wish.at,
        shipped_at=wish.at,
        delivered_at=None,
        version=1,
        vendor_id=vendor_id,
    )


def _parcel(wish: ShipOrder, shipment: Shipment, units: Units) -> Parcel:
    lines = tuple((line.line_id, line.variant_id, quantity) for line, quantity in units)
    made = frozenset(line.line_id for line, _ in units if not line.stocked)
    return Parcel(shipment.order_id, shipment.id, wish.at, lines, made)


def _keep(packed: Packed, shipments: Shipments, ids: Ids, facts: Facts) -> None:
    wish, shipment, units = packed
    lines = [
        ShipmentLine(
            ShipmentLineId(ids.new()), shipment.id, line.line_id, line.variant_id, quantity
        )
        for line, quantity in units
    ]
    shipments.add(shipment, lines)
    facts.tell(_moved(shipment, lines), shipment.version, wish.at)


def _moved(shipment: Shipment, lines: Sequence[ShipmentLine]) -> ShipmentMoved:
    told = tuple(MovedLine(line.variant_id, line.order_line_id, line.quantity) for line in lines)
    return ShipmentMoved(shipment.id, shipment.order_id, shipment.state.value, told)


def _answer(shipment: Shipment, *others: Shipment) -> Shipped:
    further = tuple(one.id for one in others)
    state = shipment.state.value
    return Shipped(shipment.id, shipment.order_id, state, shipment.version, further)
