"""Whole checkouts through a lane: the last unit is sold once, and the laws hold."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from typing import Any

import pytest

from tests import stores
from tests.journeys.spine import Shop, open_shop
from tests.lanes.pads import person
from tradepost.events.inventory import ReservationWithdrawn
from tradepost.kernel.errors import MayNot
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.ordering.commands import AddToCart, OpenCart, PlaceOrder
from tradepost.ordering.commands.answers import Placed
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain import Address, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import NotOnSale, SoldOut
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.lanes import Lanes
from tradepost.platform.outbox import outbox
from tradepost.wiring.doctor import LAWS, View, Visit, examine
from tradepost.wiring.parts import build_bus

HOME = Address(country="GB", name="A. Shopper", line1="1 High Street", city="Leeds")
_FACTS = Statement(scoped(outbox, outbox.c.stream_id, outbox.c.request_id))
_NAMED = Statement(
    scoped(outbox, outbox.c.body, outbox.c.request_id).where(outbox.c.name == param("name"))
)


def basket(*lines: tuple[str, int]) -> PlaceOrder:
    """A wish for so many of each article."""
    return PlaceOrder(Basket(tuple(Wanted(n, sku=sku) for sku, n in lines), ship_to=HOME))


async def ordered(shop: Shop, *wishes: PlaceOrder) -> list[Any]:
    """What each of as many shoppers was answered, who came at once."""
    tenant_id = shop.scope.tenant_id
    sent = (
        shop.bus.send(person(tenant_id, n), wish, key=f"order-{n:010}")
        for n, wish in enumerate(wishes)
    )
    return await asyncio.gather(*sent, return_exceptions=True)


def _kind(sql: str) -> str:
    return " ".join(sql.split()[:3])


async def is_sound(store: Store, shop: Shop) -> None:
    laws = [law for law in LAWS if law.view is View.TENANT]
    report = await examine(store, laws, [Visit(shop.scope.tenant_id, "shop")])
    assert report.holds, report.breaches


async def test_fifty_units_for_two_hundred_shoppers(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", stock=50)
    Lanes(shop.bus)
    answers = await ordered(shop, *[basket(("lamp", 1))] * 200)
    assert Counter(type(one) for one in answers) == {Placed: 50, SoldOut: 150}
    numbers = [one.number for one in answers if isinstance(one, Placed)]
    assert numbers == list(range(1001, 1051)), "in the order in which they came"
    again = await ordered(shop, *[basket(("lamp", 1))] * 200)
    shown = [one if isinstance(one, Placed) else one.facts() for one in again]
    assert shown == [one if isinstance(one, Placed) else one.facts() for one in answers]
    await is_sound(store, shop)


async def test_two_processes_sell_no_unit_twice(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", stock=50)
    await shop.article("shade", stock=500)
    other = Shop(build_bus(store), shop.scope, shop.store_id, shop.location_id)
    Lanes(shop.bus)
    Lanes(other.bus)
    tenant_id = shop.scope.tenant_id
    sent = (
        (shop, other)[n % 2].bus.send(
            person(tenant_id, n), basket(("lamp", 1), ("shade", 1 + n % 3)), key=f"order-{n:010}"
        )
        for n in range(200)
    )
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert Counter(type(one) for one in answers) == {Placed: 50, SoldOut: 150}
    await is_sound(store, shop)


async def test_one_more_than_there_is_is_refused_alone(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", stock=10)
    await shop.article("shade", stock=100)
    Lanes(shop.bus)
    answers = await ordered(
        shop,
        basket(("lamp", 4), ("shade", 1)),
        basket(("shade", 1), ("lamp", 7)),  # one more than the six that are left
        basket(("lamp", 6)),
        basket(("lamp", 1)),
        basket(("shade", 95), ("shade", 4)),
        basket(("nothing", 1)),
        basket(("shade", 1)),
    )
    kinds = [type(one) for one in answers]
    assert kinds == [Placed, SoldOut, Placed, SoldOut, Placed, NotOnSale, SoldOut]
    assert answers[1].facts() == {"sku": "lamp", "wanted": 7, "available": 6}
    await is_sound(store, shop)


async def test_each_order_is_put_down_to_its_shopper(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", stock=50)
    Lanes(shop.bus)
    placed = await ordered(shop, *[basket(("lamp", 1))] * 5)

    async def look(db: Reader) -> set[tuple[Any, ...]]:
        return set(await db.all(_FACTS))

    told = await shop.bus.ask(shop.scope, look)
    assert {(one.order_id, f"request-{n}") for n, one in enumerate(placed)} <= told
    mine = {one.order_id for one in placed}
    assert len([row for row in told if row[0] in mine]) == 5


async def test_what_a_cart_no_longer_waits_for_is_put_down_to_its_shopper(store: Store) -> None:
    shop = await open_shop(store, hold_starts="cart")
    await shop.article("lamp", stock=50)
    carts = []
    for _ in range(3):
        cart_id = (await shop.bus.send(shop.scope, OpenCart())).cart_id
        await shop.bus.send(shop.scope, AddToCart(cart_id, 1, sku="lamp"))
        await shop.bus.send(shop.scope, ChooseInCart(cart_id, "me@example.com", HOME))
        carts.append(cart_id)
    Lanes(shop.bus)
    placed = await ordered(shop, *(PlaceOrder(Basket(cart_id=one)) for one in carts))
    assert all(isinstance(one, Placed) for one in placed), placed

    async def look(db: Reader) -> list[Any]:
        rows = await db.all(_NAMED, name=ReservationWithdrawn.name)
        return [(json.loads(body)["cart_id"], request_id) for body, request_id in rows]

    told = await shop.bus.ask(shop.scope, look)
    assert sorted(told) == sorted((str(one), f"request-{n}") for n, one in enumerate(carts))


async def test_what_one_may_do_nobody_else_in_the_batch_may(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", "10.00", stock=50)
    Lanes(shop.bus)
    cheap = PlaceOrder(
        Basket((Wanted(1, sku="lamp", agreed_price_micros=5_000_000),), ship_to=HOME)
    )
    guest = Scope(shop.scope.tenant_id, Actor("guest"))
    clerk = Scope(
        shop.scope.tenant_id, Actor("staff", permissions=frozenset({"orders.price_override"}))
    )
    sent = (
        shop.bus.send(scope, cheap, key=f"cheap-{n:010}")
        for n, scope in enumerate((guest, clerk, guest, shop.scope))
    )
    answers: list[Any] = await asyncio.gather(*sent, return_exceptions=True)
    assert [type(one) for one in answers] == [MayNot, Placed, MayNot, Placed]
    assert [one.total for one in answers if isinstance(one, Placed)] == [500, 500]


async def test_a_cart_ordered_many_times_at_once_is_one_order(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", stock=50)
    Lanes(shop.bus)
    cart_id = (await shop.bus.send(shop.scope, OpenCart())).cart_id
    await shop.bus.send(shop.scope, AddToCart(cart_id, 2, sku="lamp"))
    await shop.bus.send(shop.scope, ChooseInCart(cart_id, "me@example.com", HOME))
    wish = PlaceOrder(Basket(cart_id=cart_id))
    sent = (shop.bus.send(shop.scope, wish, key=f"cart-{n:011}") for n in range(8))
    answers = await asyncio.gather(*sent)
    assert len({one.order_id for one in answers}) == 1
    await is_sound(store, shop)


async def test_a_batch_takes_as_many_statements_as_one(
    postgres_schema: tuple[str, str, str],
) -> None:
    _, app, relay = postgres_schema
    store = await PostgresStore.open(app, relay, lane_pool_size_max=1)
    shop = await open_shop(store)
    await shop.article("lamp", stock=500)
    Lanes(shop.bus)
    await ordered(shop, basket(("lamp", 1)))
    seen: list[str] = []
    async with store._lanes.acquire() as connection:  # the one that the lane will use
        connection.add_query_logger(lambda query: seen.append(query.query))
    scope = Scope(shop.scope.tenant_id, SYSTEM)

    async def all_of(first: int) -> list[Placed]:
        wishes = (
            shop.bus.send(scope, basket(("lamp", 1)), key=f"many-{n:011}")
            for n in range(first, first + 50)
        )
        return list(await asyncio.gather(*wishes))

    placed = await all_of(0)
    assert Counter(map(_kind, seen)) == {
        "BEGIN; SET LOCAL": 1,
        "SELECT variants.id, variants.product_id,": 1,
        "SELECT stocks.location_id, stocks.variant_id,": 1,
        "INSERT INTO document_numbers": 1,
        "WITH w0 AS": 1,  # the stock that changed, and all fresh rows of all tables
        "COMMIT": 1,
    }
    look = "SELECT idempotency_keys.route, idempotency_keys.principal,"
    assert await all_of(0) == placed, "undone, and answered with what was kept"
    seen.clear()
    await all_of(25)
    assert Counter(map(_kind, seen))[look] == 1, "the next ones ask first"
    assert Counter(map(_kind, seen))["COMMIT"] == 1
    await store.close()


async def test_a_batch_on_sqlite_repeats_nothing_but_rows() -> None:
    store = await stores.sqlite_store(None)
    shop = await open_shop(store)
    await shop.article("lamp", stock=500)
    Lanes(shop.bus)
    seen: list[str] = []

    def watch(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(seen.append)

    await store.run_script(watch)
    await ordered(shop, *[basket(("lamp", 1))] * 50)
    repeated = [sql for sql, n in Counter(map(_kind, seen)).items() if n > 1]
    assert all(sql.startswith("INSERT INTO") for sql in repeated), repeated
    assert sum(1 for sql in seen if sql.startswith(("SELECT", "UPDATE", "COMMIT"))) == 4
    await store.close()


@pytest.mark.parametrize("place", [0, 3, 6])
async def test_an_impossible_basket_in_any_place(store: Store, place: int) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", stock=50)
    Lanes(shop.bus)
    wishes = [basket(("lamp", 1)) for _ in range(7)]
    wishes[place] = PlaceOrder(Basket((Wanted(10**30, sku="lamp"),), ship_to=HOME))
    answers = await ordered(shop, *wishes)
    assert not isinstance(answers[place], Placed)
    assert all(isinstance(one, Placed) for n, one in enumerate(answers) if n != place)
    await is_sound(store, shop)
