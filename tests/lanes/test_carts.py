"""Carts through lanes: filled by many at once, by one many times at once, and with mistakes."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests import stores
from tests.journeys.spine import Shop, open_shop
from tests.lanes.pads import person
from tests.lanes.test_checkout import HOME
from tradepost.events.inventory import ReservationRequested
from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import CartId, CustomerId
from tradepost.kernel.messages import Actor, Command
from tradepost.ordering.commands import AddToCart, OpenCart, PlaceOrder, SetCartQuantity
from tradepost.ordering.commands.answers import Placed
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import BadQuantity, NotOnSale
from tradepost.ordering.queries import cart_page
from tradepost.ordering.storage.carts import FIND, load_cart
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.granting import Wish
from tradepost.platform.idempotency import idempotency_keys
from tradepost.platform.lanes import LaneMetrics, Lanes
from tradepost.platform.outbox import outbox
from tradepost.platform.telemetry.metrics import Metrics
from tradepost.wiring.parts import build_bus

_KEPT = Statement(scoped(idempotency_keys, idempotency_keys.c.answer))
_TOLD = Statement(scoped(outbox, outbox.c.name, outbox.c.stream_id, outbox.c.request_id))


async def at_once(shop: Shop, *wishes: Command) -> list[Any]:
    """What each of as many people was answered."""
    tenant_id = shop.scope.tenant_id
    sent = (shop.bus.send(person(tenant_id, n), wish) for n, wish in enumerate(wishes))
    return await asyncio.gather(*sent, return_exceptions=True)


async def in_cart(shop: Shop, cart_id: CartId) -> tuple[int, list[int]]:
    """Version and quantities of a cart."""

    async def look(db: Reader) -> tuple[int, list[int]]:
        row = await db.one(FIND, ids=[cart_id])
        assert row is not None
        cart = load_cart(row)
        return cart.version, [line.quantity for line in cart.lines]

    return await shop.bus.ask(shop.scope, look)


@pytest.fixture
async def shop(store: Store) -> Shop:
    shop = await open_shop(store)
    await shop.article("lamp", stock=500)
    Lanes(shop.bus)
    return shop


async def test_many_shoppers_fill_their_carts_and_order(shop: Shop) -> None:
    opened = await at_once(shop, *[OpenCart()] * 10)
    carts = [one.cart_id for one in opened]
    assert len(set(carts)) == 10
    filled = await at_once(shop, *(AddToCart(one, 2, sku="lamp") for one in carts))
    assert [(one.cart_id, one.version) for one in filled] == [(one, 2) for one in carts]
    await at_once(shop, *(ChooseInCart(one, "me@example.com", HOME) for one in carts))
    placed = await at_once(shop, *(PlaceOrder(Basket(cart_id=one)) for one in carts))
    assert [type(one) for one in placed] == [Placed] * 10
    assert {one.total for one in placed} == {2000}

    async def look(db: Reader) -> set[tuple[str, UUID, str]]:
        return {(row[0], row[1], row[2]) for row in await db.all(_TOLD)}

    told = await shop.bus.ask(shop.scope, look)
    assert {("cart.changed", one, f"request-{n}") for n, one in enumerate(carts)} <= told
    mine = set(carts) | {one.order_id for one in placed}
    assert all(request for _, document, request in told if document in mine)


async def test_one_cart_takes_what_is_put_in_at_once(shop: Shop) -> None:
    (opened,) = await at_once(shop, OpenCart())
    answers = await at_once(shop, *[AddToCart(opened.cart_id, 1, sku="lamp")] * 8)
    assert [one.version for one in answers] == list(range(2, 10))
    assert await in_cart(shop, opened.cart_id) == (9, [8])


@pytest.mark.parametrize("place", [0, 2, 4])
async def test_a_mistake_is_refused_alone(shop: Shop, place: int) -> None:
    opened = await at_once(shop, *[OpenCart()] * 4)
    good: list[Command] = [AddToCart(one.cart_id, 1, sku="lamp") for one in opened]
    bad = {
        NotOnSale: AddToCart(opened[0].cart_id, 1, sku="nothing"),
        BadQuantity: AddToCart(opened[0].cart_id, -100, sku="lamp"),
        Unknown: AddToCart(opened[0].cart_id, 1, sku="lamp", customer_id=CustomerId(uuid4())),
    }
    for kind, wish in bad.items():
        answers = await at_once(shop, *good[:place], wish, *good[place:])
        assert type(answers.pop(place)) is kind
        assert [one.cart_id for one in answers] == [one.cart_id for one in opened]
    for one in opened:
        assert await in_cart(shop, one.cart_id) == (4, [3])


async def test_who_changes_an_older_version_is_told(shop: Shop) -> None:
    (opened,) = await at_once(shop, OpenCart())
    cart_id = opened.cart_id
    await at_once(shop, AddToCart(cart_id, 1, sku="lamp"))

    async def look(db: Reader) -> Any:
        row = await db.one(FIND, ids=[cart_id])
        assert row is not None
        return load_cart(row).lines[0].id

    line_id = await shop.bus.ask(shop.scope, look)
    first, second = await at_once(
        shop,
        SetCartQuantity(cart_id, line_id, 5, version=2),
        SetCartQuantity(cart_id, line_id, 7, version=2),
    )
    assert first.version == 3 and isinstance(second, Stale)
    assert await in_cart(shop, cart_id) == (3, [5])


async def test_a_shop_that_holds_at_the_cart_hears_who_asked(store: Store) -> None:
    shop = await open_shop(store, hold_starts="cart")
    await shop.article("lamp", stock=500)
    Lanes(shop.bus)
    opened = await at_once(shop, *[OpenCart()] * 3)
    await at_once(shop, *(AddToCart(one.cart_id, 1, sku="lamp") for one in opened))

    async def look(db: Reader) -> list[str]:
        return [row[2] for row in await db.all(_TOLD) if row[0] == ReservationRequested.name]

    asked = await shop.bus.ask(shop.scope, look)
    assert sorted(asked) == ["request-0", "request-1", "request-2"]


async def test_many_carts_cost_as_many_reads_as_one() -> None:
    store = await stores.sqlite_store(None)
    shop = await open_shop(store)
    await shop.article("lamp", stock=500)
    Lanes(shop.bus)
    opened = await at_once(shop, *[OpenCart()] * 20)
    seen: list[str] = []

    def watch(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(seen.append)

    await store.run_script(watch)
    counts = []
    for count in (1, 20):
        seen.clear()
        await at_once(shop, *(AddToCart(one.cart_id, 1, sku="lamp") for one in opened[:count]))
        counts.append([sql[:40] for sql in seen if sql.startswith(("SELECT", "COMMIT"))])
    assert len(counts[0]) == len(counts[1])
    await store.close()


async def test_a_guests_cart_opens_with_its_first_line(shop: Shop) -> None:
    cart_id = CartId(uuid4())
    first, second = await at_once(shop, *[AddToCart(cart_id, 1, sku="lamp")] * 2)
    assert (first.version, second.version) == (1, 2)
    assert [one.quantity for one in second.page.lines] == [2]
    assert await in_cart(shop, cart_id) == (2, [2])
    theirs = AddToCart(CartId(uuid4()), 1, sku="lamp", customer_id=CustomerId(uuid4()))
    (refused,) = await at_once(shop, theirs)
    assert isinstance(refused, Unknown)


async def test_what_is_answered_is_what_is_shown(shop: Shop) -> None:
    """The page that comes with a change is the one that a look at the cart tells."""
    (opened,) = await at_once(shop, OpenCart())
    for wish in (
        AddToCart(opened.cart_id, 2, sku="lamp"),
        ChooseInCart(opened.cart_id, "me@example.com", HOME),
    ):
        (answer,) = await at_once(shop, wish)
        shown = await shop.bus.ask(shop.scope, cart_page, opened.cart_id, None)
        assert answer.page == shown
    assert answer.page.total == 2000 and not answer.page.problems


async def test_changes_of_all_kinds_travel_together(store: Store) -> None:
    """One batch, whoever adds, chooses or sets: the fresh cart and the old one alike."""
    shop = await open_shop(store)
    await shop.article("lamp", stock=500)
    metrics = Metrics()
    Lanes(shop.bus, figures=LaneMetrics(metrics.registry))
    opened = await at_once(shop, *[OpenCart()] * 2)
    (filled,) = await at_once(shop, AddToCart(opened[0].cart_id, 1, sku="lamp"))
    (line,) = filled.page.lines
    answers = await at_once(
        shop,
        AddToCart(opened[1].cart_id, 1, sku="lamp"),
        SetCartQuantity(opened[0].cart_id, line.id, 5),
        ChooseInCart(CartId(uuid4()), "me@example.com", HOME),
        AddToCart(opened[1].cart_id, 1, sku="lamp"),
    )
    assert [one.version for one in answers] == [2, 3, 1, 3]
    told = metrics.text().decode()
    assert 'tradepost_lane_batch_size_count{command="ChangeCart"} 2.0' in told
    assert 'tradepost_lane_batch_size_sum{command="ChangeCart"} 5.0' in told


async def test_keys_are_looked_up_by_what_was_wished(shop: Shop) -> None:
    """Kinds that travel together keep their keys apart, and each repetition is told its answer."""
    send_all, scope = shop.bus.send_all, shop.scope
    cart_id = CartId(uuid4())
    add, choose = AddToCart(cart_id, 1, sku="lamp"), ChooseInCart(cart_id, "a@example.com", HOME)
    first = await send_all(scope, [Wish(add, "the same key"), Wish(choose, "the same key")])
    assert [one.version for one in first] == [1, 2]
    again = await send_all(
        scope, [Wish(add, "another key"), Wish(choose, "the same key"), Wish(add, "the same key")]
    )
    assert [one.version for one in again] == [3, 2, 1]
    assert await in_cart(shop, cart_id) == (3, [2])


async def test_what_is_kept_under_a_key_names_nobody(shop: Shop) -> None:
    chosen = ChooseInCart(CartId(uuid4()), "me@example.com", HOME)
    await shop.bus.send(shop.scope, chosen, key="a-key-of-somebody")

    async def look(db: Reader) -> list[str]:
        return [row[0] for row in await db.all(_KEPT)]

    (kept,) = await shop.bus.ask(shop.scope, look)
    assert "version" in kept and "me@" not in kept and HOME.city not in kept


async def test_a_fresh_cart_is_opened_by_two_processes_at_once(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", stock=500)
    other = replace(shop, bus=build_bus(store))
    Lanes(shop.bus)
    Lanes(other.bus)
    for _ in range(5):
        add = AddToCart(CartId(uuid4()), 1, sku="lamp")
        answers = await asyncio.gather(at_once(shop, add), at_once(other, add))
        assert sorted(one.version for (one,) in answers) == [1, 2]


async def test_a_person_who_comes_six_times_at_once_holds_no_more(store: Store) -> None:
    shop = await open_shop(store, hold_starts="cart", held_quantity_per_customer_max=5)
    await shop.article("lamp", stock=100)
    Lanes(shop.bus)
    bot = replace(shop.scope, actor=Actor("guest", origin="192.0.2.7"))
    wishes = [AddToCart(CartId(uuid4()), 3, sku="lamp") for _ in range(6)]
    sent = (shop.bus.send(replace(bot, request_id=str(n)), one) for n, one in enumerate(wishes))
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert [type(one).__name__ for one in answers].count("TooMuchHeld") == 5
