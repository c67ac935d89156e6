"""Receipts and adjustments on both stores, and the shortfalls they raise."""

from __future__ import annotations

import pytest

from tests.inventory.room import NOON, Room
from tradepost.inventory.commands.goods import AdjustStock, ReceiveStock
from tradepost.inventory.domain.bookings import LINES_MAX, GoodsLine
from tradepost.inventory.domain.stock import MovementKind
from tradepost.inventory.errors import NotOnHand, TooManyLines, TooMuchStock
from tradepost.kernel.errors import BadQuantity, BadText, Refusal
from tradepost.kernel.ids import VariantId
from tradepost.kernel.quantity import LARGEST


async def test_a_batch_of_receipts_is_booked_once_for_each(room: Room) -> None:
    mug, shirt = await room.variant(), await room.variant()
    first, second = await room.send_all(
        ReceiveStock(room.main, (GoodsLine(mug, 3), GoodsLine(mug, 2)), "note 1", at=NOON),
        ReceiveStock(room.main, (GoodsLine(mug, 1), GoodsLine(shirt, 7)), "note 2", at=NOON),
    )
    books = await room.books()
    stock = books.stocks[(room.main, mug)]
    assert (stock.on_hand, stock.received_total, stock.version) == (6, 6, 2)
    booked = sorted((m.cause_id, m.variant_id, m.delta, m.reason) for m in books.movements)
    assert booked == sorted(
        [
            (first, mug, 3, "note 1"),
            (first, mug, 2, "note 1"),
            (second, mug, 1, "note 2"),
            (second, shirt, 7, "note 2"),
        ]
    )
    told = [(f.stream, f.stream_id, f.version, len(f.body["levels"])) for f in books.facts]
    assert told == [("receipt", first, 1, 1), ("receipt", second, 1, 2)]


async def test_found_lost_and_wasted(room: Room) -> None:
    mug = await room.variant(5)
    await room.adjust(mug, 3)
    await room.adjust(mug, -6)
    await room.adjust(mug, -1, wasted=True)
    books = await room.books()
    stock = books.stocks[(room.main, mug)]
    assert (stock.on_hand, stock.received_total) == (1, 5)
    kinds = sorted((m.kind, m.delta) for m in books.movements)
    assert kinds == [("adjust", -6), ("adjust", 3), (MovementKind.RECEIVE, 5), ("waste", -1)]


async def test_more_than_is_there_cannot_be_lost(room: Room) -> None:
    mug, shirt = await room.variant(2), await room.variant(2)
    lost = AdjustStock(room.main, (GoodsLine(shirt, -1), GoodsLine(mug, -3)), "lost", at=NOON)
    found = AdjustStock(room.main, (GoodsLine(mug, 1),), "found", at=NOON)
    refused, booked = await room.send_all(lost, found)
    assert isinstance(refused, NotOnHand) and (refused.wanted, refused.on_hand) == (3, 2)
    assert not isinstance(booked, Refusal)
    assert (await room.stock(shirt)).on_hand == 2
    assert (await room.stock(mug)).on_hand == 3


async def test_a_loss_below_what_is_promised_is_booked_and_raised(room: Room) -> None:
    mug = await room.variant(10)
    first, second, third = [await room.order((mug, 3)) for _ in range(3)]
    await room.adjust(mug, -1)
    assert "inventory.short" not in {fact.name for fact in (await room.books()).facts}
    adjustment = await room.adjust(mug, -5)
    books = await room.books()
    stock = books.stocks[(room.main, mug)]
    assert (stock.on_hand, stock.allocated, stock.available) == (4, 9, -5)
    (short,) = [fact for fact in books.facts if fact.name == "inventory.short"]
    assert (short.stream, short.version) == ("shortfall", 1)
    assert (short.body["document"], short.body["document_id"]) == ("adjustment", str(adjustment))
    assert short.body["missing"] == 5
    touched = set(short.body["order_ids"])
    assert len(touched) == 2 and touched <= {str(o.order_id) for o in (first, second, third)}
    await room.ship(first)


@pytest.mark.parametrize("quantity", [0, -1, LARGEST + 1, True, 1.5, "3"])
async def test_quantities_that_no_receipt_may_have(room: Room, quantity: int) -> None:
    mug = await room.variant(1)
    with pytest.raises(BadQuantity):
        await room.receive(mug, quantity)
    assert (await room.stock(mug)).on_hand == 1


async def test_an_adjustment_says_how_much_and_why(room: Room) -> None:
    mug = await room.variant(1)
    with pytest.raises(BadQuantity):
        await room.adjust(mug, 0)
    with pytest.raises(BadText):
        await room.send(AdjustStock(room.main, (GoodsLine(mug, 1),), " ", at=NOON))
    with pytest.raises(BadQuantity):
        await room.send(AdjustStock(room.main, (), "why", at=NOON))
    assert len((await room.books()).movements) == 1


async def test_limits_hold(room: Room) -> None:
    lines = tuple(GoodsLine(VariantId(room.main), 1) for _ in range(LINES_MAX + 1))
    with pytest.raises(TooManyLines):
        await room.send(ReceiveStock(room.main, lines, at=NOON))
    mug = await room.variant()
    full = tuple(GoodsLine(mug, LARGEST) for _ in range(LINES_MAX))
    await room.send(ReceiveStock(room.main, full, at=NOON))
    with pytest.raises(TooMuchStock):
        await room.receive(mug, 1)
    assert (await room.stock(mug)).on_hand == LARGEST * LINES_MAX
