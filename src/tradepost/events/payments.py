"""Facts of payments, refunds and credit notes. Amounts are minor units of ``currency``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tradepost.kernel.ids import CreditNoteId, OrderId, OrderLineId, PaymentId, RefundId, ReturnId
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class AllocatedShare:
    """What an order was given of a payment."""

    order_id: OrderId
    amount: int


@dataclass(frozen=True, slots=True)
class _PaymentFact(Fact):
    stream: ClassVar[str] = "payment"
    key: ClassVar[str] = "payment_id"
    payment_id: PaymentId
    method: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentAnonymized(Fact):
    """Who paid is no longer known, and with what card or account."""

    name: ClassVar[str] = "payment.anonymized"
    stream: ClassVar[str] = "payment"
    key: ClassVar[str] = "payment_id"
    payment_id: PaymentId


@dataclass(frozen=True, slots=True)
class PaymentOpened(_PaymentFact):
    """A payment was asked for; nothing has come in yet."""

    name: ClassVar[str] = "payment.opened"


@dataclass(frozen=True, slots=True)
class PaymentAuthorized(_PaymentFact):
    """The money is promised and can be captured."""

    name: ClassVar[str] = "payment.authorized"


@dataclass(frozen=True, slots=True)
class PaymentCaptured(_PaymentFact):
    """Money came in: ``amount`` of it. What no order was given stays the customer's credit."""

    name: ClassVar[str] = "payment.captured"
    orders: tuple[AllocatedShare, ...]


@dataclass(frozen=True, slots=True)
class PaymentAllocated(_PaymentFact):
    """Credit that a payment had left, ``amount`` of it, was given to orders."""

    name: ClassVar[str] = "payment.allocated"
    orders: tuple[AllocatedShare, ...]


@dataclass(frozen=True, slots=True)
class PaymentVoided(_PaymentFact):
    """A promise was given back before money moved."""

    name: ClassVar[str] = "payment.voided"


@dataclass(frozen=True, slots=True)
class PaymentFailed(_PaymentFact):
    """No money will come by this payment."""

    name: ClassVar[str] = "payment.failed"


@dataclass(frozen=True, slots=True)
class PaymentReview(_PaymentFact):
    """What was heard of a payment does not fit it; a person must look at it."""

    name: ClassVar[str] = "payment.review"
    problem: str


@dataclass(frozen=True, slots=True)
class PaymentsSettled(Fact):
    """Money that others held reached the shop: ``amount``, less the ``fee`` they kept."""

    name: ClassVar[str] = "payment.settled"
    stream: ClassVar[str] = "settlement"
    key: ClassVar[str] = "settlement_id"
    settlement_id: UUID
    method: str
    currency: str
    amount: int
    fee: int
    payments: tuple[PaymentId, ...]
    refunds: tuple[RefundId, ...]


@dataclass(frozen=True, slots=True)
class _RefundFact(Fact):
    stream: ClassVar[str] = "refund"
    key: ClassVar[str] = "refund_id"
    refund_id: RefundId
    payment_id: PaymentId | None
    order_id: OrderId | None
    method: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class RefundRequested(_RefundFact):
    """Money is to go back by a gateway, which has been or will be asked."""

    name: ClassVar[str] = "refund.requested"


@dataclass(frozen=True, slots=True)
class RefundIssued(_RefundFact):
    """Money went back."""

    name: ClassVar[str] = "refund.issued"


@dataclass(frozen=True, slots=True)
class RefundFailed(_RefundFact):
    """The gateway did not pay back; the amount can be refunded another way."""

    name: ClassVar[str] = "refund.failed"


@dataclass(frozen=True, slots=True)
class RefundReview(Fact):
    """What the gateway said of a refund does not fit it; a person must look at it."""

    name: ClassVar[str] = "refund.review"
    stream: ClassVar[str] = "refund"
    key: ClassVar[str] = "refund_id"
    refund_id: RefundId
    problem: str


@dataclass(frozen=True, slots=True)
class RefundReviewed(Fact):
    """A person looked at a refund and left it in its state."""

    name: ClassVar[str] = "refund.reviewed"
    stream: ClassVar[str] = "refund"
    key: ClassVar[str] = "refund_id"
    refund_id: RefundId
    state: str


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """What was credited of an order line, or without one of shipping and fees."""

    order_line_id: OrderLineId | None
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class CreditNoteIssued(Fact):
    """The customer was credited: owes less, or is owed money."""

    name: ClassVar[str] = "credit_note.issued"
    stream: ClassVar[str] = "credit_note"
    key: ClassVar[str] = "credit_note_id"
    credit_note_id: CreditNoteId
    number: int
    kind: str
    order_id: OrderId | None
    return_id: ReturnId | None
    currency: str
    total: int
    tax: int
    lines: tuple[CreditedLine, ...]
