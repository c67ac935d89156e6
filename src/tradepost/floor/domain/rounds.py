"""From what guests want to lines, to an order's lines, and back with their prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from tradepost.floor.domain.tab import Modifier, Round, RoundLine, Tab
from tradepost.floor.errors import NothingOrdered
from tradepost.kernel.codes import folded
from tradepost.kernel.errors import BadQuantity
from tradepost.kernel.ids import Ids, OrderLineId, RoundLineId, VariantId
from tradepost.kernel.money import Money
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number

COURSES_MAX: Final = 20
MODIFIERS_MAX: Final = 20
UNITS_MAX: Final = 10**9


class Named(Protocol):
    """What a line takes of an article."""

    @property
    def variant_id(self) -> VariantId: ...
    @property
    def sku(self) -> str: ...
    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class WantedArticle:
    """Units of an article, by its SKU or its variant."""

    quantity: int
    sku: str | None = None
    variant_id: VariantId | None = None

    @property
    def sku_key(self) -> str | None:
        """Its SKU, letter case aside."""
        return None if self.sku is None else folded(self.sku)

    @property
    def name(self) -> VariantId | str:
        """What it is looked up by."""
        name = self.variant_id or self.sku_key
        assert name is not None
        return name


@dataclass(frozen=True, slots=True)
class WantedDish:
    """A line as it is wished for; of a modifier so many units go with each unit of the dish."""

    dish: WantedArticle
    modifiers: tuple[WantedArticle, ...] = ()
    course: int = 1
    note: str = ""

    @property
    def articles(self) -> list[WantedArticle]:
        """The dish and its modifiers."""
        return [self.dish, *self.modifiers]


def drafted(
    tab: Tab,
    one: Round,
    wanted: Sequence[WantedDish],
    known: Mapping[VariantId | str, Named],
    ids: Ids,
) -> list[RoundLine]:
    """The lines of a round that is written down.

    :raises NothingOrdered: if there are none.
    :raises BadQuantity: unless quantities and courses are whole numbers from one.
    """
    if not wanted:
        raise NothingOrdered
    return [
        _line(tab, one, place, dish, known, RoundLineId(ids.new()))
        for place, dish in enumerate(wanted, start=1)
    ]


def _line(
    tab: Tab,
    one: Round,
    place: int,
    wanted: WantedDish,
    known: Mapping[VariantId | str, Named],
    id: RoundLineId,
) -> RoundLine:
    dish = known[wanted.dish.name]
    return RoundLine(
        id=id,
        round_id=one.id,
        tab_id=tab.id,
        position=place,
        variant_id=dish.variant_id,
        sku=dish.sku,
        title=dish.title,
        quantity=_units(wanted.dish),
        voided=0,
        course=whole_number(wanted.course, "course", 1, COURSES_MAX, refusal=BadQuantity),
        note=one_line(wanted.note, "note", shortest=0),
        modifiers=tuple(
            Modifier(known[m.name].variant_id, known[m.name].sku, known[m.name].title, _units(m))
            for m in wanted.modifiers
        ),
        order_line_id=None,
        currency=tab.currency,
        gross=Money.zero(tab.currency),
    )


def _units(wanted: WantedArticle) -> int:
    return whole_number(wanted.quantity, "quantity", 1, UNITS_MAX, refusal=BadQuantity)


def wanted_of(lines: Iterable[RoundLine]) -> list[tuple[VariantId, int]]:
    """The lines of the order that a round becomes: each dish, then what goes with it."""
    wanted = []
    for line in lines:
        wanted.append((line.variant_id, line.quantity))
        wanted += [(one.variant_id, one.quantity * line.quantity) for one in line.modifiers]
    return wanted


def frozen(lines: Sequence[RoundLine], sold: Sequence[tuple[OrderLineId, int]]) -> list[RoundLine]:
    """Lines with the order lines they have become, in the order of :func:`wanted_of`."""
    coming = iter(sold)
    made = []
    for line in lines:
        id, gross = next(coming)
        modifiers = []
        for one in line.modifiers:
            extra_id, extra = next(coming)
            modifiers.append(replace(one, order_line_id=extra_id))
            gross += extra
        worth = Money(gross, line.currency)
        made.append(replace(line, order_line_id=id, modifiers=tuple(modifiers), gross=worth))
    assert next(coming, None) is None, "more order lines than were wanted"
    return made


def regrossed(lines: Iterable[RoundLine], sold: Mapping[OrderLineId, int]) -> list[RoundLine]:
    """Lines with what their order lines come to now."""
    return [
        replace(
            line,
            gross=Money(sum(sold.get(id, 0) for id, _ in line.order_lines), line.currency),
        )
        for line in lines
    ]
