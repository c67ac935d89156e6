"""How stock of a variant is treated: safety stock, backorder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.inventory.commands.telling import tell_policies
from tradepost.inventory.domain.stock import Cause, CauseKind, Stock
from tradepost.inventory.ports import Assortment, Stocks
from tradepost.kernel.ids import Ids, LocationId, VariantId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.quantity import quantity_value


@dataclass(frozen=True, slots=True)
class SetSafetyStock(Command):
    """Keep so many units of a variant at a location back from every promise."""

    location_id: LocationId
    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class AllowBackorder(Command):
    """Let a variant be promised at a location before it arrives, or no longer."""

    location_id: LocationId
    variant_id: VariantId
    allowed: bool


async def set_safety_stock(
    wish: SetSafetyStock, stocks: Stocks, assortment: Assortment, facts: Facts, ids: Ids
) -> None:
    """Set it; what is promised already stays promised."""
    quantity = quantity_value(wish.quantity, at_least=0)
    found = await _at(wish, stocks, assortment)
    changed = replace(found, safety=quantity)
    await keep_policies([changed], wish.at, stocks, facts, ids)


async def allow_backorder(
    wish: AllowBackorder, stocks: Stocks, assortment: Assortment, facts: Facts, ids: Ids
) -> None:
    """Set it; promises that were made stay."""
    found = await _at(wish, stocks, assortment)
    changed = replace(found, allows_backorder=wish.allowed)
    await keep_policies([changed], wish.at, stocks, facts, ids)


async def _at(
    wish: SetSafetyStock | AllowBackorder, stocks: Stocks, assortment: Assortment
) -> Stock:
    place = (wish.location_id, wish.variant_id)
    known = await assortment.known({wish.location_id}, {wish.variant_id})
    known.check([wish.location_id], [wish.variant_id])
    return (await stocks.lock_or_open([place]))[place]


async def keep_policies(
    changed: Sequence[Stock], at: datetime, stocks: Stocks, facts: Facts, ids: Ids
) -> None:
    """Keep how locked stock is treated from an instant on, and tell it."""
    if changed:
        later = [replace(stock, version=stock.version + 1) for stock in changed]
        await stocks.save_policies(later)
        tell_policies(facts, Cause(CauseKind.STOCK_SETTING, ids.new()), at, later)


HANDLERS = {
    SetSafetyStock: set_safety_stock,
    AllowBackorder: allow_backorder,
}
