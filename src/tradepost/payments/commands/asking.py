"""What a gateway is to be asked, written down first; it is asked once this has been committed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tradepost.kernel.errors import BadValue, Unknown
from tradepost.kernel.ids import CustomerId, Ids, PaymentId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.money import Money
from tradepost.kernel.text import one_line
from tradepost.payments.commands.record import Recorded, RecordPayment, opened, recorded
from tradepost.payments.commands.teller import Teller
from tradepost.payments.commands.told import payment_fact
from tradepost.payments.domain.call import CallAction, CallToMake, GatewayCall, to_make
from tradepost.payments.domain.dues import OpenDues
from tradepost.payments.domain.payment import STATES, Method, Payment, Share
from tradepost.payments.errors import CallUnderWay, GatewayNotTaken, MoreThanAuthorized, NothingPaid
from tradepost.payments.ports import Calls, Dues, Payments, Terms


@dataclass(frozen=True, slots=True)
class StartPayment(Command):
    """Pay orders by a gateway; ``token`` stands for what the shopper pays with.

    Without ``capture`` the money is only promised until somebody captures it. With an ``owner``
    only that customer's orders are known.
    """

    orders: tuple[Share, ...]
    gateway: str
    token: str
    amount: int | None = None
    capture: bool = True
    owner: CustomerId | None = None


@dataclass(frozen=True, slots=True)
class AskGateway(Command):
    """Ask a payment's gateway to ``capture`` it (or an amount of it) or to ``void`` it."""

    payment_id: PaymentId
    action: str
    amount: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A payment, and what its gateway is to be asked now."""

    payment: Recorded
    calls: tuple[CallToMake, ...]


async def start_payment(
    wish: StartPayment,
    dues: Dues,
    payments: Payments,
    calls: Calls,
    terms: Terms,
    ids: Ids,
    facts: Facts,
) -> Started:
    """A pending payment, and the call that will ask for the money."""
    if Method.GATEWAY not in terms.methods:
        raise GatewayNotTaken
    owed = OpenDues(await dues.lock(sorted({share.order_id for share in wish.orders})))
    payment, call = _started(wish, owed, terms, ids)
    payments.add(payment)
    calls.add(call)
    facts.tell(payment_fact(payment), payment.version, wish.at)
    return Started(recorded(payment), (to_make(call),))


async def ask_gateway(
    wish: AskGateway, teller: Teller, calls: Calls, actor: Actor, ids: Ids
) -> Started:
    """A call about a payment that is there; one at a time."""
    actor.must("payments.record")
    payment = await teller.lock(wish.payment_id, wish.version)
    action = _askable(payment, wish)
    for earlier in await calls.of(payment.id):
        if earlier.outcome is None:
            raise CallUnderWay(earlier.action.value)
    amount = payment.amount if wish.amount is None else Money(wish.amount, payment.currency)
    call = _call(payment, action, amount, ids.new(), "", wish.at)
    calls.add(call)
    return Started(recorded(payment), (to_make(call),))


def _started(
    wish: StartPayment, owed: OpenDues, terms: Terms, ids: Ids
) -> tuple[Payment, GatewayCall]:
    for share in wish.orders:
        if wish.owner and owed.of(share.order_id).customer_id != wish.owner:
            raise Unknown("order", str(share.order_id))
    wanted = RecordPayment(wish.orders, Method.GATEWAY.value, wish.amount, at=wish.at)
    gateway = one_line(wish.gateway, "gateway")
    payment = replace(opened(wanted, owed, terms, ids), gateway=gateway, version=1)
    action = CallAction.PURCHASE if wish.capture else CallAction.AUTHORIZE
    token = one_line(wish.token, "token")
    return payment, _call(payment, action, payment.amount, ids.new(), token, wish.at)


def _askable(payment: Payment, wish: AskGateway) -> CallAction:
    if wish.action not in (CallAction.CAPTURE, CallAction.VOID):
        raise BadValue("action", "must be capture or void")
    if payment.gateway is None:
        raise Unknown("gateway payment", str(payment.id))
    STATES.after(payment.state, wish.action)
    if wish.amount is not None and wish.amount <= 0:
        raise NothingPaid(wish.amount)
    if wish.amount is not None and wish.amount > payment.amount.amount:
        agreed = payment.amount.amount
        raise MoreThanAuthorized(agreed, wish.amount, payment.currency.code)
    return CallAction(wish.action)


def _call(
    payment: Payment, action: CallAction, amount: Money, id: UUID, token: str, at: datetime
) -> GatewayCall:
    assert payment.gateway is not None
    return GatewayCall(
        id=id,
        payment_id=payment.id,
        refund_id=None,
        gateway=payment.gateway,
        action=action,
        currency=amount.currency,
        amount=amount,
        token=token,
        reference=payment.reference,
        outcome=None,
        intended_at=at,
        answered_at=None,
    )
