"""Orders on both stores: promised, let go, shipped in one go or in parts, come back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.inventory.room import NOON, Allocate, LetGo, Room, Ship, TakeBack
from tradepost.inventory.domain.demand import Allocation
from tradepost.inventory.domain.dispatch import (
    Dispatch,
    DispatchLine,
    PutBack,
    PutBackLine,
    Release,
)
from tradepost.inventory.domain.reservations import ReservationState
from tradepost.inventory.domain.stock import MovementKind
from tradepost.inventory.errors import NotAllocated, NotOnHand, Shortage
from tradepost.inventory.queries import availability, on_hand_of
from tradepost.kernel.ids import LocationId, OrderId, OrderLineId, RandomIds, ReturnId, ShipmentId

_ids = RandomIds()


async def test_an_order_is_promised_shipped_and_comes_back(room: Room) -> None:
    shirt, mug = await room.variant(10), await room.variant(3)
    order = await room.order((shirt, 4), (mug, 3))
    assert (await room.stock(shirt)).available == 6
    assert (await room.stock(mug)).allocated == 3
    shipment = await room.ship(order)
    stock = await room.stock(shirt)
    assert (stock.on_hand, stock.allocated, stock.available) == (6, 0, 6)
    back = (PutBackLine(shirt, room.main, 2), PutBackLine(mug, room.main, 1, restock=False))
    returned = ReturnId(_ids.new())
    await room.send(TakeBack(PutBack(returned, back, NOON, reason="torn")))
    books = await room.books()
    assert books.stocks[(room.main, shirt)].on_hand == 8
    assert books.stocks[(room.main, mug)].on_hand == 0
    assert all(r.state is ReservationState.CONSUMED for r in books.reservations)
    sold = [m for m in books.movements if m.cause_id == shipment]
    assert sorted((m.variant_id, m.kind, m.delta) for m in sold) == sorted(
        [(shirt, MovementKind.SALE, -4), (mug, MovementKind.SALE, -3)]
    )
    came = [(m.kind, m.delta, m.reason) for m in books.movements if m.cause_id == returned]
    assert sorted(came) == [("return", 1, "torn"), ("return", 2, "torn"), ("waste", -1, "torn")]


async def test_all_lines_or_none(room: Room) -> None:
    shirt, mug = await room.variant(10), await room.variant(1)
    with pytest.raises(Shortage) as refused:
        await room.order((shirt, 1), (mug, 2))
    assert (refused.value.variant_id, refused.value.wanted, refused.value.available) == (
        str(mug),
        2,
        1,
    )
    with pytest.raises(Shortage):
        await room.order((await room.variant(), 1))
    books = await room.books()
    assert books.reservations == []
    assert [fact.name for fact in books.facts] == ["inventory.updated"] * 2


async def test_lines_of_one_variant_are_summed_before_they_are_checked(room: Room) -> None:
    mug = await room.variant(5)
    with pytest.raises(Shortage) as refused:
        await room.order((mug, 3), (mug, 3))
    assert refused.value.wanted == 6
    order = await room.order((mug, 3), (mug, 2))
    assert [line.quantity for line in order.lines] == [3, 2]
    assert (await room.stock(mug)).available == 0


async def test_a_batch_is_served_in_order_of_arrival(room: Room) -> None:
    mug, shirt = await room.variant(5), await room.variant(5)
    wishes = [room.demand((mug, 3)), room.demand((mug, 3), (shirt, 1)), room.demand((mug, 2))]
    first, second, third = await room.send_all(*map(Allocate, wishes))
    assert isinstance(first, Allocation) and isinstance(third, Allocation)
    assert isinstance(second, Shortage) and second.available == 2
    books = await room.books()
    assert books.stocks[(room.main, shirt)].allocated == 0
    levels = [f for f in books.facts if f.stream == "order" and f.name == "inventory.updated"]
    assert [(f.stream_id, f.body["levels"][0]["available"]) for f in levels] == [
        (first.order_id, 2),
        (third.order_id, 0),
    ]


async def test_one_place_that_has_everything_is_preferred(room: Room) -> None:
    near, far = LocationId(_ids.new()), LocationId(_ids.new())
    shirt, mug = await room.variant(5, near), await room.variant(5, far)
    await room.receive(shirt, 5, far)
    both = (near, far)
    whole = await room.order((shirt, 1), (mug, 1), locations=both)
    assert {line.location_id for line in whole.lines} == {far}
    apart = await room.order((shirt, 5), (mug, 1), locations=both)
    assert [line.location_id for line in apart.lines] == [near, far]


async def test_a_line_is_split_when_no_place_has_enough(room: Room) -> None:
    near, far = LocationId(_ids.new()), LocationId(_ids.new())
    mug = await room.variant(3, near)
    await room.receive(mug, 4, far)
    order = await room.order((mug, 2), (mug, 4), locations=(near, far))
    assert [(line.location_id, line.quantity) for line in order.lines] == [
        (near, 2),
        (near, 1),
        (far, 3),
    ]
    first, second = order.lines[0].line_id, order.lines[1].line_id
    parcel = (DispatchLine(first, 2), DispatchLine(second, 3, far))
    await room.send(Ship(Dispatch(order.order_id, ShipmentId(_ids.new()), parcel, NOON)))
    assert (await room.stock(mug, near)).on_hand == 1
    assert (await room.stock(mug, near)).allocated == 1
    assert (await room.stock(mug, far)).on_hand == 1
    with pytest.raises(Shortage):
        await room.order((mug, 2), locations=(near, far))


async def test_parts_are_shipped_until_nothing_is_left(room: Room) -> None:
    mug = await room.variant(10)
    order = await room.order((mug, 6))
    await room.ship(order, 2)
    stock = await room.stock(mug)
    assert (stock.on_hand, stock.allocated, stock.available) == (8, 4, 4)
    await room.ship(order, 4)
    books = await room.books()
    assert sorted(r.quantity for r in books.reservations) == [2, 4]
    assert not books.active()
    with pytest.raises(NotAllocated):
        await room.ship(order, 1)
    assert (await room.stock(mug)).on_hand == 4


async def test_two_parcels_of_an_order_in_one_batch(room: Room) -> None:
    mug = await room.variant(10)
    order = await room.order((mug, 5))
    (line,) = order.lines
    parcels = [
        Ship(
            Dispatch(order.order_id, ShipmentId(_ids.new()), (DispatchLine(line.line_id, n),), NOON)
        )
        for n in (2, 4, 3)
    ]
    first, second, third = await room.send_all(*parcels)
    assert first is True and third is True
    assert isinstance(second, NotAllocated) and second.allocated == 3
    books = await room.books()
    assert sorted(r.quantity for r in books.reservations) == [2, 3]
    assert books.stocks[(room.main, mug)].on_hand == 5 and not books.active()


async def test_what_is_let_go_is_free_again(room: Room) -> None:
    mug, shirt = await room.variant(10), await room.variant(2)
    order = await room.order((mug, 6), (shirt, 2))
    part = Release(order.order_id, NOON, 2, ((order.lines[0].line_id, 2),))
    await room.send(LetGo(part))
    assert (await room.stock(mug)).allocated == 4
    await room.ship(order, 1, 0)
    await room.send(LetGo(Release(order.order_id, NOON, 4)))
    books = await room.books()
    assert books.stocks[(room.main, mug)].available == 9
    assert books.stocks[(room.main, shirt)].available == 2
    assert not books.active()
    assert await room.send(LetGo(Release(order.order_id, NOON, 5)))
    released = [f for f in books.facts if f.name == "inventory.released"]
    assert [(f.stream_id, f.version) for f in released] == [
        (order.order_id, 2),
        (order.order_id, 4),
    ]


async def test_more_than_is_promised_cannot_be_let_go(room: Room) -> None:
    mug = await room.variant(5)
    order = await room.order((mug, 2))
    too_many = Release(order.order_id, NOON, 2, ((order.lines[0].line_id, 3),))
    unknown = Release(OrderId(_ids.new()), NOON, 2, ((OrderLineId(_ids.new()), 1),))
    answers = await room.send_all(LetGo(too_many), LetGo(unknown))
    assert all(isinstance(answer, NotAllocated) for answer in answers)
    assert (await room.stock(mug)).allocated == 2


async def test_a_backorder_is_promised_at_the_first_place_and_ships_when_goods_come(
    room: Room,
) -> None:
    mug = await room.variant()
    order = await room.order((mug, 3), backorder=True)
    assert (await room.stock(mug)).available == -3
    with pytest.raises(NotOnHand):
        await room.ship(order)
    await room.receive(mug, 5)
    await room.ship(order)
    stock = await room.stock(mug)
    assert (stock.on_hand, stock.available, stock.received_total) == (2, 2, 5)
    with pytest.raises(Shortage):
        await room.order((mug, 3))


async def test_a_return_of_something_that_never_lay_there(room: Room) -> None:
    mug = await room.variant()
    lines = (PutBackLine(mug, room.main, 2),)
    await room.send(TakeBack(PutBack(ReturnId(_ids.new()), lines, NOON)))
    stock = await room.stock(mug)
    assert (stock.on_hand, stock.received_total) == (2, 0)


async def test_what_shops_and_replays_read(room: Room) -> None:
    mug, never = await room.variant(10), await room.variant()
    far = LocationId(_ids.new())
    await room.receive(mug, 5, far)
    await room.order((mug, 4))
    free = await room.bus.ask(room.scope, availability, [mug, never])
    assert {(f.location_id, f.available) for f in free} == {(room.main, 6), (far, 5)}
    totals = await room.bus.ask(room.scope, on_hand_of, [mug, never])
    assert {v: (t.available, t.received_total) for v, t in totals.items()} == {mug: (11, 15)}


async def test_a_shop_without_a_location_has_nothing_to_promise(room: Room) -> None:
    mug = await room.variant(5)
    wish = replace(room.demand((mug, 1), backorder=True), locations=())
    with pytest.raises(Shortage) as refused:
        await room.send(Allocate(wish))
    assert refused.value.available == 0
