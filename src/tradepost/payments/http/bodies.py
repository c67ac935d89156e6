"""What staff send about payments; amounts are minor units."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from tradepost.kernel.ids import CustomerId, OrderId, OrderLineId, PaymentId, RefundId
from tradepost.payments.commands import (
    CloseRefund,
    RecordPayment,
    RefundLine,
    RefundPayment,
    SettlePayments,
)
from tradepost.payments.domain.payment import Method, Share
from tradepost.platform.web import Body
from tradepost.platform.web.body import Amount, Line

MANY = 10_000


class ShareBody(Body, frozen=True):
    """An order and what it gets; without an amount all it still owes."""

    order_id: UUID
    amount: Amount | None = None

    def parsed(self) -> Share:
        """The same as the domain has it."""
        return Share(OrderId(self.order_id), self.amount)


class RecordBody(Body, frozen=True, kw_only=True):
    """Money that came in; without an amount what its orders owe. A tip comes on top."""

    method: Method
    orders: Annotated[tuple[ShareBody, ...], Meta(max_length=MANY)] = ()
    amount: Amount | None = None
    tip: Annotated[int, Meta(ge=0, le=10**15)] = 0
    currency: Annotated[str, Meta(min_length=3, max_length=3)] | None = None
    reference: Line = ""
    customer_id: UUID | None = None

    def wish(self) -> RecordPayment:
        """The command."""
        return RecordPayment(
            orders=tuple(share.parsed() for share in self.orders),
            method=self.method.value,
            amount=self.amount,
            tip=self.tip,
            currency=self.currency,
            reference=self.reference,
            customer_id=None if self.customer_id is None else CustomerId(self.customer_id),
        )


class CaptureBody(Body, frozen=True):
    """How much came in; without an amount all that was agreed on."""

    amount: Amount | None = None
    reference: Line = ""


class ReasonBody(Body, frozen=True):
    """Why."""

    reason: Line = ""


class SharesBody(Body, frozen=True):
    """The orders that get of a payment's credit."""

    orders: Annotated[tuple[ShareBody, ...], Meta(min_length=1, max_length=MANY)]


class RefundLineBody(Body, frozen=True):
    """An order line; without an amount all that is left of it, tax inside."""

    order_line_id: UUID
    amount: Amount | None = None


class RefundBody(Body, frozen=True):
    """Lines, or an amount, or neither for all of it; ``method`` where it is not the way it came."""

    lines: Annotated[tuple[RefundLineBody, ...], Meta(max_length=MANY)] = ()
    amount: Amount | None = None
    payment_id: UUID | None = None
    method: Method | None = None
    reason: Line = ""

    def wish(self, order_id: OrderId) -> RefundPayment:
        """The command."""
        return RefundPayment(
            order_id=order_id,
            payment_id=None if self.payment_id is None else PaymentId(self.payment_id),
            lines=tuple(
                RefundLine(OrderLineId(line.order_line_id), line.amount) for line in self.lines
            ),
            amount=self.amount,
            method=self.method.value if self.method else None,
            reason=self.reason,
        )


class CloseRefundBody(Body, frozen=True):
    """How a gateway's refund came out, and how that is known."""

    outcome: Literal["issued", "failed"]
    reason: Annotated[str, Meta(min_length=1, max_length=255)]

    def wish(self, refund_id: RefundId, version: int | None) -> CloseRefund:
        """The command."""
        return CloseRefund(refund_id, self.outcome, self.reason, version)


class CreditRefundBody(Body, frozen=True):
    """How much of a payment's credit goes back; without an amount all of it."""

    amount: Amount | None = None
    method: Method | None = None
    reason: Line = ""

    def wish(self, payment_id: PaymentId) -> RefundPayment:
        """The command."""
        return RefundPayment(
            payment_id=payment_id,
            amount=self.amount,
            method=self.method.value if self.method else None,
            reason=self.reason,
        )


class SettlementBody(Body, frozen=True):
    """Payments and refunds whose money has arrived, less a fee that was kept."""

    payment_ids: Annotated[tuple[UUID, ...], Meta(max_length=MANY)] = ()
    refund_ids: Annotated[tuple[UUID, ...], Meta(max_length=MANY)] = ()
    fee: Amount = 0

    def wish(self) -> SettlePayments:
        """The command."""
        return SettlePayments(
            tuple(map(PaymentId, self.payment_ids)),
            tuple(map(RefundId, self.refund_ids)),
            self.fee,
        )
