"""Money that is there already: a bank transfer, cash, a card at the terminal, paid at the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from tradepost.kernel.batch import Batch
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import CustomerId, Ids, PaymentId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.text import one_line
from tradepost.payments.commands.told import payment_fact
from tradepost.payments.domain.dues import Laid, OpenDues, check_shares
from tradepost.payments.domain.payment import Method, Payment, PaymentState, Share
from tradepost.payments.errors import NothingDue, NothingPaid, TakenByGateway
from tradepost.payments.ports import Books, Dues, Payments, Terms


@dataclass(frozen=True, slots=True)
class RecordPayment(Command):
    """Record money that came in, in minor units, and give orders their shares of it.

    Without an amount it is what the orders owe. What no order owes stays the customer's credit;
    an order that gets less than it owes goes on waiting for the rest. A ``tip`` comes on top. What
    is ``held_by`` a person is theirs to hand in.
    """

    orders: tuple[Share, ...] = ()
    method: str = Method.BANK_TRANSFER.value
    amount: int | None = None
    tip: int = 0
    currency: str | None = None
    reference: str = ""
    customer_id: CustomerId | None = None
    held_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A payment as it stands; amounts in minor units, ``credit`` is what nobody was given."""

    payment_id: PaymentId
    state: str
    currency: str
    captured: int
    allocated: int
    tip: int
    credit: int
    refunded: int
    version: int


async def record_payments(
    wishes: list[RecordPayment],
    dues: Dues,
    payments: Payments,
    books: Books,
    terms: Terms,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> list[Recorded | Refusal]:
    """Record each payment, or say what is wrong with it."""
    actor.must("payments.record")
    named = {share.order_id for wish in wishes for share in wish.orders}
    owed = OpenDues(await dues.lock(sorted(named)) if named else {})
    batch = Batch(wishes)
    batch.each(lambda wish: _laid(wish, owed, terms, ids))
    for payment, _ in batch.live:
        payments.add(payment)
    await take_in(batch.live, dues, payments, books, facts)
    batch.take([recorded(payment) for payment, _ in batch.live])
    return batch.answers


async def take_in(
    laid: Sequence[Laid], dues: Dues, payments: Payments, books: Books, facts: Facts
) -> None:
    """What every capture comes to: allocations, postings, facts, and the orders told."""
    for payment, made in laid:
        payments.allocate(made)
        books.captured(payment)
        assert payment.captured_at is not None
        facts.tell(payment_fact(payment, made), payment.version, payment.captured_at)
    given = list(chain.from_iterable(made for _, made in laid))
    if given:
        await dues.paid(given)


def _laid(wish: RecordPayment, owed: OpenDues, terms: Terms, ids: Ids) -> Laid:
    payment = opened(wish, owed, terms, ids)
    if payment.method is Method.GATEWAY:
        raise TakenByGateway("a gateway", "capture")
    taken = payment.with_captured(payment.amount, payment.business_date, wish.at)
    return owed.lay(taken, wish.orders, ids, wish.at)


def opened(wish: RecordPayment, owed: OpenDues, terms: Terms, ids: Ids) -> Payment:
    """The pending payment that a wish asks for, checked against what its orders owe."""
    dues = [owed.of(share.order_id) for share in wish.orders]
    ours = dues[0].currency if dues else terms.currency
    currency = ours if wish.currency is None else Currency.parse(wish.currency)
    owed.check(wish.orders, currency)
    amount = wish.amount
    if amount is None:
        amount = sum(owed.owed(share) for share in wish.orders)
        if not amount:
            raise NothingDue
    if amount <= 0:
        raise NothingPaid(amount)
    if wish.tip < 0:
        raise NothingPaid(wish.tip)
    check_shares(wish.orders, amount)
    zero = Money.zero(currency)
    return Payment(
        id=PaymentId(ids.new()),
        method=Method.named(wish.method),
        gateway=None,
        state=PaymentState.PENDING,
        currency=currency,
        amount=Money(amount + wish.tip, currency),
        captured=zero,
        allocated=zero,
        tip=Money(wish.tip, currency),
        refunded=zero,
        credit_refunded=zero,
        shares=wish.orders,
        promised=(),
        customer_id=wish.customer_id or next((due.customer_id for due in dues), None),
        held_by=wish.held_by,
        reference=one_line(wish.reference, "reference", shortest=0),
        note="",
        opened_at=wish.at,
        captured_at=None,
        settled_at=None,
        business_date=terms.day_of(wish.at),
        version=0,
    )


def recorded(payment: Payment) -> Recorded:
    """What is answered about a payment."""
    return Recorded(
        payment_id=payment.id,
        state=payment.state.value,
        currency=payment.currency.code,
        captured=payment.captured.amount,
        allocated=payment.allocated.amount,
        tip=payment.tip.amount,
        credit=payment.credit.amount,
        refunded=payment.refunded.amount,
        version=payment.version,
    )
