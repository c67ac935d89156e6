"""The menu: what there is to eat, and what a portion costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tradepost.transfer import errors
from tradepost.transfer.restaurant.table import Columns, rows_of
from tradepost.transfer.retail import cells

COLUMNS: Columns = ("menu_item_id", "item_name", "category", "price")


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A dish; its price in millionths of the major unit."""

    id: str
    name: str
    category: str
    price_micros: int


def menu_items(text: Iterable[str]) -> dict[str, MenuItem]:
    """The dishes of a menu by their identifiers.

    :raises Refusal: of ``transfer.errors``, with line and column.
    """
    found: dict[str, MenuItem] = {}
    for number, (id, name, category, price) in rows_of(text, COLUMNS):
        item_id, item_name = id.strip(), name.strip()
        if not item_id or item_id in found:
            raise errors.NotAnItem(number, "menu_item_id", id[:80])
        if not item_name or not category.strip():
            raise errors.NotAnItem(number, "item_name", name[:80])
        try:
            micros = cells.price_micros(price.strip())
        except cells.Rejected as rejected:
            raise rejected.reason(number, "price", price[:80]) from None
        found[item_id] = MenuItem(item_id, item_name, category.strip(), micros)
    return found
