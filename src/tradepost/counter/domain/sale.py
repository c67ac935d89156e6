"""A sale at a till: rung up, perhaps parked, tendered, done; or void."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.counter.errors import NothingToReview, SaleTaken
from tradepost.kernel.ids import (
    CustomerId,
    OrderId,
    RegisterId,
    SaleId,
    ShiftId,
    SlipId,
    StaffId,
    VariantId,
)
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.states import States


class SaleState(StrEnum):
    """How far a sale is."""

    OPEN = "open"
    PARKED = "parked"
    COMPLETED = "completed"
    VOIDED = "voided"


STATES = States(
    "sale",
    {
        SaleState.OPEN: {
            "park": SaleState.PARKED,
            "complete": SaleState.COMPLETED,
            "void": SaleState.VOIDED,
        },
        SaleState.PARKED: {
            "park": SaleState.PARKED,
            "recall": SaleState.OPEN,
            "complete": SaleState.COMPLETED,
            "void": SaleState.VOIDED,
        },
        SaleState.COMPLETED: {"void": SaleState.VOIDED},
        SaleState.VOIDED: {},
    },
)


class Review(StrEnum):
    """Whether a person has to look at it."""

    NONE = "none"
    OPEN = "open"
    SETTLED = "settled"


class Flag(StrEnum):
    """Why a person has to look at a sale that was handed in."""

    SOLD_SHORT = "sold_short"
    """Less was there, as far as the shop knew."""
    PRICE_DIFFERS = "price_differs"
    """It was sold at a price that the shop did not have, by somebody who may not agree on any."""
    DISCOUNTED = "discounted"
    """Something was taken off by somebody who may not."""
    LATE = "late"
    """Its shift was closed before it was handed in."""


@dataclass(frozen=True, slots=True)
class SaleLine:
    """What was rung up: an article, how many smallest units, what is taken off in minor units.

    ``price_micros`` is the price that a till agreed on where it was on its own.
    """

    variant_id: VariantId
    quantity: int
    price_micros: int | None = None
    discount: int = 0


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale under the identifier that its till gave it; amounts in minor units.

    ``fingerprint`` tells whether it is handed in again or another is called the same. What it came
    to is the order's; ``change`` is what went back over the counter.
    """

    id: SaleId
    register_id: RegisterId
    shift_id: ShiftId
    cashier_id: StaffId | None
    customer_id: CustomerId | None
    state: SaleState
    currency: Currency
    lines: tuple[SaleLine, ...]
    discount: Money
    label: str
    fingerprint: str
    order_id: OrderId | None
    slip_id: SlipId | None
    total: Money
    change: Money
    flags: tuple[Flag, ...]
    review: Review
    note: str
    begun_at: datetime
    sold_at: datetime | None
    voided_at: datetime | None
    version: int

    def check_same(self, fingerprint: str) -> None:
        """Refuse other contents under its identifier."""
        if self.fingerprint != fingerprint:
            raise SaleTaken(str(self.id))

    def after(self, action: str) -> Sale:
        """After an action of the state table."""
        return replace(self, state=STATES.after(self.state, action), version=self.version + 1)

    def settled(self, note: str) -> Sale:
        """After somebody has looked at it; the note says what they did.

        :raises NothingToReview: if it waits for nobody.
        """
        if self.review is not Review.OPEN:
            raise NothingToReview(str(self.id))
        return replace(self, review=Review.SETTLED, note=note, version=self.version + 1)
