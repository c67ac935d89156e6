"""Sales that are not done: parked, recalled, given up."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.counter.commands.baskets import RungLine, named
from tradepost.counter.commands.checkout import fresh_sale
from tradepost.counter.commands.till import Till
from tradepost.counter.domain import Sale, SaleLine
from tradepost.counter.errors import SaleTaken
from tradepost.counter.ports import Assortment, Sales
from tradepost.events.counter import SaleKept, SaleReviewed
from tradepost.kernel.errors import BadAmount, Stale
from tradepost.kernel.ids import CustomerId, RegisterId, SaleId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import Money
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class ParkSale(Command):
    """Keep what was rung up so far, in minor units; parked again it is what is said now."""

    sale_id: SaleId
    register_id: RegisterId
    lines: tuple[RungLine, ...]
    discount: int = 0
    customer_id: CustomerId | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class RecallSale(Command):
    """Go on with a parked sale."""

    sale_id: SaleId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewSale(Command):
    """Say what was done about a sale that was flagged."""

    sale_id: SaleId
    note: str
    version: int | None = None


async def park_sale(
    wish: ParkSale, till: Till, sales: Sales, assortment: Assortment, facts: Facts
) -> int:
    """Keep it; answers its new version."""
    place = await till.open(wish.register_id)
    known = await sales.find(wish.sale_id)
    if known is not None and known.register_id != place.register.id:
        raise SaleTaken(str(wish.sale_id))
    lines = await named(wish.lines, assortment)
    begun = known or fresh_sale(wish.sale_id, place, lines, wish)
    sale = _parked(begun, wish, lines)
    if known is None:
        sales.add(sale)
    else:
        await sales.save(sale)
    facts.tell(kept(sale), sale.version, wish.at)
    return sale.version


async def recall_sale(wish: RecallSale, till: Till, sales: Sales, facts: Facts) -> int:
    """Open it at the register where it was parked; answers its new version."""
    place = await till.open(await sales.register_of(wish.sale_id))
    found = await sales.lock(wish.sale_id)
    check_version(found, wish.version)
    sale = replace(found.after("recall"), shift_id=place.shift.id)
    await sales.save(sale)
    facts.tell(kept(sale), sale.version, wish.at)
    return sale.version


async def review_sale(wish: ReviewSale, sales: Sales, facts: Facts) -> int:
    """Note it; answers the new version."""
    found = await sales.lock(wish.sale_id)
    check_version(found, wish.version)
    sale = found.settled(one_line(wish.note, "note"))
    await sales.save(sale)
    facts.tell(SaleReviewed(sale.id, sale.register_id), sale.version, wish.at)
    return sale.version


def check_version(sale: Sale, version: int | None) -> None:
    """Refuse a step that was based on another version."""
    if version not in (None, sale.version):
        raise Stale("sale", version or 0, sale.version)


def kept(sale: Sale) -> SaleKept:
    """The fact that an unfinished sale is kept."""
    return SaleKept(sale.id, sale.register_id, sale.shift_id, sale.state.value)


def _parked(begun: Sale, wish: ParkSale, lines: tuple[SaleLine, ...]) -> Sale:
    if wish.discount < 0:
        raise BadAmount("discount", "cannot be below zero")
    return replace(
        begun.after("park"),
        lines=lines,
        discount=Money(wish.discount, begun.currency),
        customer_id=wish.customer_id,
        label=one_line(wish.label, "label", shortest=0),
    )


HANDLERS = {ParkSale: park_sale, RecallSale: recall_sale, ReviewSale: review_sale}
