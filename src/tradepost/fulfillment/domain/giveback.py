"""A return: goods that come back, with a receipt or without, onto the shelf or into the bin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tradepost.fulfillment.errors import AboveReturnLimit, NothingReturned
from tradepost.kernel.ids import (
    CustomerId,
    OrderId,
    OrderLineId,
    ReturnId,
    ReturnLineId,
    VariantId,
)
from tradepost.kernel.money import Currency, Money, UnitPrice
from tradepost.kernel.states import States


class ReturnState(StrEnum):
    """The life of a return."""

    REQUESTED = "requested"
    APPROVED = "approved"
    RECEIVED = "received"
    REFUNDED = "refunded"
    REJECTED = "rejected"


STATES = States(
    "return",
    {
        ReturnState.REQUESTED: {"approve": ReturnState.APPROVED, "reject": ReturnState.REJECTED},
        ReturnState.APPROVED: {"receive": ReturnState.RECEIVED, "reject": ReturnState.REJECTED},
        ReturnState.RECEIVED: {"refund": ReturnState.REFUNDED},
        ReturnState.REFUNDED: {},
        ReturnState.REJECTED: {},
    },
)


class Disposition(StrEnum):
    """What becomes of goods that came back."""

    RESTOCK = "restock"
    WASTE = "waste"


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Units that come back; ``amount`` is what they were sold for, ``tax`` is the tax in it.

    Less is given for them where something was conceded on their line before.

    ``order_line_id`` is the line they were sold on, where a receipt was shown.
    """

    id: ReturnLineId
    return_id: ReturnId
    position: int
    order_line_id: OrderLineId | None
    variant_id: VariantId
    sku: str
    title: str
    fulfillment_type: str
    quantity: int
    unit_price: UnitPrice
    price_per: int
    amount: Money
    tax: Money
    disposition: Disposition
    reason: str
    stocked: bool = True

    @property
    def is_goods(self) -> bool:
        """Whether goods come back; a service does not."""
        return self.fulfillment_type in ("physical", "prepared")

    @property
    def lies_on_shelves(self) -> bool:
        """Whether they come back to a shelf; a dish that was made to order does not."""
        return self.is_goods and self.stocked


@dataclass(frozen=True, slots=True)
class Return:
    """A document of its own; ``order_id`` is missing when no receipt was shown."""

    id: ReturnId
    order_id: OrderId | None
    customer_id: CustomerId | None
    external_code: str | None
    country: str
    state: ReturnState
    currency: Currency
    total: Money
    requested_at: datetime
    closed_at: datetime | None
    business_date: date
    version: int

    def moved(self, action: str, at: datetime) -> Return:
        """After an action of the state table."""
        state = STATES.after(self.state, action)
        closed = at if not STATES.table[state] else None
        return replace(self, state=state, closed_at=closed, version=self.version + 1)

    def worth(self, lines: Sequence[ReturnLine]) -> Return:
        """With the total of what is given for its lines."""
        return replace(self, total=Money.total(self.currency, (line.amount for line in lines)))


def check_return(lines: Sequence[ReturnLine], limit: int | None, currency: Currency) -> Money:
    """What is given for the lines; refused when nothing comes back or it is above the limit."""
    if not lines or any(line.quantity <= 0 for line in lines):
        raise NothingReturned
    total = Money.total(currency, (line.amount for line in lines))
    if limit is not None and total.amount > limit:
        raise AboveReturnLimit(total.amount, limit, currency.code)
    return total
