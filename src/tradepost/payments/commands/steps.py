"""A payment's steps by hand: expected, promised, come in, given back, failed, given to orders."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.kernel.ids import Ids, PaymentId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.money import Money
from tradepost.kernel.text import one_line
from tradepost.payments.commands.record import Recorded, RecordPayment, opened, recorded
from tradepost.payments.commands.teller import Teller
from tradepost.payments.commands.told import payment_fact
from tradepost.payments.domain.dues import OpenDues
from tradepost.payments.domain.payment import Method, Share
from tradepost.payments.errors import NothingDue, TakenByGateway
from tradepost.payments.ports import Dues, Payments, Terms


@dataclass(frozen=True, slots=True)
class OpenPayment(RecordPayment):
    """Expect money for orders: a payment that is pending until it is captured, voided or failed."""


@dataclass(frozen=True, slots=True)
class AuthorizePayment(Command):
    """Note that the money is promised."""

    payment_id: PaymentId
    reference: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CapturePayment(Command):
    """Note that the money came in: all that was agreed on, or an amount in minor units.

    Of a payment in review it may be any amount: what really came.
    """

    payment_id: PaymentId
    amount: int | None = None
    reference: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class VoidPayment(Command):
    """Give a promise back before money moves."""

    payment_id: PaymentId
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class FailPayment(Command):
    """Note that no money will come."""

    payment_id: PaymentId
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AllocatePayment(Command):
    """Give orders of the credit that a payment has left."""

    payment_id: PaymentId
    orders: tuple[Share, ...]
    version: int | None = None


async def open_payment(
    wish: OpenPayment,
    dues: Dues,
    payments: Payments,
    terms: Terms,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> Recorded:
    """A pending payment for what the orders owe."""
    actor.must("payments.record")
    owed = OpenDues(await dues.lock(sorted({share.order_id for share in wish.orders})))
    payment = replace(opened(wish, owed, terms, ids), version=1)
    if payment.method is Method.GATEWAY:
        raise TakenByGateway("a gateway", "open")
    payments.add(payment)
    facts.tell(payment_fact(payment), payment.version, wish.at)
    return recorded(payment)


async def authorize_payment(wish: AuthorizePayment, teller: Teller, actor: Actor) -> Recorded:
    """The money is promised."""
    actor.must("payments.record")
    payment = await teller.lock(wish.payment_id, wish.version)
    payment.by_hand("authorize")
    reference = one_line(wish.reference, "reference", shortest=0)
    return recorded(await teller.move(payment, "authorize", wish.at, reference))


async def capture_payment(wish: CapturePayment, teller: Teller, actor: Actor) -> Recorded:
    """The money came in."""
    actor.must("payments.record")
    payment = await teller.lock(wish.payment_id, wish.version)
    payment.by_hand("capture")
    amount = payment.amount if wish.amount is None else Money(wish.amount, payment.currency)
    reference = one_line(wish.reference, "reference", shortest=0)
    return recorded(await teller.capture(payment, amount, wish.at, reference))


async def void_payment(wish: VoidPayment, teller: Teller, actor: Actor) -> Recorded:
    """The promise is given back."""
    return await _given_up("void", wish, teller, actor)


async def fail_payment(wish: FailPayment, teller: Teller, actor: Actor) -> Recorded:
    """No money will come."""
    return await _given_up("fail", wish, teller, actor)


async def _given_up(
    action: str, wish: VoidPayment | FailPayment, teller: Teller, actor: Actor
) -> Recorded:
    actor.must("payments.record")
    payment = await teller.lock(wish.payment_id, wish.version)
    payment.by_hand(action)
    note = one_line(wish.reason, "reason", shortest=0)
    return recorded(await teller.move(payment, action, wish.at, note=note))


async def allocate_payment(wish: AllocatePayment, teller: Teller, actor: Actor) -> Recorded:
    """Credit pays for orders."""
    actor.must("payments.record")
    payment = await teller.lock(wish.payment_id, wish.version, wish.orders)
    paid = await teller.allocate(payment, wish.orders, wish.at)
    if paid.allocated == payment.allocated:
        raise NothingDue
    return recorded(paid)
