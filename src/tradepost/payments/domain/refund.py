"""A refund: money that goes back, by the tender it came in with or another way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tradepost.kernel.ids import CreditNoteId, OrderId, PaymentId, RefundId, ReturnId
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.states import States
from tradepost.payments.domain.payment import Method
from tradepost.payments.errors import RefundClosed


class RefundState(StrEnum):
    """The life of a refund; only a gateway's is ever pending."""

    PENDING = "pending"
    ISSUED = "issued"
    FAILED = "failed"


STATES = States(
    "refund",
    {
        RefundState.PENDING: {"issue": RefundState.ISSUED, "fail": RefundState.FAILED},
        RefundState.ISSUED: {"revoke": RefundState.FAILED},
        RefundState.FAILED: {"issue": RefundState.ISSUED},
    },
)
"""A gateway may say late that it did pay back what had failed before; only a person revokes."""
WAY_BACK = {Method.COD: Method.BANK_TRANSFER}
"""How money goes back where it cannot go the way it came."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back; without an order it is a customer's credit or a return's.

    What its gateway said may not fit: then it ``needs_review``, and ``note`` says why, and after
    that what the person who looked at it said.
    """

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
    note: str = ""
    needs_review: bool = False

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
            needs_review=False,
            version=self.version + 1,
        )

    def doubted(self, note: str) -> Refund:
        """After its gateway said what does not fit; a person must look."""
        return replace(self, note=note, needs_review=True, version=self.version + 1)

    def left_as_it_is(self) -> Refund:
        """After a person looked and found it right."""
        return replace(self, needs_review=False, version=self.version + 1)

    def by_hand(self, outcome: str) -> str:
        """The action by which a person closes it as ``issued`` or ``failed``; none if it is so.

        :raises RefundClosed: if it is closed and nobody doubts it.
        """
        if self.state is not RefundState.PENDING and not self.needs_review:
            raise RefundClosed(self.state.value)
        if self.state == outcome:
            return ""
        if outcome == RefundState.FAILED and self.state is RefundState.ISSUED:
            return "revoke"
        return "issue" if outcome == RefundState.ISSUED else "fail"
