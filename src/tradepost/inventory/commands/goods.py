"""Goods that come, and stock that is put right: receipts and adjustments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from tradepost.inventory.commands.books import Books
from tradepost.inventory.domain.bookings import Booking, GoodsLine, arriving, corrected
from tradepost.inventory.domain.known import Known
from tradepost.inventory.domain.stock import Cause, CauseKind, MovementKind
from tradepost.inventory.ports import Assortment
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import AdjustmentId, Ids, LocationId, ReceiptId
from tradepost.kernel.messages import Command
from tradepost.kernel.text import one_line

W = TypeVar("W", "ReceiveStock", "AdjustStock")


@dataclass(frozen=True, slots=True)
class ReceiveStock(Command):
    """Goods have arrived at a location; ``reference`` is the supplier's or whoever sent them."""

    location_id: LocationId
    lines: tuple[GoodsLine, ...]
    reference: str = ""


@dataclass(frozen=True, slots=True)
class AdjustStock(Command):
    """Goods were found (above zero) or lost (below), for a reason that is written down.

    ``wasted`` tells losses that were thrown away from those that are unaccounted for.
    """

    location_id: LocationId
    lines: tuple[GoodsLine, ...]
    reason: str
    wasted: bool = False


async def receive_stock(
    wishes: list[ReceiveStock], books: Books, assortment: Assortment, ids: Ids
) -> list[ReceiptId | Refusal]:
    """Book receipts in."""
    made = [ReceiptId(ids.new()) for _ in wishes]
    known = await _known(wishes, assortment)
    answers = await books.book(_each(_receipt, wishes, made, known))
    return [refusal or id for refusal, id in zip(answers, made, strict=True)]


async def adjust_stock(
    wishes: list[AdjustStock], books: Books, assortment: Assortment, ids: Ids
) -> list[AdjustmentId | Refusal]:
    """Book what was found or lost; more than is on hand cannot be lost, a count says so."""
    made = [AdjustmentId(ids.new()) for _ in wishes]
    known = await _known(wishes, assortment)
    answers = await books.book(_each(_adjustment, wishes, made, known))
    return [refusal or id for refusal, id in zip(answers, made, strict=True)]


async def _known(wishes: Sequence[ReceiveStock | AdjustStock], assortment: Assortment) -> Known:
    locations = {wish.location_id for wish in wishes}
    return await assortment.known(
        locations, {line.variant_id for wish in wishes for line in wish.lines}
    )


def _each(
    make: Callable[[W, UUID], Booking],
    wishes: list[W],
    ids: list[ReceiptId] | list[AdjustmentId],
    known: Known,
) -> list[Booking | Refusal]:
    bookings: list[Booking | Refusal] = []
    for wish, id in zip(wishes, ids, strict=True):
        try:
            known.check([wish.location_id], (line.variant_id for line in wish.lines))
            bookings.append(make(wish, id))
        except Refusal as refusal:
            bookings.append(refusal)
    return bookings


def _receipt(wish: ReceiveStock, id: UUID) -> Booking:
    reference = one_line(wish.reference, "reference", shortest=0)
    deltas = arriving(wish.location_id, wish.lines)
    cause = Cause(CauseKind.RECEIPT, id)
    return Booking(MovementKind.RECEIVE, cause, wish.at, reference, deltas)


def _adjustment(wish: AdjustStock, id: UUID) -> Booking:
    reason = one_line(wish.reason, "reason")
    deltas = corrected(wish.location_id, wish.lines)
    kind = MovementKind.WASTE if wish.wasted else MovementKind.ADJUST
    return Booking(kind, Cause(CauseKind.ADJUSTMENT, id), wish.at, reason, deltas)


HANDLERS = {ReceiveStock: receive_stock, AdjustStock: adjust_stock}
