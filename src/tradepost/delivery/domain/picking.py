"""Pick tasks: what is taken from the shelf for an order, and what the shopper gets instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.delivery.errors import (
    PickingWrong,
    SubstituteNotAllowed,
    WeightBeyondTolerance,
)
from tradepost.kernel.ids import (
    LocationId,
    OrderId,
    OrderLineId,
    PickLineId,
    PickTaskId,
    SlotId,
    StaffId,
    VariantId,
)
from tradepost.kernel.states import States

MEASURED = frozenset({"gram", "millilitre"})
"""Units that a scale or a measure tells, so that the figure may differ from what was ordered."""


class PickState(StrEnum):
    """The life of a pick task."""

    OPEN = "open"
    PICKING = "picking"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


PICK_STATES = States(
    "pick task",
    {
        PickState.OPEN: {"start": PickState.PICKING, "cancel": PickState.CANCELLED},
        PickState.PICKING: {
            "pick": PickState.PICKING,
            "complete": PickState.COMPLETED,
            "put back": PickState.OPEN,
            "cancel": PickState.CANCELLED,
        },
        PickState.COMPLETED: {"cancel": PickState.CANCELLED},
        PickState.CANCELLED: {},
    },
)


class Rule(StrEnum):
    """What a shopper takes for an article that is not there."""

    NONE = "none"
    SAME_PRICE_OR_LESS = "same_price_or_less"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that may stand in for another, as it is sold today."""

    variant_id: VariantId
    sku: str
    title: str
    unit: str
    price_per: int
    price_micros: int
    step: int
    on_sale: bool


@dataclass(frozen=True, slots=True)
class PickTask:
    """The work of picking one order; its lines are kept beside it."""

    id: PickTaskId
    order_id: OrderId
    order_number: int
    kind: str
    location_id: LocationId | None
    slot_id: SlotId | None
    due_at: datetime | None
    state: PickState
    picker_id: StaffId | None
    opened_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    version: int

    def started(self, picker_id: StaffId | None, at: datetime) -> PickTask:
        """Somebody picks it."""
        state = PICK_STATES.after(self.state, "start")
        return replace(self, state=state, picker_id=picker_id, started_at=at)

    def moved(self, action: str) -> PickTask:
        """After another step of the table."""
        return replace(self, state=PICK_STATES.after(self.state, action))

    def completed(self, at: datetime) -> PickTask:
        """Everything was picked, or said to be missing."""
        return replace(self.moved("complete"), completed_at=at)


@dataclass(frozen=True, slots=True)
class PickLine:
    """One line of an order to be picked, in its smallest unit.

    Once it is done, ``picked`` + ``short`` + ``replaced`` = ``ordered``. ``over`` is what a scale
    showed beyond what was ordered: the shopper gets it and does not pay for it. ``allowed`` are
    the articles that a shopper listed; ``price_micros`` buys ``price_per`` units as agreed.
    """

    id: PickLineId
    pick_task_id: PickTaskId
    order_line_id: OrderLineId
    position: int
    variant_id: VariantId
    sku: str
    title: str
    unit: str
    price_per: int
    price_micros: int
    ordered: int
    rule: Rule
    allowed: tuple[VariantId, ...]
    picked: int = 0
    short: int = 0
    replaced: int = 0
    over: int = 0
    substitute_id: VariantId | None = None
    substitute_sku: str = ""
    substitute_title: str = ""
    substitute_units: int = 0

    @property
    def is_done(self) -> bool:
        """Whether it is said of every unit what became of it."""
        return self.picked + self.short + self.replaced == self.ordered

    @property
    def gone(self) -> int:
        """Units that the order loses: short, or replaced."""
        return self.short + self.replaced

    def untouched(self, ordered: int) -> PickLine:
        """To be picked from the beginning, so many."""
        return replace(
            self,
            ordered=ordered,
            picked=0,
            short=0,
            replaced=0,
            over=0,
            substitute_id=None,
            substitute_sku="",
            substitute_title="",
            substitute_units=0,
        )

    def told(self, picked: int, short: int, replaced: int, tolerance_percent: int) -> PickLine:
        """With what became of its units; a scale may show a little more or less.

        What is weighed beyond the units wanted counts as ``over``, what is missing as short.

        :raises PickingWrong: if the figures do not add up.
        :raises WeightBeyondTolerance: for a weight too far from what was wanted.
        """
        wanted = self.ordered - short - replaced
        figures = (self.ordered, picked, short, replaced)
        if min(picked, short, replaced) < 0 or wanted < 0:
            raise PickingWrong(self.sku, *figures)
        over, missing = max(picked - wanted, 0), max(wanted - picked, 0)
        if over or missing:
            if self.unit not in MEASURED or not wanted:
                raise PickingWrong(self.sku, *figures)
            self._check_weight(picked, wanted, tolerance_percent)
        return replace(
            self.untouched(self.ordered),
            picked=picked - over,
            short=short + missing,
            replaced=replaced,
            over=over,
        )

    def _check_weight(self, weighed: int, wanted: int, percent: int) -> None:
        give = wanted * percent // 100
        least, most = wanted - give, wanted + give
        if not least <= weighed <= most:
            raise WeightBeyondTolerance(self.sku, weighed, wanted, least, most)

    def with_substitute(self, offer: Offer, units: int) -> PickLine:
        """With another article for the units replaced.

        :raises SubstituteNotAllowed: if the shopper does not want it.
        """
        self._check_allowed(offer, units)
        return replace(
            self,
            substitute_id=offer.variant_id,
            substitute_sku=offer.sku,
            substitute_title=offer.title,
            substitute_units=units,
        )

    def _check_allowed(self, offer: Offer, units: int) -> None:
        why = ""
        if self.rule is Rule.NONE:
            why = "they want nothing instead"
        elif self.rule is Rule.LIST and offer.variant_id not in self.allowed:
            why = "it is not on their list"
        elif not offer.on_sale or offer.variant_id == self.variant_id:
            why = "it is not on sale, or the same article"
        elif units <= 0 or units % offer.step:
            why = f"it is sold by {offer.step}"
        elif self.rule is Rule.SAME_PRICE_OR_LESS and self._is_dearer(offer, units):
            why = "it costs more"
        if why:
            raise SubstituteNotAllowed(self.sku, offer.sku, why)

    def _is_dearer(self, offer: Offer, units: int) -> bool:
        theirs = offer.price_micros * units * self.price_per
        return theirs > self.price_micros * self.replaced * offer.price_per


@dataclass(frozen=True, slots=True)
class Instead:
    """An article that an order gets for units it loses, at most at a price for them."""

    variant_id: VariantId
    units: int
    at_most_micros: int


def instead_of(line: PickLine, offer: Offer, paid: int, exponent: int) -> Instead:
    """What the order gets for a line's replaced units: at today's price, and never for more than
    those units came to after discounts (``paid``, in minor units, for all that was ordered)."""
    micros = paid * line.replaced * 10 ** (6 - exponent) * offer.price_per
    cap = micros // (line.ordered * line.substitute_units)
    return Instead(offer.variant_id, line.substitute_units, min(offer.price_micros, cap))
