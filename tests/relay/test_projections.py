"""Read models follow the log, and come out equal when they are dropped and made anew."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from tests.journeys.spine import Shop, open_shop
from tradepost.fulfillment.commands import ShipOrder
from tradepost.kernel.ids import OrderId, TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.ordering.commands import CancelOrder, PlaceOrder
from tradepost.ordering.commands.change import ChangeOrder
from tradepost.ordering.domain import Address, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.platform.bus import Wish
from tradepost.platform.db.statement import Statement, scoped, scoped_delete, scoped_update
from tradepost.platform.db.work import Reader, Row, Store, Work
from tradepost.platform.facts import published
from tradepost.platform.projections import Projection, compare, rebuild
from tradepost.reporting.queries import sales_days, timeline
from tradepost.reporting.storage import ORDER_TIMELINE, SALES_BY_DAY
from tradepost.reporting.storage.sales import sales_by_day
from tradepost.wiring.worker import build_worker

HOME = Address(country="GB", name="A. Shopper", line1="1 High Street", city="Leeds")
PROJECTIONS = [ORDER_TIMELINE, SALES_BY_DAY]
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


@pytest.fixture
async def shop(store: Store) -> Shop:
    return await open_shop(store)


async def trade(shop: Shop, orders: int = 12) -> OrderId:
    """Sell, ship, change and call off; the first order."""
    await shop.article("tea", "5.00", stock=orders * 3)
    wish = PlaceOrder(Basket(lines=(Wanted(2, sku="tea"),), payment_method="cod", ship_to=HOME))
    placed = await shop.bus.send_all(shop.scope, [Wish(wish) for _ in range(orders)])
    await shop.bus.send(shop.scope, ShipOrder(placed[0].order_id))
    await shop.bus.send(shop.scope, CancelOrder(placed[1].order_id, version=1))
    line_id = await shop.first_line_of(placed[2].order_id)
    await shop.bus.send(shop.scope, ChangeOrder(placed[2].order_id, 1, ((line_id, 1),)))
    first: OrderId = placed[0].order_id
    return first


async def rows(shop: Shop, projection: Projection) -> dict[str, list[Row]]:
    async def look(db: Reader) -> dict[str, list[Row]]:
        return {
            table.name: sorted(await db.all(Statement(scoped(table))), key=repr)
            for table in projection.tables
        }

    return await shop.bus.ask(shop.scope, look)


async def test_sales_and_timelines_follow_the_trade(shop: Shop) -> None:
    first = await trade(shop)
    await build_worker(shop.bus).settle()
    (day,) = await shop.bus.ask(shop.scope, sales_days, FIRST, LAST)
    assert (day.currency, day.orders, day.units, day.amount) == ("GBP", 11, 21, 10500)
    told = await shop.bus.ask(shop.scope, timeline, first)
    assert told[0].name == "order.placed"
    assert (told[0].status, told[0].amount, told[0].currency) == ("pending_shipment", 1000, "GBP")
    assert {"shipment.moved", "order.status_changed"} <= {entry.name for entry in told}
    other = Scope(TenantId(uuid4()), SYSTEM)
    assert await shop.bus.ask(other, timeline, first) == []
    assert await shop.bus.ask(other, sales_days, FIRST, LAST) == []


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda one: one.name)
async def test_a_dropped_projection_comes_out_equal(shop: Shop, projection: Projection) -> None:
    await trade(shop)
    worker = build_worker(shop.bus)
    await worker.settle()
    before = await rows(shop, projection)
    assert all(before.values())
    assert await compare(shop.bus, projection, shop.scope, published()) == []

    async def drop(work: Work) -> None:
        for table in projection.tables:
            await work.run(Statement(scoped_delete(table)))

    await shop.bus.within(shop.scope, drop)
    missing = await compare(shop.bus, projection, shop.scope, published())
    assert len(missing) == sum(map(len, before.values()))
    assert await rows(shop, projection) == {name: [] for name in before}
    assert await rebuild(shop.bus, projection, shop.scope, published()) > 0
    assert await rows(shop, projection) == before
    await trade_on(shop)
    await worker.settle()
    assert await rows(shop, projection) != before
    assert await compare(shop.bus, projection, shop.scope, published()) == []


async def trade_on(shop: Shop) -> None:
    wish = PlaceOrder(Basket(lines=(Wanted(1, sku="tea"),), ship_to=HOME))
    await shop.bus.send(shop.scope, wish)


async def test_a_rebuild_takes_in_what_the_consumer_has_not_seen_yet_once(shop: Shop) -> None:
    await trade(shop)
    worker = build_worker(shop.bus)
    await worker.settle()
    await trade_on(shop)
    await worker.sequencer.drain()
    await worker.sequencer.resign()
    await rebuild(shop.bus, SALES_BY_DAY, shop.scope, published())
    (day,) = await shop.bus.ask(shop.scope, sales_days, FIRST, LAST)
    assert (day.orders, day.units) == (12, 22)
    await worker.settle()
    assert await shop.bus.ask(shop.scope, sales_days, FIRST, LAST) == [day]


async def test_a_row_that_was_tampered_with_is_named(shop: Shop) -> None:
    await trade(shop)
    await build_worker(shop.bus).settle()
    wrong = Statement(scoped_update(sales_by_day).values(amount=sales_by_day.c.amount + 1))

    async def tamper(work: Work) -> None:
        await work.run(wrong)

    await shop.bus.within(shop.scope, tamper)
    found = await compare(shop.bus, SALES_BY_DAY, shop.scope, published())
    assert [(one.table, one.stands) for one in found] == [
        ("sales_by_day", True),
        ("sales_by_day", False),
    ]
