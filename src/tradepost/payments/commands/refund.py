"""Money back: a whole order, lines of it, an amount, many times; or a payment's credit."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.batch import Batch
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import OrderId, OrderLineId, PaymentId
from tradepost.kernel.messages import Actor, Command
from tradepost.kernel.text import one_line
from tradepost.payments.commands.cashier import Cashier, Refunded
from tradepost.payments.domain.payback import RefundWish
from tradepost.payments.domain.payment import Method
from tradepost.payments.errors import RefundUnclear
from tradepost.payments.ports import Terms


@dataclass(frozen=True, slots=True)
class RefundLine:
    """An order line, and what of it is refunded in minor units, tax inside; else all of it."""

    order_line_id: OrderLineId
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class RefundPayment(Command):
    """Pay an order back: lines, an amount, or all that came in; or credit that a payment has left.

    ``payment_id`` alone means that payment's credit; with an order, only what came in by it.
    ``method`` is the way back where it is not the way the money came.
    """

    order_id: OrderId | None = None
    payment_id: PaymentId | None = None
    lines: tuple[RefundLine, ...] = ()
    amount: int | None = None
    method: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConcedeDue(Command):
    """Credit all that an order still owes, so that it owes nothing."""

    order_id: OrderId
    reason: str = ""


async def concede_due(wish: ConcedeDue, cashier: Cashier, terms: Terms, actor: Actor) -> Refunded:
    """A credit note on what is owed."""
    actor.must("orders.refund")
    whole = RefundPayment(wish.order_id, reason=wish.reason, at=wish.at)
    return await cashier.concede(_understood(whole, terms))


async def refund_payments(
    wishes: list[RefundPayment], cashier: Cashier, terms: Terms, actor: Actor
) -> list[Refunded | Refusal]:
    """Refund each, or say why not."""
    actor.must("orders.refund")
    batch = Batch(wishes)
    batch.each(lambda wish: _understood(wish, terms))
    return await cashier.refund(batch.members)


def _understood(wish: RefundPayment, terms: Terms) -> RefundWish:
    on_credit = wish.order_id is None
    unnamed = on_credit and wish.payment_id is None
    if unnamed or (wish.lines and (on_credit or wish.amount is not None)):
        raise RefundUnclear
    method = Method.on_the_spot(wish.method) if wish.method else None
    return RefundWish(
        order_id=wish.order_id,
        payment_id=wish.payment_id,
        lines=tuple((line.order_line_id, line.amount) for line in wish.lines),
        amount=wish.amount,
        method=method,
        reason=one_line(wish.reason, "reason", shortest=0),
        at=wish.at,
        business_date=terms.day_of(wish.at),
    )
