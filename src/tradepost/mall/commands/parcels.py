"""Parcels that a vendor's own staff hand to a carrier."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.ids import OrderId, OrderLineId, ShipmentId
from tradepost.kernel.messages import Actor, Command
from tradepost.kernel.text import one_line
from tradepost.mall.domain.staff import vendor_of
from tradepost.mall.ports import Dispatch, Dispatched, Parcels


@dataclass(frozen=True, slots=True)
class ShipOwn(Command):
    """Hand units of one's own lines to a carrier: those named, or all that is open."""

    order_id: OrderId
    lines: tuple[tuple[OrderLineId, int], ...] = ()
    carrier: str = ""
    tracking_number: str = ""


@dataclass(frozen=True, slots=True)
class DeliverOwn(Command):
    """Note that a parcel of one's own has arrived."""

    shipment_id: ShipmentId


async def ship_own(wish: ShipOwn, parcels: Parcels, actor: Actor) -> Dispatched:
    """Have the vendor's part of an order leave."""
    return await parcels.ship(
        Dispatch(
            wish.order_id,
            vendor_of(actor),
            wish.lines,
            one_line(wish.carrier, "carrier", shortest=0),
            one_line(wish.tracking_number, "tracking_number", shortest=0),
            wish.at,
        )
    )


async def deliver_own(wish: DeliverOwn, parcels: Parcels, actor: Actor) -> Dispatched:
    """Have it noted."""
    return await parcels.delivered(wish.shipment_id, vendor_of(actor), wish.at)


HANDLERS = {ShipOwn: ship_own, DeliverOwn: deliver_own}
