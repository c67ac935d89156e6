"""Calls to a gateway: written down before they are made, and again when they are answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tradepost.kernel.ids import PaymentId, RefundId
from tradepost.kernel.money import Currency, Money


class CallAction(StrEnum):
    """What a gateway is asked to do."""

    AUTHORIZE = "authorize"
    PURCHASE = "purchase"
    """Authorise and capture in one."""
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


class Outcome(StrEnum):
    """What a gateway answers; ``PENDING`` means that a call-back will follow."""

    APPROVED = "approved"
    DECLINED = "declined"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class GatewayCall:
    """A call with the identifier that makes repeating it harmless; no outcome until answered."""

    id: UUID
    payment_id: PaymentId
    refund_id: RefundId | None
    gateway: str
    action: CallAction
    currency: Currency
    amount: Money
    token: str
    reference: str
    outcome: Outcome | None
    intended_at: datetime
    answered_at: datetime | None

    def answered(self, outcome: Outcome, at: datetime) -> GatewayCall:
        """After the gateway answered."""
        return replace(self, outcome=outcome, answered_at=at)


@dataclass(frozen=True, slots=True)
class CallToMake:
    """What a gateway must be told; ``amount`` in minor units.

    ``reference`` is the gateway's own name for the payment, once it has given one; ``token``
    stands for the card or account that the shopper named to the gateway.
    """

    call_id: UUID
    payment_id: PaymentId
    refund_id: RefundId | None
    gateway: str
    action: str
    amount: int
    currency: str
    token: str
    reference: str


def to_make(call: GatewayCall) -> CallToMake:
    """The call as the gateway is told it."""
    return CallToMake(
        call.id,
        call.payment_id,
        call.refund_id,
        call.gateway,
        call.action.value,
        call.amount.amount,
        call.currency.code,
        call.token,
        call.reference,
    )


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """What a gateway answers to a call; the amount is what it says it did, in minor units."""

    outcome: Outcome
    reference: str = ""
    amount: int = 0
    currency: str = ""
    note: str = ""


class EventKind(StrEnum):
    """What a gateway can tell of a payment."""

    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    VOIDED = "voided"
    FAILED = "failed"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """What a gateway told by a call-back whose signature was good; amount in minor units."""

    gateway: str
    event_id: str
    kind: EventKind
    payment_id: PaymentId
    refund_id: RefundId | None
    amount: int
    currency: str
    reference: str


_ANSWERED = {
    (CallAction.AUTHORIZE, Outcome.APPROVED): EventKind.AUTHORIZED,
    (CallAction.AUTHORIZE, Outcome.DECLINED): EventKind.FAILED,
    (CallAction.PURCHASE, Outcome.APPROVED): EventKind.CAPTURED,
    (CallAction.PURCHASE, Outcome.DECLINED): EventKind.FAILED,
    (CallAction.CAPTURE, Outcome.APPROVED): EventKind.CAPTURED,
    (CallAction.CAPTURE, Outcome.DECLINED): EventKind.FAILED,
    (CallAction.VOID, Outcome.APPROVED): EventKind.VOIDED,
    (CallAction.REFUND, Outcome.APPROVED): EventKind.REFUNDED,
    (CallAction.REFUND, Outcome.DECLINED): EventKind.REFUND_FAILED,
}


def meaning(action: CallAction, outcome: Outcome) -> EventKind | None:
    """What an answer to a call tells; nothing yet while a call-back is to follow."""
    return _ANSWERED.get((action, outcome))


@dataclass(frozen=True, slots=True)
class HeardEvent:
    """An event that a gateway told by call-back, and what came of it."""

    gateway: str
    event_id: str
    payment_id: PaymentId
    kind: str
    result: str
    heard_at: datetime
