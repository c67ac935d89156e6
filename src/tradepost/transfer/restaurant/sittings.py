"""Sittings: the lines of one order together. A line is one portion; some name no dish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tradepost.transfer import errors
from tradepost.transfer.restaurant.menu import MenuItem
from tradepost.transfer.restaurant.table import Columns, rows_of

COLUMNS: Columns = ("order_id", "order_date", "order_time", "item_id")
NO_ITEM: Final = frozenset({"", "NULL"})
"""What stands in place of a dish where nobody wrote one down."""
TIME_ZONE: Final = "UTC"
"""The file names no zone; its clock is taken as it stands."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """An order of the file: its dishes in order, and how many of its lines name none."""

    order: str
    opened_at: datetime
    dishes: tuple[MenuItem, ...]
    nameless: int

    @property
    def lines(self) -> int:
        """Lines of the file."""
        return len(self.dishes) + self.nameless


def sittings(text: Iterable[str], menu: Mapping[str, MenuItem]) -> Iterator[Sitting]:
    """The orders of a file, whose lines stand together.

    :raises Refusal: of ``transfer.errors``, with line and column, after all orders before it.
    """
    open_one: Sitting | None = None
    seen: set[str] = set()
    for number, (order, day, time, item) in rows_of(text, COLUMNS):
        at = _instant(number, day, time)
        if open_one is not None and open_one.order != order:
            yield open_one
            open_one = None
        if open_one is None:
            if not order.isascii() or not order.isdigit() or order in seen:
                raise errors.NotASitting(number, "order_id", order[:80])
            seen.add(order)
            open_one = Sitting(order, at, (), 0)
        open_one = _with(open_one, _dish(number, item, menu))
    if open_one is not None:
        yield open_one


def _with(one: Sitting, dish: MenuItem | None) -> Sitting:
    if dish is None:
        return Sitting(one.order, one.opened_at, one.dishes, one.nameless + 1)
    return Sitting(one.order, one.opened_at, (*one.dishes, dish), one.nameless)


def _dish(number: int, item: str, menu: Mapping[str, MenuItem]) -> MenuItem | None:
    if item.strip() in NO_ITEM:
        return None
    found = menu.get(item.strip())
    if found is None:
        raise errors.NotOnTheMenu(number, "item_id", item[:80])
    return found


def _instant(number: int, day: str, time: str) -> datetime:
    try:
        return datetime.strptime(f"{day} {time}", "%d-%m-%Y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise errors.NotADate(number, "order_date", f"{day} {time}"[:80]) from None
