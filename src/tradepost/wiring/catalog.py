"""The catalogue in the house. Others look articles up by ``Articles(bound.work)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradepost.catalog import commands
from tradepost.catalog.ports import Categories, Products, Revisions, ShelfPrices, Vendors
from tradepost.catalog.storage import SqlCategories, SqlProducts, SqlRevisions
from tradepost.platform.bus import Bound
from tradepost.wiring.open_vendors import OpenVendors
from tradepost.wiring.prices import GuestPrices

HANDLERS = commands.HANDLERS


def shelf_for(bound: Bound) -> commands.Shelf:
    """The way that changes of one product go."""
    vendors = OpenVendors(bound)
    return commands.Shelf(SqlProducts(bound.work), vendors, bound.facts, bound.ids)


BINDINGS: dict[type, Callable[[Bound], Any]] = {
    Categories: lambda bound: SqlCategories(bound.work),
    ShelfPrices: GuestPrices,
    Products: lambda bound: SqlProducts(bound.work),
    commands.Shelf: shelf_for,
    Revisions: lambda bound: SqlRevisions(bound.work),
    Vendors: OpenVendors,
}
