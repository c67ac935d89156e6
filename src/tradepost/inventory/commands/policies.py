"""How stock of a variant is treated: safety stock, backorder, hot goods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class MarkHot(Command):
    """Give a variant a lane of its own wherever it lies, or take it back."""

    variant_id: VariantId
    is_hot: bool


async def set_safety_stock(
    wish: SetSafetyStock, stocks: Stocks, assortment: Assortment, facts: Facts, ids: Ids
) -> None:
    """Set it; what is promised already stays promised."""
    quantity = quantity_value(wish.quantity, at_least=0)
    found = await _at(wish, stocks, assortment)
    changed = replace(found, safety=quantity)
    await _keep([changed], wish, stocks, facts, ids.new())


async def allow_backorder(
    wish: AllowBackorder, stocks: Stocks, assortment: Assortment, facts: Facts, ids: Ids
) -> None:
    """Set it; promises that were made stay."""
    found = await _at(wish, stocks, assortment)
    changed = replace(found, allows_backorder=wish.allowed)
    await _keep([changed], wish, stocks, facts, ids.new())


async def mark_hot(
    wish: MarkHot, stocks: Stocks, assortment: Assortment, facts: Facts, ids: Ids
) -> int:
    """Set it everywhere; at how many locations."""
    known = await assortment.known(set(), {wish.variant_id})
    known.check([], [wish.variant_id])
    found = await stocks.lock_everywhere(wish.variant_id)
    changed = [replace(stock, is_hot=wish.is_hot) for stock in found]
    await _keep(changed, wish, stocks, facts, ids.new())
    return len(changed)


async def _at(
    wish: SetSafetyStock | AllowBackorder, stocks: Stocks, assortment: Assortment
) -> Stock:
    place = (wish.location_id, wish.variant_id)
    known = await assortment.known({wish.location_id}, {wish.variant_id})
    known.check([wish.location_id], [wish.variant_id])
    return (await stocks.lock_or_open([place]))[place]


async def _keep(
    changed: list[Stock], wish: Command, stocks: Stocks, facts: Facts, id: UUID
) -> None:
    if changed:
        later = [replace(stock, version=stock.version + 1) for stock in changed]
        await stocks.save_policies(later)
        tell_policies(facts, Cause(CauseKind.STOCK_SETTING, id), wish.at, later)


HANDLERS = {
    SetSafetyStock: set_safety_stock,
    AllowBackorder: allow_backorder,
    MarkHot: mark_hot,
}
