"""Stocktakes, transfers between locations and settled shortfalls, on both stores."""

from __future__ import annotations

import pytest

from tests.inventory.room import NOON, Room
from tradepost.inventory.commands.counts import (
    CancelCount,
    CloseCount,
    Counted,
    RecordCount,
    StartCount,
)
from tradepost.inventory.commands.shortfalls import SettleShortfall
from tradepost.inventory.commands.transfers import (
    CancelTransfer,
    DraftTransfer,
    ReceiveTransfer,
    SendTransfer,
)
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.inventory.domain.stock import MovementKind
from tradepost.inventory.errors import NotOnHand, SameLocation, Shortage
from tradepost.kernel.errors import BadQuantity, BadText, Stale, Unknown
from tradepost.kernel.ids import CountId, LocationId, RandomIds, ShortfallId, TransferOrderId
from tradepost.kernel.states import WrongState

_ids = RandomIds()


async def told(room: Room, stream: str) -> list[tuple[str, int]]:
    facts = [fact for fact in (await room.books()).facts if fact.stream == stream]
    return [(fact.name.removeprefix("inventory."), fact.version) for fact in facts]


async def test_a_count_books_what_it_found_whatever_was_sold_meanwhile(room: Room) -> None:
    mug, shirt, hat = await room.variant(10), await room.variant(5), await room.variant()
    order = await room.order((mug, 4))
    count = await room.send(StartCount(room.main, "spring", at=NOON))
    lines = (Counted(mug, 1), Counted(shirt, 6), Counted(hat, 2))
    await room.send(RecordCount(count, lines, 1, at=NOON))
    again = (Counted(mug, 9), Counted(hat, 0))
    assert await room.send(RecordCount(count, again, at=NOON)) == 3
    await room.ship(order)
    await room.receive(shirt, 10)
    assert (await room.stock(mug)).on_hand == 6
    assert await room.send(CloseCount(count, 3, at=NOON)) == 4
    assert (await room.stock(mug)).on_hand == 5
    assert (await room.stock(shirt)).on_hand == 16
    books = await room.books()
    counted = [(m.variant_id, m.delta, m.reason) for m in books.movements if m.kind == "count"]
    assert sorted(counted) == sorted([(mug, -1, "spring"), (shirt, 1, "spring")])
    assert await told(room, "count") == [
        ("count.started", 1),
        ("count.recorded", 2),
        ("count.recorded", 3),
        ("updated", 4),
        ("count.closed", 4),
    ]
    with pytest.raises(WrongState):
        await room.send(RecordCount(count, lines, at=NOON))


async def test_a_count_below_what_is_promised_raises_a_shortfall(room: Room) -> None:
    mug = await room.variant(5)
    order = await room.order((mug, 4))
    count = await room.send(StartCount(room.main, at=NOON))
    await room.send(RecordCount(count, (Counted(mug, 1),), at=NOON))
    await room.send(CloseCount(count, at=NOON))
    stock = await room.stock(mug)
    assert (stock.on_hand, stock.allocated, stock.available) == (1, 4, -3)
    (short,) = [f for f in (await room.books()).facts if f.name == "inventory.short"]
    assert short.body["order_ids"] == [str(order.order_id)]
    assert (short.body["missing"], short.body["document"]) == (3, "count")
    id = ShortfallId(short.stream_id)
    with pytest.raises(BadText):
        await room.send(SettleShortfall(id, ""))
    with pytest.raises(Stale):
        await room.send(SettleShortfall(id, "the customer waits", version=2))
    assert await room.send(SettleShortfall(id, "the customer waits", version=1)) == 2
    with pytest.raises(WrongState):
        await room.send(SettleShortfall(id, "again"))
    assert await told(room, "shortfall") == [("short", 1), ("shortfall.settled", 2)]


async def test_goods_counted_as_gone_that_were_sold_must_be_counted_again(room: Room) -> None:
    mug = await room.variant(5)
    order = await room.order((mug, 3))
    count = await room.send(StartCount(room.main, at=NOON))
    await room.send(RecordCount(count, (Counted(mug, 0),), at=NOON))
    await room.ship(order)
    with pytest.raises(NotOnHand):
        await room.send(CloseCount(count, at=NOON))
    await room.send(RecordCount(count, (Counted(mug, 1),), at=NOON))
    await room.send(CloseCount(count, at=NOON))
    assert (await room.stock(mug)).on_hand == 1


async def test_a_cancelled_count_books_nothing(room: Room) -> None:
    mug = await room.variant(5)
    count = await room.send(StartCount(room.main, at=NOON))
    await room.send(RecordCount(count, (Counted(mug, 0),), at=NOON))
    with pytest.raises(Stale):
        await room.send(CancelCount(count, version=1, at=NOON))
    await room.send(CancelCount(count, version=2, at=NOON))
    with pytest.raises(WrongState):
        await room.send(CloseCount(count, at=NOON))
    with pytest.raises(Unknown):
        await room.send(CloseCount(CountId(_ids.new()), at=NOON))
    assert (await room.stock(mug)).on_hand == 5


@pytest.mark.parametrize("quantity", [-1, 1.5, True])
async def test_figures_that_nobody_can_count(room: Room, quantity: int) -> None:
    mug = await room.variant(5)
    count = await room.send(StartCount(room.main, at=NOON))
    with pytest.raises(BadQuantity):
        await room.send(RecordCount(count, (Counted(mug, quantity),), at=NOON))
    with pytest.raises(BadQuantity):
        await room.send(RecordCount(count, (), at=NOON))


async def test_goods_go_from_place_to_place(room: Room) -> None:
    far = LocationId(_ids.new())
    mug, shirt = await room.variant(10), await room.variant(10)
    goods = (GoodsLine(mug, 3), GoodsLine(shirt, 4), GoodsLine(mug, 2))
    transfer = await room.send(DraftTransfer(room.main, far, goods, at=NOON))
    assert (await room.stock(mug)).on_hand == 10
    await room.send(SendTransfer(transfer, at=NOON))
    assert (await room.stock(mug)).on_hand == 5
    too_many = (GoodsLine(mug, 6),)
    with pytest.raises(BadQuantity):
        await room.send(ReceiveTransfer(transfer, too_many, at=NOON))
    came = (GoodsLine(mug, 5), GoodsLine(shirt, 3))
    assert await room.send(ReceiveTransfer(transfer, came, 2, at=NOON)) == 3
    assert (await room.stock(mug, far)).on_hand == 5
    assert (await room.stock(shirt, far)).on_hand == 3
    assert (await room.stock(shirt)).on_hand == 6
    assert (await room.stock(mug, far)).received_total == 0
    with pytest.raises(WrongState):
        await room.send(ReceiveTransfer(transfer, came, at=NOON))
    assert await told(room, "transfer_order") == [
        ("transfer.drafted", 1),
        ("updated", 2),
        ("transfer.sent", 2),
        ("updated", 3),
        ("transfer.received", 3),
    ]


async def test_only_what_is_promised_to_nobody_may_be_sent(room: Room) -> None:
    far = LocationId(_ids.new())
    mug = await room.variant(5)
    await room.order((mug, 2))
    transfer = await room.send(DraftTransfer(room.main, far, (GoodsLine(mug, 4),), at=NOON))
    with pytest.raises(Shortage) as refused:
        await room.send(SendTransfer(transfer, at=NOON))
    assert (refused.value.wanted, refused.value.available) == (4, 3)
    await room.send(CancelTransfer(transfer, at=NOON))
    assert (await room.stock(mug)).on_hand == 5


async def test_a_transfer_that_is_called_off_on_its_way_comes_back(room: Room) -> None:
    far = LocationId(_ids.new())
    mug = await room.variant(5)
    transfer = await room.send(DraftTransfer(room.main, far, (GoodsLine(mug, 4),), at=NOON))
    await room.send(SendTransfer(transfer, version=1, at=NOON))
    with pytest.raises(Stale):
        await room.send(CancelTransfer(transfer, version=1, at=NOON))
    await room.send(CancelTransfer(transfer, version=2, at=NOON))
    stock = await room.stock(mug)
    assert (stock.on_hand, stock.received_total) == (5, 5)
    kinds = [m.kind for m in (await room.books()).movements]
    assert sorted(kinds) == sorted(
        [MovementKind.RECEIVE, MovementKind.TRANSFER_OUT, MovementKind.TRANSFER_IN]
    )


async def test_transfers_that_lead_nowhere(room: Room) -> None:
    mug = await room.variant(5)
    with pytest.raises(SameLocation):
        await room.send(DraftTransfer(room.main, room.main, (GoodsLine(mug, 1),)))
    far = LocationId(_ids.new())
    for lines in ((), (GoodsLine(mug, 0),)):
        with pytest.raises(BadQuantity):
            await room.send(DraftTransfer(room.main, far, lines))
    with pytest.raises(Unknown):
        await room.send(SendTransfer(TransferOrderId(_ids.new())))
    with pytest.raises(Unknown):
        await room.send(SettleShortfall(ShortfallId(_ids.new()), "what?"))
