"""Carts hold stock on both stores: asked for, granted by a worker, prolonged, expired, used."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.inventory.room import NOON, Allocate, Room
from tradepost.inventory.commands.carts import (
    GrantReservations,
    HoldForCart,
    ReleaseCart,
    RequestReservation,
)
from tradepost.inventory.commands.expiry import ExpireHolds
from tradepost.inventory.domain.demand import Allocation
from tradepost.inventory.domain.holds import CartHold, HoldLine, HoldTerms
from tradepost.inventory.domain.reservations import ReservationState
from tradepost.inventory.errors import Shortage
from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import CartId, CartLineId, LocationId, RandomIds, VariantId

_ids = RandomIds()
TEN_MINUTES = HoldTerms(minutes=10, extensions_max=1)


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


class Basket:
    """A cart whose lines tests change."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.id = CartId(_ids.new())
        self.version = 0
        self.lines: dict[VariantId, HoldLine] = {}

    def wish(self, quantities: dict[VariantId, int]) -> CartHold:
        self.version += 1
        for variant, quantity in quantities.items():
            known = self.lines.get(variant, HoldLine(CartLineId(_ids.new()), variant, 0))
            self.lines[variant] = HoldLine(known.line_id, variant, quantity)
        lines = tuple(line for line in self.lines.values() if line.quantity)
        return CartHold(self.id, self.version, lines, (self.room.main,), TEN_MINUTES, NOON)

    async def hold(self, quantities: dict[VariantId, int], at: datetime = NOON) -> None:
        await self.room.send(HoldForCart(self.wish(quantities), at=at))

    async def ask(self, quantities: dict[VariantId, int], at: datetime = NOON) -> None:
        await self.room.send(RequestReservation(self.wish(quantities), at=at))


async def served(room: Room, at: datetime = NOON, *, is_hot: bool = False) -> int:
    taken: int = await room.send(GrantReservations(is_hot=is_hot, at=at))
    return taken


async def names(room: Room) -> list[str]:
    books = await room.books()
    return [f.name.removeprefix("inventory.") for f in books.facts if f.stream != "receipt"]


async def test_a_request_is_filed_and_granted(room: Room) -> None:
    mug, basket = await room.variant(5), Basket(room)
    await basket.ask({mug: 3})
    assert (await room.stock(mug)).held == 0
    assert await served(room) == 1
    assert await served(room) == 0
    stock = await room.stock(mug)
    assert (stock.held, stock.available) == (3, 2)
    (hold,) = (await room.books()).active()
    assert (hold.owner_id, hold.expires_at) == (basket.id, later(10))
    assert await names(room) == ["reservation.requested", "reserved", "updated"]


async def test_what_cannot_be_held_is_rejected_line_by_line(room: Room) -> None:
    mug, shirt, basket = await room.variant(5), await room.variant(1), Basket(room)
    await basket.ask({mug: 3, shirt: 2})
    await served(room)
    assert (await room.stock(mug)).held == 3
    assert (await room.stock(shirt)).held == 0
    (rejected,) = [
        f for f in (await room.books()).facts if f.name == "inventory.reservation.rejected"
    ]
    assert [(line["quantity"], line["available"]) for line in rejected.body["lines"]] == [(2, 1)]


async def test_the_worker_serves_carts_in_the_order_in_which_they_asked(room: Room) -> None:
    mug = await room.variant(5)
    baskets = [Basket(room) for _ in range(4)]
    for minute, basket in enumerate(baskets):
        await basket.ask({mug: 2}, later(minute))
    assert await room.send(GrantReservations(most=3, at=later(5))) == 3
    books = await room.books()
    assert {r.owner_id for r in books.active()} == {baskets[0].id, baskets[1].id}
    assert await served(room, later(5)) == 1
    assert (await room.stock(mug)).available == 1


async def test_only_what_changed_in_a_cart_is_asked_for_again(room: Room) -> None:
    mug, shirt, basket = await room.variant(5), await room.variant(5), Basket(room)
    await basket.ask({mug: 2})
    await served(room)
    await basket.ask({shirt: 1}, later(1))
    await basket.ask({}, later(2))
    assert await served(room, later(3)) == 1
    await basket.ask({mug: 1, shirt: 0}, later(4))
    await served(room, later(4))
    assert (await room.stock(mug)).held == 1
    assert (await room.stock(shirt)).held == 0


async def test_the_last_word_of_a_cart_counts(room: Room) -> None:
    mug, basket = await room.variant(5), Basket(room)
    for quantity in (1, 4, 2):
        await basket.ask({mug: quantity})
    await basket.ask({})
    assert await served(room) == 1
    assert (await room.stock(mug)).held == 2
    assert (await names(room)).count("reservation.withdrawn") == 2


async def test_hot_goods_wait_in_a_lane_of_their_own(room: Room) -> None:
    mug, shirt, basket = await room.variant(5), await room.variant(5), Basket(room)
    await room.mark_hot(shirt)
    await basket.ask({mug: 1, shirt: 1})
    assert await served(room, is_hot=True) == 1
    assert (await room.stock(shirt)).held == 1
    assert (await room.stock(mug)).held == 0
    assert await served(room, is_hot=False) == 1
    assert (await room.stock(mug)).held == 1


async def test_a_cart_holds_at_once_all_or_nothing(room: Room) -> None:
    mug, shirt, basket = await room.variant(5), await room.variant(1), Basket(room)
    with pytest.raises(Shortage):
        await basket.hold({mug: 1, shirt: 2})
    assert (await room.books()).reservations == []
    await basket.hold({shirt: 1})
    await basket.hold({mug: 5})
    with pytest.raises(Shortage):
        await basket.hold({mug: 6})
    await basket.hold({mug: 2})
    assert (await room.stock(mug)).available == 3


async def test_activity_prolongs_a_hold_only_so_often(room: Room) -> None:
    mug, shirt, basket = await room.variant(5), await room.variant(5), Basket(room)
    await basket.hold({mug: 1})
    for minute, until in ((4, 14), (9, 19), (15, 20), (18, 20)):
        await basket.ask({shirt: minute % 3 + 1}, later(minute))
        ends = {r.expires_at for r in (await room.books()).active() if r.variant_id == mug}
        assert ends == {later(until)}
    await basket.hold({mug: 2}, later(19))
    ends = {r.expires_at for r in (await room.books()).active() if r.variant_id == mug}
    assert ends == {later(20)}


async def test_a_sweep_frees_what_ran_out_and_nothing_twice(room: Room) -> None:
    mug = await room.variant(9)
    baskets = [Basket(room) for _ in range(4)]
    for minute, basket in enumerate(baskets):
        await basket.hold({mug: 2}, later(minute))
    assert await room.send(ExpireHolds(at=later(9))) == 0
    assert await room.send(ExpireHolds(most=2, at=later(12))) == 2
    assert await room.send(ExpireHolds(most=2, at=later(12))) == 1
    assert await room.send(ExpireHolds(most=2, at=later(12))) == 0
    books = await room.books()
    assert [r.owner_id for r in books.active()] == [baskets[3].id]
    assert books.stocks[(room.main, mug)].available == 7
    expired = [f for f in books.facts if f.name == "inventory.reservation.expired"]
    assert [len(f.body["lines"]) for f in expired] == [2, 1]
    with pytest.raises(BadValue):
        await room.send(ExpireHolds(most=0))


async def test_the_next_buyer_frees_in_passing_what_ran_out(room: Room) -> None:
    mug, shirt = await room.variant(5), await room.variant(5)
    old, living, own = Basket(room), Basket(room), Basket(room)
    await old.hold({mug: 2, shirt: 1})
    await living.hold({mug: 1}, later(5))
    await own.hold({mug: 1}, later(0))
    order = await room.send(
        Allocate(room.demand((mug, 4), at=later(12), cart=own.id), at=later(12))
    )
    assert isinstance(order, Allocation)
    with pytest.raises(Shortage):
        await room.order((mug, 1), at=later(12))
    books = await room.books()
    stock = books.stocks[(room.main, mug)]
    assert (stock.held, stock.allocated, stock.available) == (1, 4, 0)
    assert books.stocks[(room.main, shirt)].held == 1
    states = {(r.owner_id, r.variant_id): r.state for r in books.reservations}
    assert states[(old.id, mug)] is ReservationState.EXPIRED
    assert states[(own.id, mug)] is ReservationState.RELEASED


async def test_a_new_hold_frees_in_passing_too(room: Room) -> None:
    mug = await room.variant(2)
    await Basket(room).hold({mug: 2})
    await Basket(room).hold({mug: 1}, later(10))
    stock = await room.stock(mug)
    assert (stock.held, stock.available) == (1, 1)


async def test_a_cart_s_holds_turn_into_its_order(room: Room) -> None:
    mug, shirt, basket = await room.variant(2), await room.variant(2), Basket(room)
    await basket.hold({mug: 2, shirt: 1})
    await basket.ask({shirt: 2})
    with pytest.raises(Shortage):
        await room.order((mug, 1))
    await room.order((mug, 2), cart=basket.id)
    stock = await room.stock(mug)
    assert (stock.held, stock.allocated, stock.available) == (0, 2, 0)
    assert (await room.stock(shirt)).held == 0
    assert await served(room) == 0


async def test_a_refused_order_leaves_its_cart_what_it_holds(room: Room) -> None:
    mug, shirt, basket = await room.variant(2), await room.variant(1), Basket(room)
    await basket.hold({mug: 2})
    first, second = await room.send_all(
        Allocate(room.demand((mug, 2), (shirt, 2), cart=basket.id)),
        Allocate(room.demand((mug, 2), cart=basket.id)),
    )
    assert isinstance(first, Shortage) and first.variant_id == str(shirt)
    assert isinstance(second, Allocation)


async def test_a_hold_on_goods_that_got_lost_is_no_promise(room: Room) -> None:
    mug, basket = await room.variant(5), Basket(room)
    await basket.hold({mug: 4})
    await room.adjust(mug, -3)
    with pytest.raises(Shortage) as refused:
        await room.order((mug, 4), cart=basket.id)
    assert refused.value.available == 2
    await room.order((mug, 2), cart=basket.id)


async def test_a_cart_lets_go_of_everything(room: Room) -> None:
    mug, shirt, basket = await room.variant(5), await room.variant(5), Basket(room)
    await basket.hold({mug: 3})
    await basket.ask({shirt: 1})
    assert await room.send(ReleaseCart(basket.id, at=NOON)) == 3
    assert await room.send(ReleaseCart(basket.id, at=NOON)) == 0
    assert await served(room) == 0
    assert (await room.stock(mug)).available == 5


async def test_holds_are_spread_over_places(room: Room) -> None:
    far = LocationId(_ids.new())
    mug, basket = await room.variant(2), Basket(room)
    await room.receive(mug, 2, far)
    wish = basket.wish({mug: 3})
    both = CartHold(wish.cart_id, 1, wish.lines, (room.main, far), TEN_MINUTES, NOON)
    await room.send(HoldForCart(both, at=NOON))
    assert (await room.stock(mug)).held == 2
    assert (await room.stock(mug, far)).held == 1


async def test_a_batch_that_frees_in_passing_serves_nobody_twice(room: Room) -> None:
    mug = await room.variant(5)
    await Basket(room).hold({mug: 2})
    at = later(10)
    wishes = [Allocate(room.demand((mug, quantity), at=at), at=at) for quantity in (2, 3, 1)]
    first, second, third = await room.send_all(*wishes)
    assert isinstance(first, Allocation) and isinstance(second, Allocation)
    assert isinstance(third, Shortage)
    stock = await room.stock(mug)
    assert (stock.held, stock.allocated, stock.available) == (0, 5, 0)


async def test_a_hold_at_a_place_counts_when_one_place_can_serve_all(room: Room) -> None:
    far = LocationId(RandomIds().new())
    mug, shirt, basket = await room.variant(2), await room.variant(1), Basket(room)
    await room.receive(mug, 2, far)
    await basket.hold({mug: 2})
    order = await room.order((mug, 2), (shirt, 1), cart=basket.id, locations=(room.main, far))
    assert {line.location_id for line in order.lines} == {room.main}
