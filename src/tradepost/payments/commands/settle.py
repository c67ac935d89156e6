"""Money that others held arrives at the bank, less what they kept for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from tradepost.events.payments import PaymentsSettled
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import Ids, PaymentId, RefundId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.payments.domain.settlement import Settlement, settled, settlement
from tradepost.payments.errors import NothingToSettle
from tradepost.payments.ports import Books, Payments, Refunds, Terms

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class SettlePayments(Command):
    """Note that the money of payments, less that of refunds and a fee, is in the bank.

    What a person held is in the safe instead, but for what is ``missing``.
    """

    payment_ids: tuple[PaymentId, ...]
    refund_ids: tuple[RefundId, ...] = ()
    fee: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What arrived; amounts in minor units, ``arrived`` is what is left after the fee, but for what
    is missing."""

    settlement_id: UUID
    method: str
    currency: str
    amount: int
    fee: int
    arrived: int


async def settle_payments(
    wish: SettlePayments,
    payments: Payments,
    refunds: Refunds,
    books: Books,
    terms: Terms,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> Settled:
    """Mark each as settled, and post what arrived and what was kept."""
    actor.must("payments.record")
    if not wish.payment_ids and not wish.refund_ids:
        raise NothingToSettle
    paid = _all(await payments.lock(wish.payment_ids), wish.payment_ids, "payment")
    gone = _all(await refunds.lock(wish.refund_ids), wish.refund_ids, "refund")
    kept = wish.fee, wish.missing
    made = settlement(ids.new(), paid, gone, kept, wish.at, terms.day_of(wish.at))
    paid, gone = settled(paid, gone, wish.at)
    await payments.save(paid)
    await refunds.save(gone)
    books.settled(made)
    facts.tell(_fact(made, wish), 1, wish.at)
    return _answer(made)


def _all(found: dict[T, S], wanted: Sequence[T], what: str) -> list[S]:
    for id in wanted:
        if id not in found:
            raise Unknown(what, str(id))
    return list(found.values())


def _fact(made: Settlement, wish: SettlePayments) -> PaymentsSettled:
    return PaymentsSettled(
        settlement_id=made.id,
        method=made.method.value,
        currency=made.currency.code,
        amount=made.amount.amount,
        fee=made.fee.amount,
        payments=wish.payment_ids,
        refunds=wish.refund_ids,
    )


def _answer(made: Settlement) -> Settled:
    return Settled(
        settlement_id=made.id,
        method=made.method.value,
        currency=made.currency.code,
        amount=made.amount.amount,
        fee=made.fee.amount,
        arrived=(made.amount - made.fee - made.missing).amount,
    )
