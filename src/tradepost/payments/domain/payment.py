"""A payment: one tender, its life, and the orders it is for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tradepost.kernel.ids import AllocationId, CustomerId, OrderId, PaymentId
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.states import States
from tradepost.payments.errors import (
    CreditExceeded,
    MethodUnknown,
    MoreThanAuthorized,
    NothingPaid,
    TakenByGateway,
)


class Method(StrEnum):
    """How money comes in."""

    BANK_TRANSFER = "bank_transfer"
    COD = "cod"
    CASH = "cash"
    CARD_TERMINAL = "card_terminal"
    GATEWAY = "gateway"

    @classmethod
    def named(cls, name: str) -> Method:
        """The method of a name; :class:`MethodUnknown` if there is none."""
        if name not in set(cls):
            raise MethodUnknown(name, ", ".join(cls))
        return cls(name)

    @classmethod
    def on_the_spot(cls, name: str) -> Method:
        """A method by which people pay back; :class:`TakenByGateway` where a gateway has to."""
        method = cls.named(name)
        if method is cls.GATEWAY:
            raise TakenByGateway("a gateway", "refund")
        return method


class PaymentState(StrEnum):
    """The life of a payment; what is in review waits for a person."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    VOIDED = "voided"
    FAILED = "failed"
    REVIEW = "review"


_ENDS = {
    "capture": PaymentState.CAPTURED,
    "void": PaymentState.VOIDED,
    "fail": PaymentState.FAILED,
}
_REVIEW = {"review": PaymentState.REVIEW}
STATES = States(
    "payment",
    {
        PaymentState.PENDING: {"authorize": PaymentState.AUTHORIZED, **_ENDS, **_REVIEW},
        PaymentState.AUTHORIZED: {**_ENDS, **_REVIEW},
        PaymentState.REVIEW: _ENDS,
        PaymentState.CAPTURED: {},
        PaymentState.VOIDED: _REVIEW,
        PaymentState.FAILED: _REVIEW,
    },
)
"""Money that arrives for a payment given up is looked at by a person, never dropped."""


@dataclass(frozen=True, slots=True)
class Share:
    """What an order is to get of a payment, in minor units; without an amount all it owes."""

    order_id: OrderId
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """One tender; amounts in minor units of ``currency``.

    While it is authorized, ``promised`` tells what of it each order may count on. Of the ``amount``
    agreed on, ``captured`` came in; of that, ``allocated`` went to orders, ``tip`` to those who
    served, and the rest is the customer's credit; ``refunded`` went back or is on its way. Until
    it is captured, the ``tip`` is what was agreed on, and nobody has it. ``held_by`` is the person
    who has the money until they hand it in.
    """

    id: PaymentId
    method: Method
    gateway: str | None
    state: PaymentState
    currency: Currency
    amount: Money
    captured: Money
    allocated: Money
    tip: Money
    refunded: Money
    credit_refunded: Money
    shares: tuple[Share, ...]
    promised: tuple[Share, ...]
    customer_id: CustomerId | None
    held_by: UUID | None
    reference: str
    note: str
    opened_at: datetime
    captured_at: datetime | None
    settled_at: datetime | None
    business_date: date
    version: int

    @property
    def credit(self) -> Money:
        """What came in, no order was given, nobody was tipped with, and has not gone back."""
        if self.state is not PaymentState.CAPTURED:
            return Money.zero(self.currency)
        return self.captured - self.allocated - self.tip - self.credit_refunded

    @property
    def refundable(self) -> Money:
        """What came in and has not gone back."""
        return self.captured - self.refunded

    def moved(self, action: str, *, reference: str = "", note: str = "") -> Payment:
        """After an action of the state table; a reference or note once given stays."""
        return replace(
            self,
            state=STATES.after(self.state, action),
            reference=reference or self.reference,
            note=note or self.note,
            version=self.version + 1,
        )

    def by_hand(self, action: str) -> None:
        """Refuse what only the gateway can do; a payment in review is settled by a person."""
        if self.gateway and self.state is not PaymentState.REVIEW:
            raise TakenByGateway(self.gateway, action)

    def with_captured(self, amount: Money, day: date, at: datetime, reference: str = "") -> Payment:
        """After an amount came in: all that was agreed on or less, and after a review any.

        Where it is less, the tip is the first to be short: what is owed comes before it.
        """
        if amount.amount <= 0:
            raise NothingPaid(amount.amount)
        agreed = max(amount, self.amount) if self.state is PaymentState.REVIEW else self.amount
        if amount > agreed:
            raise MoreThanAuthorized(self.amount.amount, amount.amount, self.currency.code)
        moved = self.moved("capture", reference=reference)
        tip = max(self.tip - (agreed - amount), Money.zero(self.currency))
        taken = replace(moved, amount=agreed, captured=amount, tip=tip)
        return replace(taken, captured_at=at, business_date=day)

    def check_credit(self, amount: Money) -> None:
        """Refuse to use more credit than is left."""
        if amount > self.credit:
            raise CreditExceeded(self.credit.amount, amount.amount, self.currency.code)

    def with_allocated(self, amount: Money) -> Payment:
        """After orders were given an amount of it."""
        self.check_credit(amount)
        return replace(self, allocated=self.allocated + amount)

    def anonymized(self) -> Payment:
        """The same money from nobody. A gateway's reference stays: refunds are asked for by it."""
        kept = replace(self, note="", reference=self.reference if self.gateway else "")
        return self if kept == self else kept.next_version()

    def next_version(self) -> Payment:
        """About to change without a step of its life."""
        return replace(self, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class PaymentAllocation:
    """What an order got of a payment, and what of that went back or is on its way."""

    id: AllocationId
    payment_id: PaymentId
    order_id: OrderId
    currency: Currency
    amount: Money
    refunded: Money
    allocated_at: datetime

    @property
    def refundable(self) -> Money:
        """What has not gone back."""
        return self.amount - self.refunded
