"""Stocktakes: begun, counted line by line, closed or given up."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.inventory import (
    CountCancelled,
    CountClosed,
    CountedStock,
    CountRecorded,
    CountStarted,
)
from tradepost.inventory.commands.books import Books
from tradepost.inventory.domain.bookings import Booking, check_count
from tradepost.inventory.domain.counts import CountState, StockCount, counted_lines, differences
from tradepost.inventory.domain.stock import Cause, CauseKind, MovementKind
from tradepost.inventory.ports import Assortment, Counts, Stocks
from tradepost.kernel.ids import CountId, Ids, LocationId, VariantId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.quantity import quantity_value
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class StartCount(Command):
    """Begin to count at a location."""

    location_id: LocationId
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of a variant; none is a number too."""

    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class RecordCount(Command):
    """Note what was counted; a variant counted again replaces what was noted of it."""

    count_id: CountId
    lines: tuple[Counted, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CloseCount(Command):
    """Book what counting found, whatever orders were promised."""

    count_id: CountId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CancelCount(Command):
    """Give the count up; nothing is booked."""

    count_id: CountId
    version: int | None = None


async def start_count(
    wish: StartCount, counts: Counts, assortment: Assortment, facts: Facts, ids: Ids
) -> CountId:
    """Open a count."""
    (await assortment.known({wish.location_id}, ())).check([wish.location_id])
    note = one_line(wish.note, "note", shortest=0)
    count = StockCount(CountId(ids.new()), wish.location_id, note, CountState.OPEN, wish.at)
    counts.add(count)
    facts.tell(CountStarted(count.id, count.location_id), count.version, wish.at)
    return count.id


async def record_count(
    wish: RecordCount, counts: Counts, stocks: Stocks, assortment: Assortment, facts: Facts
) -> int:
    """Note the figures beside what the books say now; answers the count's new version."""
    check_count(wish.lines)
    count = (await counts.lock(wish.count_id)).after("record", wish.version)
    found = {one.variant_id: quantity_value(one.quantity, at_least=0) for one in wish.lines}
    (await assortment.known((), found)).check((), found)
    shelf = await stocks.lock_or_open([(count.location_id, variant) for variant in found])
    lines = counted_lines(count, found, shelf, wish.at)
    await counts.put(lines)
    await counts.save(count)
    told = tuple(CountedStock(line.variant_id, line.counted, line.expected) for line in lines)
    facts.tell(CountRecorded(count.id, told), count.version, wish.at)
    return count.version


async def close_count(wish: CloseCount, counts: Counts, books: Books, facts: Facts) -> int:
    """Book the differences; :class:`NotOnHand` where goods that were counted as gone were sold.

    That line must be counted again. Answers the count's new version.
    """
    count = (await counts.lock(wish.count_id)).after("close", wish.version)
    deltas = differences(count, await counts.lines(count.id))
    cause = Cause(CauseKind.COUNT, count.id, count.version)
    booking = Booking(MovementKind.COUNT, cause, wish.at, count.note, deltas)
    for refusal in await books.book([booking]):
        if refusal:
            raise refusal
    await counts.save(count)
    facts.tell(CountClosed(count.id), count.version, wish.at)
    return count.version


async def cancel_count(wish: CancelCount, counts: Counts, facts: Facts) -> int:
    """Give it up; answers the count's new version."""
    count = (await counts.lock(wish.count_id)).after("cancel", wish.version)
    await counts.save(count)
    facts.tell(CountCancelled(count.id), count.version, wish.at)
    return count.version


HANDLERS = {
    StartCount: start_count,
    RecordCount: record_count,
    CloseCount: close_count,
    CancelCount: cancel_count,
}
