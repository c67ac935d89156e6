"""Takes in what gateways say, late, doubled or out of order, and lets it take effect once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import PaymentId, RefundId
from tradepost.kernel.money import Money
from tradepost.payments.commands.cashier import Cashier, RefundView, refund_view
from tradepost.payments.commands.record import Recorded, recorded
from tradepost.payments.commands.teller import Teller
from tradepost.payments.domain.call import (
    CallAction,
    EventKind,
    GatewayAnswer,
    GatewayCall,
    GatewayEvent,
    HeardEvent,
    meaning,
)
from tradepost.payments.domain.hearing import Result, judged
from tradepost.payments.domain.payment import Payment
from tradepost.payments.domain.refund import Refund
from tradepost.payments.errors import CallUnderWay
from tradepost.payments.ports import Calls, Refunds


@dataclass(frozen=True, slots=True)
class Heard:
    """A payment, and the refund that it was about, after something was heard of them."""

    result: str
    payment: Recorded
    refund: RefundView | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    kind: EventKind
    amount: int
    currency: str
    reference: str
    refund_id: RefundId | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Overruling:
    """A person's word on a refund: ``issued`` or ``failed``, and why."""

    refund_id: RefundId
    outcome: str
    reason: str
    version: int | None


class Listener:
    """Hears gateways out under the payment's lock, which keeps twins of an event waiting."""

    def __init__(self, teller: Teller, cashier: Cashier, refunds: Refunds, calls: Calls) -> None:
        self._refunds = refunds
        self._teller = teller
        self._cashier = cashier
        self._calls = calls

    async def answer(
        self, payment_id: PaymentId, call_id: UUID, answer: GatewayAnswer, at: datetime
    ) -> Heard:
        """What was answered to a call; :class:`Unknown` if no such call was to be made."""
        payment = await self._teller.lock(payment_id)
        calls = await self._calls.of(payment.id)
        call = next((one for one in calls if one.id == call_id), None)
        if call is None:
            raise Unknown("call", str(call_id))
        kind = meaning(call.action, answer.outcome)
        if call.outcome is not None:
            return await self._as_it_is(payment, call.refund_id, Result.REPEATED)
        await self._calls.save(call.answered(answer.outcome, at))
        if kind is None:
            return await self._as_it_is(payment, call.refund_id, Result.IGNORED)
        said = _Said(kind, answer.amount, answer.currency, answer.reference, call.refund_id, at)
        return await self._believe(payment, said, calls)

    async def event(self, event: GatewayEvent, at: datetime) -> Heard:
        """What was told by a call-back; another gateway's payment is unknown to this one."""
        payment = await self._teller.lock(event.payment_id)
        if payment.gateway != event.gateway:
            raise Unknown("payment", str(event.payment_id))
        if await self._calls.heard(event.gateway, event.event_id):
            return await self._as_it_is(payment, event.refund_id, Result.REPEATED)
        said = _Said(event.kind, event.amount, event.currency, event.reference, event.refund_id, at)
        heard = await self._believe(payment, said, await self._calls.of(payment.id))
        noted = (event.gateway, event.event_id, payment.id, event.kind.value, heard.result, at)
        self._calls.hear(HeardEvent(*noted))
        return heard

    async def overruled(self, wish: Overruling, at: datetime) -> Refund:
        """A refund as a person closed it.

        :raises CallUnderWay: while the gateway is still being asked.
        :raises Stale: if the refund is no longer at the version.
        """
        payment_id = await self._refunds.payment_of(wish.refund_id)
        if payment_id is None:
            raise Unknown("refund", str(wish.refund_id))
        payment = await self._teller.lock(payment_id)
        refund = await self._cashier.lock(wish.refund_id, payment.id)
        if wish.version is not None and wish.version != refund.version:
            raise Stale("refund", wish.version, refund.version)
        for call in await self._calls.of(payment.id):
            if call.refund_id == refund.id and call.outcome is None:
                raise CallUnderWay(call.action.value)
        return await self._cashier.close_by_hand(refund, payment.id, wish.outcome, wish.reason, at)

    async def _believe(self, payment: Payment, said: _Said, calls: Sequence[GatewayCall]) -> Heard:
        if said.kind in (EventKind.REFUNDED, EventKind.REFUND_FAILED):
            return await self._refunded(payment, said)
        asked = {one.amount.amount for one in calls if one.action is CallAction.CAPTURE}
        expected = {payment.amount.amount, *asked}
        verdict = judged(payment, said.kind, said.amount, said.currency, expected)
        if verdict.action == "capture":
            amount = Money(said.amount, payment.currency)
            payment = await self._teller.capture(payment, amount, said.at, said.reference)
        elif verdict.action:
            payment = await self._teller.move(
                payment, verdict.action, said.at, said.reference, verdict.note
            )
        return Heard(verdict.result.value, recorded(payment))

    async def _refunded(self, payment: Payment, said: _Said) -> Heard:
        if said.refund_id is None:
            return Heard(Result.IGNORED.value, recorded(payment))
        paid = (said.amount, said.currency) if said.kind is EventKind.REFUNDED else None
        result, refund = await self._cashier.close(
            said.refund_id, payment.id, paid, said.at, said.reference
        )
        return Heard(result.value, recorded(payment), refund_view(refund))

    async def _as_it_is(
        self, payment: Payment, refund_id: RefundId | None, result: Result
    ) -> Heard:
        if refund_id is None:
            return Heard(result.value, recorded(payment))
        refund = await self._cashier.lock(refund_id, payment.id)
        return Heard(result.value, recorded(payment), refund_view(refund))
