"""A rush on one article: the last unit is sold once, and whoever comes too late is told at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from tests import stores
from tests.lanes.rush import Sale, open_sale, soon
from tests.web.market import open_market, order_of
from tradepost.inventory.commands.hot import MarkHot
from tradepost.inventory.commands.policies import AllowBackorder
from tradepost.kernel.ids import TenantId, VariantId
from tradepost.kernel.messages import GUEST, Scope
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import SoldOut
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.work import Store
from tradepost.wiring.rush import Gate, RushFigures

SHED = "tradepost_shed_total"
SHUT = "tradepost_gates_shut"
HOT_WISHES = "tradepost_hot_wishes_total"


@pytest.fixture(params=["sqlite", "postgresql"])
async def sale(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Sale]:
    """One process over SQLite, two over PostgreSQL."""
    store: Store
    urls: tuple[str, ...] = ()
    if request.param == "sqlite":
        store = await stores.sqlite_store(tmp_path / "store.sqlite")
    else:
        owner, *roles = request.getfixturevalue("lone_schema")
        await stores.empty(owner)
        urls = tuple(roles)
        store = await PostgresStore.open(*urls)
    async with open_sale(store, urls, hot_wishes_to_become=60) as opened:
        yield opened
    await store.close()


async def sold_out(sale: Sale, quantity: int = 1) -> None:
    """Have every house be told that there are no more lamps, and know it."""
    for n in range(100):
        if sale.figure(SHUT) == len(sale.houses):
            return
        await sale.order(n, order_of("lamp", quantity), key=f"too-late-{n:012}")
        await asyncio.sleep(0.02)
    raise AssertionError("a gate stays open")


async def test_two_hundred_come_for_fifty(sale: Sale) -> None:
    lamp = await sale.shop.article("lamp", stock=50)
    told = await sale.ordered(200)
    assert Counter(one.status_code for one in told) == {201: 50, 409: 150}
    assert {one.json()["code"] for one in told if one.status_code == 409} == {"ordering.sold_out"}
    await sale.is_sound()
    again = await sale.ordered(200)
    assert [one.status_code for one in again] == [one.status_code for one in told]
    orders = [one.json()["id"] for one in told if one.status_code == 201]
    assert [one.json()["id"] for one in again if one.status_code == 201] == orders
    await sold_out(sale)
    await sale.receive(lamp, 10)
    await soon(lambda: sale.figure(SHUT) == 0)
    told = await sale.ordered(20, first=2000)
    assert Counter(one.status_code for one in told) == {201: 10, 409: 10}
    await sale.is_sound()


async def test_whoever_comes_too_late_is_told_what_the_store_would_say(sale: Sale) -> None:
    await sale.shop.article("lamp", stock=2)
    first = await sale.ordered(3)
    real = next(one for one in first if one.status_code == 409)
    for first_late in range(100, 600, 100):  # a gate forgets what it knows after two seconds
        await sold_out(sale)
        known = sale.figure(SHED)
        late = await sale.ordered(50, first=first_late)
        if sale.figure(SHED) - known == 50:
            break
    else:
        raise AssertionError("never were all of them told at the gate")
    document = ("type", "title", "status", "code", "detail", "remedy", "sku", "available", "wanted")
    for one in late:
        assert one.headers["content-type"] == real.headers["content-type"]
        assert {name: one.json()[name] for name in document} == {
            name: real.json()[name] for name in document
        }
    await sale.is_sound()


async def test_a_repetition_is_told_its_order_at_any_house(sale: Sale) -> None:
    await sale.shop.article("lamp", stock=2)
    placed = (await sale.order(0, order_of("lamp"), key="placed-before-the-rush")).json()
    await sale.order(1, order_of("lamp"))
    await sold_out(sale)
    shed = sale.figure(SHED)
    for client in sale.clients:
        headers = {"idempotency-key": "placed-before-the-rush"}
        headers["x-guest-token"] = "guest-00000-" + "x" * 32
        again = await client.post("/api/v1/checkout", json=order_of("lamp"), headers=headers)
        assert (again.status_code, again.json()) == (201, placed)
        other = await client.post("/api/v1/checkout", json=order_of("lamp", 2), headers=headers)
        assert other.status_code in {409, 422}
    assert sale.figure(SHED) == shed


async def test_a_repetition_of_an_old_refusal_keeps_nobody_out(sale: Sale) -> None:
    lamp = await sale.shop.article("lamp", stock=1)
    await sale.ordered(1)
    late = await sale.order(1, order_of("lamp"), key="too-late-the-first-time")
    assert late.status_code == 409
    await sold_out(sale)
    await sale.receive(lamp, 50)
    await soon(lambda: sale.figure(SHUT) == 0)
    for n in range(1, 9, 2):
        again = await sale.order(1, order_of("lamp"), key="too-late-the-first-time")
        assert (again.status_code, again.json()["code"]) == (409, "ordering.sold_out")
        await asyncio.sleep(0.05)
        assert (await sale.order(100 + n, order_of("lamp"))).status_code == 201
    assert sale.figure(SHUT) == 0


async def test_only_wishes_like_the_one_that_was_refused_are_shed(sale: Sale) -> None:
    await sale.shop.article("lamp", stock=1)
    await sale.shop.article("mug", stock=100)
    await sale.ordered(1)
    await sold_out(sale)
    shed = sale.figure(SHED)
    homeless = order_of("lamp", ship_to=None)
    assert (await sale.order(10, homeless)).json()["code"] == "ordering.address_missing"
    unpaid = order_of("lamp", payment_method="gateway")
    assert (await sale.order(11, unpaid)).json()["code"] == "ordering.payment_method_unknown"
    assert (await sale.order(12, order_of("mug"))).status_code == 201
    assert sale.figure(SHED) == shed
    both = order_of("mug", lines=[{"sku": s, "quantity": 1} for s in ("mug", "LAMP")])
    assert (await sale.order(13, both)).json()["sku"] == "lamp"
    assert sale.figure(SHED) == shed + 1


async def test_what_may_be_promised_before_it_arrives_is_sold_on(sale: Sale) -> None:
    lamp = await sale.shop.article("lamp", stock=1)
    await sale.ordered(1)
    await sold_out(sale)
    wish = AllowBackorder(sale.shop.location_id, lamp, True)
    await sale.shop.bus.send(sale.shop.scope, wish)
    await soon(lambda: sale.figure(SHUT) == 0)
    told = await sale.ordered(5, first=100)
    assert {one.status_code for one in told} == {201}


async def test_hot_and_cold_stand_in_lanes_of_their_own(sale: Sale) -> None:
    lamp = await sale.shop.article("lamp", stock=50)
    await sale.shop.article("mug", stock=50)
    await sale.shop.bus.send(sale.shop.scope, MarkHot(lamp, True))
    told = await asyncio.gather(sale.ordered(40), sale.ordered(40, "mug", first=100))
    assert {one.status_code for part in told for one in part} == {201}
    assert sale.figure(HOT_WISHES) == 40
    for lane in ("PlaceOrder", "PlaceOrder hot"):
        sizes = [
            house.metrics.registry.get_sample_value(
                "tradepost_lane_batch_size_sum", {"command": lane}
            )
            for house in sale.houses
        ]
        assert sum(size or 0 for size in sizes) == 40
    await sale.is_sound()


async def test_what_many_want_gets_a_lane_of_its_own(sale: Sale) -> None:
    await sale.shop.article("lamp", stock=500)
    await sale.shop.article("mug", stock=500)
    told = await asyncio.gather(sale.ordered(150), sale.ordered(20, "mug", first=500))
    assert {one.status_code for part in told for one in part} == {201}
    await soon(lambda: sale.figure("tradepost_articles_warmed_total") > 0)
    for n in range(1000, 1200, 2):
        assert (await sale.order(n, order_of("LAMP"))).status_code == 201
        if sale.figure(HOT_WISHES):
            break
        await asyncio.sleep(0.02)
    before = sale.figure(HOT_WISHES)
    assert before == 1 == sale.figure("tradepost_hot_articles")
    assert (await sale.order(2000, order_of("mug"))).status_code == 201
    cart = (await sale.clients[0].post("/api/v1/carts")).json()
    place, opened = f"/api/v1/carts/{cart['id']}", {"x-cart-token": cart["token"]}
    body = order_of("lamp")
    (line,) = body.pop("lines")
    await sale.clients[0].post(f"{place}/lines", json=line, headers=opened)
    await sale.clients[0].put(f"{place}/choices", json=body, headers=opened)
    headers = opened | {"idempotency-key": "the-cart-of-a-guest"}
    placed = await sale.clients[0].post(f"{place}/checkout", json={}, headers=headers)
    assert placed.status_code == 201, placed.text
    assert sale.figure(HOT_WISHES) == before + 1
    await sale.is_sound()


def test_a_gate_opens_by_itself() -> None:
    figures = RushFigures(CollectorRegistry())
    now = [100.0]
    gate = Gate(2.0, figures, lambda: now[0])
    shop = TenantId(uuid4())
    lamp = VariantId(uuid4())
    basket = Basket((Wanted(1, variant_id=lamp),))
    wish = PlaceOrder(basket, by=Scope(shop, GUEST))
    gate.learn(shop, "lamp", lamp)
    gate.shut(wish, SoldOut("lamp", 1, 0), 100.5)
    assert gate.refusal_of(wish) is not None
    now[0] = 102.5
    assert gate.refusal_of(wish) is None
    now[0] = 103.0
    gate.moved(shop, [lamp])
    gate.shut(wish, SoldOut("lamp", 1, 0), 102.9)
    assert gate.refusal_of(wish) is None, "stock moved while the wish was on its way"
    gate.shut(wish, SoldOut("lamp", 3, 2), 103.1)
    assert gate.refusal_of(wish) is None, "two are left"
    gate.shut(wish, SoldOut("lamp", 1, 0), 103.1)
    assert gate.refusal_of(wish) is not None


async def test_who_holds_too_much_is_told_what_to_do(store: Store) -> None:
    market = await open_market(store, hold_starts="cart", held_quantity_per_customer_max=5)
    await market.shop.article("lamp", stock=500)
    told = []
    async with market.shopper() as client:
        for _ in range(2):
            cart = (await client.post("/api/v1/carts")).json()
            place, opened = f"/api/v1/carts/{cart['id']}/lines", {"x-cart-token": cart["token"]}
            line = {"sku": "lamp", "quantity": 4}
            told.append(await client.post(place, json=line, headers=opened))
    assert [one.status_code for one in told] == [200, 429]
    assert told[1].headers["retry-after"] == "1200"
    assert told[1].json()["code"] == "inventory.too_much_held"
    assert "held_quantity_per_customer_max" in told[1].json()["remedy"]
    refused = market.house.metrics.registry.get_sample_value("tradepost_hold_quota_refusals_total")
    assert refused == 1
