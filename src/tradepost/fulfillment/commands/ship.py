"""Parcels leave: many orders at once, or one step of one parcel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.events.fulfillment import MovedLine, ShipmentMoved
from tradepost.fulfillment.domain import OpenLine, OpenOrder, Shipment, ShipmentLine, ShipmentState
from tradepost.fulfillment.domain.shipment import units_to_pack
from tradepost.fulfillment.ports import OrderBook, Parcel, Shelves, Shipments
from tradepost.kernel.batch import Batch
from tradepost.kernel.errors import Refusal, Stale, Unknown
from tradepost.kernel.ids import Ids, OrderId, OrderLineId, ShipmentId, ShipmentLineId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class ShipOrder(Command):
    """Hand units of an order to a carrier; all that is open when no lines are named."""

    order_id: OrderId
    lines: tuple[tuple[OrderLineId, int], ...] = ()
    carrier: str = ""
    tracking_number: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class DeliverShipment(Command):
    """Note that a parcel has arrived."""

    shipment_id: ShipmentId


@dataclass(frozen=True, slots=True)
class Shipped:
    """The parcel that left or moved on."""

    shipment_id: ShipmentId
    order_id: OrderId
    state: str
    version: int


Packed = tuple[ShipOrder, Shipment, list[tuple[OpenLine, int]]]


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
    parcels = [_parcel(*packed) for packed in batch.live]
    await shelves.ship(parcels)
    for packed in batch.live:
        _keep(packed, shipments, ids, facts)
    await book.shipped(parcels)
    batch.take([_answer(shipment) for _, shipment, _ in batch.live])
    return batch.answers


async def deliver_shipment(wish: DeliverShipment, shipments: Shipments, facts: Facts) -> Shipped:
    """The parcel has arrived."""
    shipment = (await shipments.lock(wish.shipment_id)).moved("deliver", wish.at)
    await shipments.save(shipment)
    facts.tell(_moved(shipment, ()), shipment.version, wish.at)
    return _answer(shipment)


def _packed(wish: ShipOrder, found: dict[OrderId, OpenOrder], ids: Ids) -> Packed:
    order = found.get(wish.order_id)
    if order is None:
        raise Unknown("order", str(wish.order_id))
    if wish.version is not None and wish.version != order.version:
        raise Stale("order", wish.version, order.version)
    units = units_to_pack(order, wish.lines)
    shipment = Shipment(
        id=ShipmentId(ids.new()),
        order_id=order.id,
        state=ShipmentState.SHIPPED,
        carrier=wish.carrier,
        tracking_number=wish.tracking_number,
        created_at=wish.at,
        shipped_at=wish.at,
        delivered_at=None,
        version=1,
    )
    return wish, shipment, units


def _parcel(wish: ShipOrder, shipment: Shipment, units: list[tuple[OpenLine, int]]) -> Parcel:
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


def _answer(shipment: Shipment) -> Shipped:
    return Shipped(shipment.id, shipment.order_id, shipment.state.value, shipment.version)
