"""Payments as the facts that tell of them."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.events.payments import (
    AllocatedShare,
    CreditedLine,
    CreditNoteIssued,
    PaymentAllocated,
    PaymentAuthorized,
    PaymentCaptured,
    PaymentFailed,
    PaymentOpened,
    PaymentReview,
    PaymentVoided,
    RefundFailed,
    RefundIssued,
    RefundRequested,
)
from tradepost.kernel.messages import Fact
from tradepost.payments.domain.credit import CreditNote
from tradepost.payments.domain.payment import Payment, PaymentAllocation, PaymentState
from tradepost.payments.domain.refund import Refund, RefundState

_PLAIN = {
    PaymentState.PENDING: PaymentOpened,
    PaymentState.AUTHORIZED: PaymentAuthorized,
    PaymentState.VOIDED: PaymentVoided,
    PaymentState.FAILED: PaymentFailed,
}
_OF_REFUND = {
    RefundState.PENDING: RefundRequested,
    RefundState.ISSUED: RefundIssued,
    RefundState.FAILED: RefundFailed,
}


def payment_fact(payment: Payment, made: Sequence[PaymentAllocation] = ()) -> Fact:
    """The fact of the state that a payment has just reached."""
    known = (payment.id, payment.method.value, payment.currency.code)
    if payment.state is PaymentState.CAPTURED:
        return PaymentCaptured(*known, payment.captured.amount, _shares(made))
    if payment.state is PaymentState.REVIEW:
        return PaymentReview(*known, payment.amount.amount, payment.note)
    return _PLAIN[payment.state](*known, payment.amount.amount)


def allocated_fact(payment: Payment, made: Sequence[PaymentAllocation]) -> PaymentAllocated:
    """The fact that credit of a payment was given to orders."""
    given = sum(one.amount.amount for one in made)
    known = (payment.id, payment.method.value, payment.currency.code)
    return PaymentAllocated(*known, given, _shares(made))


def refund_fact(refund: Refund) -> Fact:
    """The fact of the state that a refund has just reached."""
    return _OF_REFUND[refund.state](
        refund.id,
        refund.payment_id,
        refund.order_id,
        refund.method.value,
        refund.currency.code,
        refund.amount.amount,
    )


def note_fact(note: CreditNote) -> CreditNoteIssued:
    """The fact that a customer was credited."""
    return CreditNoteIssued(
        credit_note_id=note.id,
        number=note.number,
        kind=note.kind.value,
        order_id=note.order_id,
        return_id=note.return_id,
        currency=note.currency.code,
        total=note.total.amount,
        tax=note.tax.amount,
        lines=tuple(CreditedLine(part.order_line_id, part.amount, part.tax) for part in note.lines),
    )


def _shares(made: Sequence[PaymentAllocation]) -> tuple[AllocatedShare, ...]:
    return tuple(AllocatedShare(one.order_id, one.amount.amount) for one in made)
