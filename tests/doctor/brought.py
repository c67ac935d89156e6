"""What a courier brings: orders that are ready, on the road, and paid at the door."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from tradepost.delivery.commands.cash import HandInCash
from tradepost.delivery.commands.couriers import HireCourier, PutOnDuty
from tradepost.delivery.commands.ending import CompleteDelivery, Proof
from tradepost.delivery.commands.jobs import AssignDelivery, PickUp
from tradepost.delivery.commands.opening import OpenPicking
from tradepost.delivery.commands.picking import CompletePicking, PickLines, StartPicking
from tradepost.delivery.commands.zones import MakeZone, OpenSlots
from tradepost.delivery.domain.job import Delivery as Job
from tradepost.delivery.domain.job import ProofKind
from tradepost.delivery.domain.slot import Window
from tradepost.delivery.domain.zone import ZoneTerms
from tradepost.delivery.queries.picking import pick_task_page
from tradepost.delivery.storage.jobs import SqlDeliveries
from tradepost.kernel.ids import CourierId, PickLineId, SlotId
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address, Delivery, Wanted
from tradepost.ordering.domain.basket import Basket

if TYPE_CHECKING:
    from tests.doctor.trade import Trade

NEAR = Address(country="GB", line1="1 High Street", city="Leeds", postcode="LS1 4AP")


async def brought(trade: Trade) -> None:
    """One order handed in, one in the courier's purse, one ready, with a line that was short."""
    place = trade.shop.location_id
    await trade.shop.article("crumb", "0.10", stock=50)
    zone = await trade.send(MakeZone(ZoneTerms(place, "Centre", "GB", ("LS1",), fee=300)))
    day = (datetime.now(UTC) + timedelta(days=1)).date()
    hours = (Window(time(10), time(12)),)
    (slot,) = await trade.send(OpenSlots(zone, day, day, hours, 9))
    hire = HireCourier("Kim", place, (), "kim@example.com", None, "none")
    courier = await trade.send(hire)
    await trade.send(PutOnDuty(courier, duty=True))
    await _delivered(trade, await _ready(trade, slot), courier)
    await trade.send(HandInCash(courier, 1000, note="a coin was lost"))
    await _delivered(trade, await _ready(trade, slot), courier)
    await _ready(trade, slot)


async def _ready(trade: Trade, slot: SlotId) -> Job:
    basket = Basket(
        (Wanted(2, sku="crumb"), Wanted(1, sku="lamp")),
        delivery=Delivery.LOCAL,
        payment_method="cod",
        ship_to=NEAR,
        slot_id=slot,
    )
    placed = await trade.send(PlaceOrder(basket))
    task_id = await trade.send(OpenPicking(placed.order_id))
    await trade.send(StartPicking(task_id))
    task = await trade.shop.bus.ask(trade.shop.scope, pick_task_page, task_id)
    for line, picked, short in zip(task.lines, (1, 1), (1, 0), strict=True):
        await trade.send(PickLines(task_id, PickLineId(line.id), picked, short))
    await trade.send(CompletePicking(task_id))
    (job,) = await trade.shop.bus.within(
        trade.shop.scope, lambda work: SqlDeliveries(work).lock_of(placed.order_id)
    )
    return job


async def _delivered(trade: Trade, job: Job, courier: CourierId) -> None:
    await trade.send(AssignDelivery(job.id, courier))
    await trade.send(PickUp(job.id, courier))
    proof = Proof(ProofKind.NAME, "A. Shopper")
    await trade.send(CompleteDelivery(job.id, courier, proof, 1250 + 10 + 300))
