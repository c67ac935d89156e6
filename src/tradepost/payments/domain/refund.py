"""A refund: money that goes back, by the tender it came in with or another way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tradepost.kernel.ids import CreditNoteId, OrderId, PaymentId, RefundId, ReturnId
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.states import States
from tradepost.payments.domain.payment import Method


class RefundState(StrEnum):
    """The life of a refund; only a gateway's is ever pending."""

    PENDING = "pending"
    ISSUED = "issued"
    FAILED = "failed"


STATES = States(
    "refund",
    {
        RefundState.PENDING: {"issue": RefundState.ISSUED, "fail": RefundState.FAILED},
        RefundState.ISSUED: {},
        RefundState.FAILED: {"issue": RefundState.ISSUED},
    },
)
"""A gateway may say late that it did pay back what had failed before."""
WAY_BACK = {Method.COD: Method.BANK_TRANSFER}
"""How money goes back where it cannot go the way it came."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back; without an order it is a customer's credit or a return's."""

    id: RefundId
    payment_id: PaymentId | None
    order_id: OrderId | None
    return_id: ReturnId | None
    credit_note_id: CreditNoteId | None
    method: Method
    gateway: str | None
    state: RefundState
    currency: Currency
    amount: Money
    reason: str
    reference: str
    requested_at: datetime
    closed_at: datetime | None
    settled_at: datetime | None
    business_date: date
    version: int

    @property
    def is_of_credit(self) -> bool:
        """Whether it pays back a customer's credit, which no order was given."""
        return self.order_id is None and self.return_id is None

    def moved(self, action: str, at: datetime, day: date, reference: str = "") -> Refund:
        """After an action of the state table, on the business day of its instant."""
        return replace(
            self,
            state=STATES.after(self.state, action),
            closed_at=at,
            business_date=day,
            reference=reference or self.reference,
            version=self.version + 1,
        )
