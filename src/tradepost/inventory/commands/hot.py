"""Hot goods: marked by people, or by demand, which alone lets go of what it marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradepost.inventory.commands.policies import keep_policies
from tradepost.inventory.domain.hot import DemandMark, HotTerms
from tradepost.inventory.domain.stock import Stock
from tradepost.inventory.ports import Assortment, DemandMarks, Stocks
from tradepost.kernel.ids import Ids, VariantId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class MarkHot(Command):
    """Give a variant a lane of its own wherever it lies, or take it back and leave it to demand."""

    variant_id: VariantId
    is_hot: bool


@dataclass(frozen=True, slots=True)
class WarmUp(Command):
    """Many want a variant: make it hot, or let it stay so for longer."""

    variant_id: VariantId


@dataclass(frozen=True, slots=True)
class CoolDown(Command):
    """Let go of the variant that demand made hot and that has gone without it for longest."""


async def mark_hot(
    wish: MarkHot,
    stocks: Stocks,
    marks: DemandMarks,
    assortment: Assortment,
    facts: Facts,
    ids: Ids,
) -> int:
    """Set it everywhere; at how many locations. From then on it is no longer up to demand."""
    known = await assortment.known(set(), {wish.variant_id})
    known.check([], [wish.variant_id])
    await marks.drop(wish.variant_id)
    found = await stocks.lock_everywhere(wish.variant_id)
    await keep_policies(_set(found, is_hot=wish.is_hot), wish.at, stocks, facts, ids)
    return len(found)


async def warm_up(wish: WarmUp, stocks: Stocks, marks: DemandMarks, facts: Facts, ids: Ids) -> bool:
    """Whether it has become hot by this; what people marked hot stays theirs."""
    mark = await marks.lock(wish.variant_id)
    if mark is not None:
        await marks.save(replace(mark, warmed_at=max(mark.warmed_at, wish.at)))
        return False
    found = await stocks.lock_everywhere(wish.variant_id)
    if not found or any(stock.is_hot for stock in found):
        return False
    marks.add(DemandMark(wish.variant_id, wish.at, wish.at))
    await keep_policies(_set(found, is_hot=True), wish.at, stocks, facts, ids)
    return True


async def cool_down(
    wish: CoolDown, stocks: Stocks, marks: DemandMarks, terms: HotTerms, facts: Facts, ids: Ids
) -> int:
    """How many were let go; nobody has wanted them much for the time that they stay hot."""
    mark = await marks.lock_coldest(terms.cold_from(wish.at))
    if mark is None:
        return 0
    await marks.drop(mark.variant_id)
    found = await stocks.lock_everywhere(mark.variant_id)
    hot = [stock for stock in found if stock.is_hot]
    await keep_policies(_set(hot, is_hot=False), wish.at, stocks, facts, ids)
    return 1


def _set(found: Sequence[Stock], *, is_hot: bool) -> list[Stock]:
    return [replace(stock, is_hot=is_hot) for stock in found]


HANDLERS = {MarkHot: mark_hot, WarmUp: warm_up, CoolDown: cool_down}
