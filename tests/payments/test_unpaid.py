"""An order that a gateway has promised money for is not called off as unpaid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.payments.counter import Counter
from tests.payments.till import Till
from tradepost.payments.commands import AskGateway
from tradepost.payments.gateway.sandbox import Token
from tradepost.wiring.parts import build_bus
from tradepost.wiring.unpaid import call_off_unpaid


class InAMonth:
    """A clock that is ahead."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=30)


async def test_promised_money_saves_an_order_until_it_is_given_back(
    counter: Counter, till: Till
) -> None:
    order_id = await till.order(10)
    payment_id = await counter.pay(order_id, Token.OK, capture=False)
    later = build_bus(till.bus.store, clock=InAMonth())
    assert await call_off_unpaid(later, till.scope) == 0
    await counter.desk.ask(till.scope, AskGateway(payment_id, "void"))
    assert await call_off_unpaid(later, till.scope) == 1
    assert (await till.look(order_id)).status == "cancelled"
