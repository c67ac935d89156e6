"""The desk between the bus and the gateways: intend, call, record; never a call in a transaction.

Whatever breaks in between, the intention is written down: :meth:`PaymentDesk.complete` asks again
with the same identifiers, and the gateway does nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tradepost.kernel.ids import PaymentId, ReturnId
from tradepost.kernel.messages import Actor, Scope
from tradepost.payments.commands.asking import AskGateway, Started, StartPayment
from tradepost.payments.commands.cashier import Refunded
from tradepost.payments.commands.hearing import HEARS, ReceiveCallback, RecordAnswer
from tradepost.payments.commands.listener import Heard
from tradepost.payments.commands.record import Recorded
from tradepost.payments.commands.refund import RefundPayment
from tradepost.payments.domain.call import CallToMake
from tradepost.payments.errors import GatewayDown, GatewayUnknown
from tradepost.payments.gateway.sandbox import Callback, SandboxGateway
from tradepost.payments.ports import Gateway
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Reader

PATIENCE_S = 10
"""How long a gateway may take to answer."""
LEASE = timedelta(seconds=90)
"""How old an unanswered call must be before somebody else asks again."""
BATCH_MAX = 100
_VOICE = Actor("gateway", permissions=frozenset({HEARS}))
OpenCalls = Callable[[Reader, datetime, int], Awaitable[Sequence[CallToMake]]]
"""The query of calls intended before an instant that nobody has answered, oldest first."""

PendingCalls = Callable[[Reader, PaymentId], Awaitable[Sequence[CallToMake]]]
"""The query of a payment's calls that were answered by "later"."""
CallsOfReturn = Callable[[Reader, ReturnId], Awaitable[Sequence[CallToMake]]]
"""The query of a return's calls that nobody has answered."""


class PaymentDesk:
    """Pays, captures, voids and refunds by gateways, and takes their call-backs in."""

    def __init__(
        self,
        bus: Bus,
        gateways: Mapping[str, Gateway],
        open_calls: OpenCalls,
        pending_calls: PendingCalls,
        calls_of_return: CallsOfReturn,
    ) -> None:
        self._bus = bus
        self._gateways = gateways
        self._open_calls = open_calls
        self._pending_calls = pending_calls
        self._calls_of_return = calls_of_return

    async def pay(self, scope: Scope, wish: StartPayment, *, key: str | None = None) -> Recorded:
        """Pay orders; a gateway that does not answer leaves the payment pending.

        :raises GatewayUnknown: if there is no such gateway.
        """
        self._gateway(wish.gateway)
        return await self._asked(scope, await self._bus.send(scope, wish, key=key))

    async def ask(self, scope: Scope, wish: AskGateway, *, key: str | None = None) -> Recorded:
        """Capture or void a payment by its gateway."""
        return await self._asked(scope, await self._bus.send(scope, wish, key=key))

    async def refund(
        self, scope: Scope, wish: RefundPayment, *, key: str | None = None
    ) -> Refunded:
        """Refund by whatever the money came in with; gateways are asked at once."""
        refunded: Refunded = await self._bus.send(scope, wish, key=key)
        return await self.carry_out(scope, refunded)

    async def carry_out(self, scope: Scope, refunded: Refunded) -> Refunded:
        """Make the calls that a refund needs; its ways back as they then stand."""
        heard = [await self._make(scope, call) for call in refunded.calls]
        known = {one.refund.refund_id: one.refund for one in heard if one and one.refund}
        views = tuple(known.get(view.refund_id, view) for view in refunded.refunds)
        return replace(refunded, refunds=views)

    async def carry_out_return(self, scope: Scope, return_id: ReturnId) -> None:
        """Make the calls that a return was left with when it was paid for."""
        for call in await self._bus.ask(scope, self._calls_of_return, return_id):
            await self._make(scope, call)

    async def complete(self, scope: Scope, now: datetime) -> int:
        """Ask again what was intended long ago and never answered; how many were answered."""
        waiting = await self._bus.ask(scope, self._open_calls, now - LEASE, BATCH_MAX)
        heard = [await self._make(scope, call) for call in waiting]
        return sum(one is not None for one in heard)

    async def receive(self, scope: Scope, gateway: str, body: bytes, signature: str) -> Heard:
        """Take a call-back in, if the gateway signed it.

        :raises BadSignature: if it did not.
        """
        event = self._gateway(gateway).read(body, signature)
        spoken = replace(scope, actor=_VOICE)
        heard: Heard = await self._bus.send(spoken, ReceiveCallback(event))
        return heard

    async def sandbox_callbacks(self, scope: Scope, payment_id: PaymentId) -> list[Callback]:
        """The call-backs that a payment's calls to the sandbox still lead to; no others."""
        calls = await self._bus.ask(scope, self._pending_calls, payment_id)
        found = [(self._gateway(call.gateway), call) for call in calls]
        return [one.callback(call) for one, call in found if isinstance(one, SandboxGateway)]

    async def _asked(self, scope: Scope, started: Started) -> Recorded:
        payment = started.payment
        for call in started.calls:
            heard = await self._make(scope, call)
            payment = heard.payment if heard else payment
        return payment

    async def _make(self, scope: Scope, call: CallToMake) -> Heard | None:
        """Call, and record the answer; without one the call stays open for the completer."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self._gateway(call.gateway).call(call)
        except (GatewayDown, TimeoutError):
            return None
        spoken = replace(scope, actor=_VOICE)
        record = RecordAnswer(call.payment_id, call.call_id, answer)
        heard: Heard = await self._bus.send(spoken, record)
        return heard

    def _gateway(self, name: str) -> Gateway:
        found = self._gateways.get(name)
        if found is None:
            raise GatewayUnknown(name, ", ".join(sorted(self._gateways)) or "none")
        return found
