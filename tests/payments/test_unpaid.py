"""An order that a gateway has promised money for is not called off as unpaid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.payments.counter import Counter
from tests.payments.till import Till
from tradepost.kernel.messages import Scope
from tradepost.payments.commands import AskGateway
from tradepost.payments.gateway.sandbox import Token
from tradepost.wiring import unpaid
from tradepost.wiring.parts import build_bus
from tradepost.wiring.unpaid import call_off_unpaid

pytestmark = pytest.mark.asyncio(loop_scope="module")


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


async def test_orders_that_are_spared_keep_none_behind_them_waiting(
    counter: Counter, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpaid, "SWEPT_MAX", 2)
    for _ in range(5):
        await counter.pay(await till.order(10), Token.OK, capture=False)
    order_id = await till.order(10)
    later = build_bus(till.bus.store, clock=InAMonth())
    assert await call_off_unpaid(later, till.scope) == 1
    assert (await till.look(order_id)).status == "cancelled"
    assert await call_off_unpaid(later, till.scope) == 0


async def test_a_promise_that_comes_while_the_sweep_is_at_it_saves_the_order(
    counter: Counter, till: Till
) -> None:
    order_id = await till.order(10)
    later = build_bus(till.bus.store, clock=InAMonth())
    ask = later.ask

    async def ask_and_be_overtaken(scope: Scope, query: Any, *args: Any) -> Any:
        answer = await ask(scope, query, *args)
        if query is unpaid._promised:
            await counter.pay(order_id, Token.OK, capture=False)
        return answer

    later.ask = ask_and_be_overtaken  # type: ignore[method-assign]  # stands between
    assert await call_off_unpaid(later, till.scope) == 0
    order = await till.look(order_id)
    assert (order.status, order.payment_status) == ("pending_shipment", "authorized")
