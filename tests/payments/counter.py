"""A till with a sandbox gateway."""

from __future__ import annotations

from uuid import uuid4

from tests.payments.till import Till
from tradepost.kernel.ids import OrderId, PaymentId
from tradepost.payments.commands import StartPayment
from tradepost.payments.domain.call import EventKind, GatewayEvent
from tradepost.payments.domain.payment import Share
from tradepost.payments.gateway.desk import PaymentDesk
from tradepost.payments.gateway.sandbox import Callback, SandboxGateway, Token
from tradepost.payments.storage.calls import pending_calls
from tradepost.wiring.payments import desk_of

SECRET = b"shared by the shop and the sandbox"


class Counter:
    """A till with a sandbox gateway."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.sandbox = SandboxGateway(SECRET)
        self.desk: PaymentDesk = desk_of(till.bus, {"sandbox": self.sandbox})

    async def pay(self, order_id: OrderId, token: Token, *, capture: bool = True) -> PaymentId:
        wish = StartPayment((Share(order_id),), "sandbox", token, capture=capture)
        paid = await self.desk.pay(self.till.scope, wish)
        return paid.payment_id

    async def hear(self, callback: Callback) -> tuple[str, str]:
        """What came of a call-back, and the state of the payment after it."""
        heard = await self.desk.receive(
            self.till.scope, "sandbox", callback.body, callback.signature
        )
        return heard.result, heard.payment.state

    async def outgoing(self, payment_id: PaymentId) -> list[Callback]:
        """The call-backs that the sandbox owes a payment."""
        calls = await self.till.bus.ask(self.till.scope, pending_calls, payment_id)
        return [self.sandbox.callback(call) for call in calls]

    def event(self, payment_id: PaymentId, kind: EventKind, amount: int = 1000) -> Callback:
        """A call-back with an identifier that is new."""
        event_id = f"evt_{uuid4().hex}"
        event = GatewayEvent("sandbox", event_id, kind, payment_id, None, amount, "GBP", "ref")
        return self.sandbox.signed(event)
