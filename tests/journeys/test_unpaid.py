"""Orders by bank transfer that nobody pays are called off; those with money on them stay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_holding import free
from tests.journeys.test_order import HOME
from tradepost.fulfillment.commands import ShipOrder
from tradepost.ledger.queries import trial_balance
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.queries import order_page
from tradepost.payments.commands.record import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store
from tradepost.wiring.unpaid import call_off_unpaid
from tradepost.wiring.worker import build_worker

NOW = datetime.now(UTC)


async def _placed(shop: Shop, days: int, method: str = "bank_transfer") -> Any:
    lines = (Wanted(1, sku="mug"),)
    basket = Basket(lines=lines, ship_to=HOME, payment_method=method)
    at = NOW - timedelta(days=days, minutes=1)
    return (await shop.bus.send(shop.scope, PlaceOrder(basket, at=at))).order_id


async def _status(shop: Shop, order_id: Any) -> str:
    return (await shop.bus.ask(shop.scope, order_page, order_id)).status


async def test_only_what_was_never_paid_in_time_is_called_off(store: Store) -> None:
    shop = await open_shop(store, bank_transfer_days=3)
    mug = await shop.article("mug", "10.00", stock=9)
    late = [await _placed(shop, days) for days in (3, 30)]
    early = await _placed(shop, 2)
    at_the_door = await _placed(shop, 30, "cod")
    gone = await _placed(shop, 30, "cod")
    await shop.bus.send(shop.scope, ShipOrder(gone))
    part, whole = await _placed(shop, 30), await _placed(shop, 30)
    await shop.bus.send(shop.scope, RecordPayment((Share(part),), amount=1, currency="GBP"))
    await shop.bus.send(shop.scope, RecordPayment((Share(whole),)))
    assert await free(shop, mug) == 2
    assert await call_off_unpaid(shop.bus, shop.scope) == 2
    assert await call_off_unpaid(shop.bus, shop.scope) == 0
    assert await free(shop, mug) == 4
    assert [await _status(shop, one) for one in late] == ["cancelled", "cancelled"]
    stay = [await _status(shop, one) for one in (early, at_the_door, gone, part, whole)]
    assert "cancelled" not in stay
    ahead = NOW.date() + timedelta(days=2)
    rows = await shop.bus.ask(shop.scope, trial_balance, (NOW - timedelta(days=90)).date(), ahead)
    owed = sum(row.debits - row.credits for row in rows if row.account == "receivable")
    assert owed == 3 * 1000 + 999


async def test_money_that_comes_while_it_is_called_off_is_kept_or_comes_too_late(
    store: Store,
) -> None:
    shop = await open_shop(store)
    await shop.article("mug", "10.00", stock=9)
    for _ in range(4):
        order_id = await _placed(shop, 8)
        pay = RecordPayment((Share(order_id),), amount=1000, currency="GBP")
        swept, _ = await asyncio.gather(
            call_off_unpaid(shop.bus, shop.scope), shop.bus.send(shop.scope, pay)
        )
        page = await shop.bus.ask(shop.scope, order_page, order_id)
        assert (page.status == "cancelled") == bool(swept)
        assert page.paid == (0 if swept else 1000) or page.status == "cancelled"


async def test_the_worker_calls_off_and_tells(lone_store: Store) -> None:
    shop = await open_shop(lone_store)
    mug = await shop.article("mug", "10.00", stock=1)
    order_id = await _placed(shop, 7)
    worker = build_worker(shop.bus)
    assert await worker.sweeper.step() >= 1
    assert await _status(shop, order_id) == "cancelled"
    await worker.settle()
    assert await free(shop, mug) == 1
