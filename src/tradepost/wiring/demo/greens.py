"""A morning at the grocer's: three orders picked by weight and hand, two of them delivered."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from tradepost.delivery.commands.cash import HandInCash
from tradepost.delivery.commands.couriers import HireCourier, PutOnDuty
from tradepost.delivery.commands.ending import CompleteDelivery, Proof
from tradepost.delivery.commands.jobs import AcceptJob, PickUp
from tradepost.delivery.commands.picking import CompletePicking, PickLines, StartPicking
from tradepost.delivery.commands.zones import MakeZone, OpenSlots
from tradepost.delivery.domain.job import ProofKind
from tradepost.delivery.domain.slot import Window
from tradepost.delivery.domain.zone import ZoneTerms
from tradepost.delivery.queries.jobs import DeliveryView, courier_rows, delivery_rows
from tradepost.delivery.queries.picking import PickTaskView, pick_task_rows
from tradepost.delivery.queries.zones import slot_rows
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.kernel.ids import (
    CourierId,
    DeliveryId,
    OrderId,
    PickLineId,
    PickTaskId,
    SlotId,
    ZoneId,
)
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address, Delivery, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.queries import order_page
from tradepost.wiring.demo.shops import STAFF_PASSWORD, Shop
from tradepost.wiring.worker import build_worker

COURIER_EMAIL: Final = "courier@example.com"
DAY: Final = date(2026, 1, 14)
MORNING: Final = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)
HOURS: Final = (Window(time(10), time(12)), Window(time(16), time(18)))
NEAR: Final = Address(
    "US", name="A. Shopper", line1="12 Green Street", postcode="10001", city="New York"
)
ORDERS: Final = (
    {"APPLES": 1500, "LETTUCE": 2, "OATS-1KG": 1},
    {"CHEESE-HARD": 300, "TOMATOES": 800},
    {"POTATOES": 5000, "LEMONS-4": 1},
)
SCALE: Final = {"APPLES": 1460, "CHEESE-HARD": 292, "TOMATOES": 790, "POTATOES": 4950}
"""What the scale shows of what was ordered."""
DAYS_AHEAD: Final = 6


async def a_morning(shop: Shop) -> None:
    """Orders by their hours; a picker, a courier, cash in the safe. The third order waits."""
    zone_id, courier_id = await _opened(shop)
    (slot, *_) = await shop.bus.ask(shop.scope, slot_rows, zone_id, MORNING, 10)
    placed = [
        await _order(shop, f"order/{place}", wanted, SlotId(slot.id))
        for place, wanted in enumerate(ORDERS)
    ]
    await build_worker(shop.bus).settle()
    for task in await shop.bus.ask(shop.scope, pick_task_rows, None, None, None, 10):
        if task.order_id in placed[:2]:
            await _picked(shop, task)
    await build_worker(shop.bus).settle()
    taken = 0
    for job in await shop.bus.ask(shop.scope, delivery_rows, None, None, 10):
        taken += await _brought(shop, job, courier_id)
    await shop.once("hand-in", HandInCash(courier_id, taken))


async def _opened(shop: Shop) -> tuple[ZoneId, CourierId]:
    """The zone with its hours, those of that morning and of the days to come, and who drives."""
    terms = ZoneTerms(shop.location_id, "Green Street and around", "US", ("1000", "1001"), 350)
    zone_id = await shop.once("zone", MakeZone(terms))
    await shop.once("slots", OpenSlots(zone_id, DAY, DAY, HOURS, 20, at=MORNING))
    if not await shop.bus.ask(shop.scope, slot_rows, zone_id, None, 1):
        today = shop.bus.clock.now().date()
        soon = OpenSlots(zone_id, today + timedelta(1), today + timedelta(DAYS_AHEAD), HOURS, 20)
        await shop.once(f"slots/{today}", soon)
    courier_id = await _courier(shop, zone_id)
    await shop.once("duty", PutOnDuty(courier_id, duty=True))
    return zone_id, courier_id


async def _courier(shop: Shop, zone_id: ZoneId) -> CourierId:
    """Who drives, taken on the first time."""
    if there := await shop.bus.ask(shop.scope, courier_rows):
        return CourierId(there[0].id)
    hashed = await Argon2Hasher().hash(STAFF_PASSWORD)
    hired = HireCourier("Kim", shop.location_id, (zone_id,), COURIER_EMAIL, None, hashed)
    courier_id: CourierId = await shop.once("courier", hired)
    return courier_id


async def _order(shop: Shop, name: str, wanted: dict[str, int], slot_id: SlotId) -> OrderId:
    lines = tuple(Wanted(units, shop.articles[sku]) for sku, units in wanted.items())
    basket = Basket(
        lines=lines,
        delivery=Delivery.LOCAL,
        payment_method="cod",
        ship_to=NEAR,
        slot_id=slot_id,
    )
    placed = await shop.once(name, PlaceOrder(basket, at=MORNING))
    order_id: OrderId = placed.order_id
    return order_id


async def _picked(shop: Shop, task: PickTaskView) -> None:
    """Every line as the scale shows it; the lettuce is one short."""
    task_id, name = PickTaskId(task.id), f"pick/{task.order_number}"
    await shop.once(f"{name}/start", StartPicking(task_id))
    for line in task.lines:
        short = 1 if line.sku == "LETTUCE" else 0
        picked = SCALE.get(line.sku, line.ordered - short)
        wish = PickLines(task_id, PickLineId(line.id), picked, short)
        await shop.once(f"{name}/{line.sku}", wish)
    await shop.once(f"{name}/done", CompletePicking(task_id))


async def _brought(shop: Shop, job: DeliveryView, courier_id: CourierId) -> int:
    """The goods to the door, for cash; what was taken."""
    delivery_id, name = DeliveryId(job.id), f"job/{job.order_number}"
    due = (await shop.bus.ask(shop.scope, order_page, OrderId(job.order_id))).total
    await shop.once(f"{name}/accept", AcceptJob(delivery_id, courier_id))
    await shop.once(f"{name}/go", PickUp(delivery_id, courier_id))
    proof = Proof(ProofKind.NAME, "A. Shopper")
    await shop.once(f"{name}/there", CompleteDelivery(delivery_id, courier_id, proof, due))
    return due
