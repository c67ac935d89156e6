"""Buyers at the same time, on real transactions of PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.inventory.room import NOON, Allocate, Room, build
from tradepost.inventory.commands.carts import GrantReservations, HoldForCart, RequestReservation
from tradepost.inventory.commands.expiry import ExpireHolds
from tradepost.inventory.domain.demand import Allocation
from tradepost.inventory.domain.holds import CartHold, HoldLine, HoldTerms
from tradepost.inventory.errors import Shortage
from tradepost.kernel.ids import CartId, CartLineId, TenantId, VariantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.postgres import PostgresStore


@pytest.fixture
async def room(postgres_schema: tuple[str, str, str], tenant_id: TenantId) -> AsyncIterator[Room]:
    _, app, relay = postgres_schema
    store = await PostgresStore.open(app, relay, pool_size_max=20)
    yield Room(build(store), Scope(tenant_id, SYSTEM))
    await store.close()


async def test_twenty_buyers_of_five_units(room: Room) -> None:
    mug = await room.variant(5)
    wishes = [room.send(Allocate(room.demand((mug, 1)))) for _ in range(20)]
    said = await asyncio.gather(*wishes, return_exceptions=True)
    assert sum(isinstance(one, Allocation) for one in said) == 5
    assert sum(isinstance(one, Shortage) for one in said) == 15
    assert (await room.stock(mug)).available == 0


async def test_buyers_who_name_the_same_goods_in_any_order_never_deadlock(room: Room) -> None:
    goods = [await room.variant(8) for _ in range(4)]
    wishes = [
        room.send(Allocate(room.demand(*((goods[(n + i * step) % 4], 1) for i in range(3)))))
        for n in range(4)
        for step in (1, -1)
    ]
    said = await asyncio.gather(*wishes)
    assert all(isinstance(one, Allocation) for one in said)
    books = await room.books()
    assert sum(stock.allocated for stock in books.stocks.values()) == 24


async def test_goods_that_arrive_at_a_new_place_from_many_sides(room: Room) -> None:
    mug = await room.variant()
    await asyncio.gather(*(room.receive(mug, 1) for _ in range(10)))
    stock = await room.stock(mug)
    assert (stock.on_hand, stock.received_total, stock.version) == (10, 10, 10)


async def test_selling_shipping_and_losing_at_once(room: Room) -> None:
    mug = await room.variant(30)
    orders = [await room.order((mug, 1)) for _ in range(10)]
    await asyncio.gather(
        *(room.ship(order) for order in orders),
        *(room.order((mug, 1)) for _ in range(10)),
        *(room.adjust(mug, -1) for _ in range(5)),
    )
    stock = await room.stock(mug)
    assert (stock.on_hand, stock.allocated, stock.available) == (15, 10, 5)


async def test_a_parcel_sent_twice_at_once_leaves_once(room: Room) -> None:
    mug = await room.variant(5)
    order = await room.order((mug, 2))
    said = await asyncio.gather(room.ship(order), room.ship(order), return_exceptions=True)
    assert sum(isinstance(one, Exception) for one in said) == 1
    assert (await room.stock(mug)).on_hand == 3


def _held(room: Room, mug: VariantId, quantity: int, line: CartLineId, cart: CartId) -> CartHold:
    terms = HoldTerms(minutes=10)
    return CartHold(cart, 1, (HoldLine(line, mug, quantity),), (room.main,), terms, NOON)


async def test_sweepers_buyers_and_workers_free_nothing_twice(room: Room) -> None:
    mug = await room.variant(10)
    for _ in range(10):
        cart, line = CartId(room.ids.new()), CartLineId(room.ids.new())
        await room.send(HoldForCart(_held(room, mug, 1, line, cart), at=NOON))
    late = NOON + timedelta(minutes=10)
    said = await asyncio.gather(
        *(room.send(ExpireHolds(most=3, at=late)) for _ in range(4)),
        *(room.send(Allocate(room.demand((mug, 1), at=late), at=late)) for _ in range(14)),
        return_exceptions=True,
    )
    swept = sum(one for one in said if isinstance(one, int))
    assert not [one for one in said if isinstance(one, Exception) and not isinstance(one, Shortage)]
    await room.send(ExpireHolds(at=late))
    stock = await room.stock(mug)
    assert stock.held == 0 and swept <= 10
    assert stock.allocated == sum(isinstance(one, Allocation) for one in said) <= 10


async def test_workers_that_share_a_lane_hold_each_line_once(room: Room) -> None:
    mug = await room.variant(30)
    carts = [(CartId(room.ids.new()), CartLineId(room.ids.new())) for _ in range(20)]
    wishes = [RequestReservation(_held(room, mug, 2, line, cart), at=NOON) for cart, line in carts]
    await asyncio.gather(*map(room.send, wishes))
    served = await asyncio.gather(
        *(room.send(GrantReservations(most=4, at=NOON)) for _ in range(8)),
        *(room.send(wish) for wish in wishes[:5]),
    )
    assert sum(one or 0 for one in served) <= 20
    while await room.send(GrantReservations(most=4, at=NOON)):
        pass
    stock = await room.stock(mug)
    assert (stock.held, stock.available) == (30, 0)
    books = await room.books()
    assert len({r.owner_id for r in books.active()}) == len(books.active()) == 15


async def test_a_cart_is_ordered_while_a_worker_holds_for_it(room: Room) -> None:
    mug = await room.variant(1)
    cart, line = CartId(room.ids.new()), CartLineId(room.ids.new())
    await room.send(RequestReservation(_held(room, mug, 1, line, cart), at=NOON))
    await asyncio.gather(
        room.send(GrantReservations(at=NOON)),
        room.send(Allocate(room.demand((mug, 1), cart=cart), at=NOON)),
    )
    stock = await room.stock(mug)
    assert (stock.held, stock.allocated) == (0, 1)
