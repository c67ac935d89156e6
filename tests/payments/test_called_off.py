"""What is called off after money went back on it: nothing goes back twice, nothing is forgotten."""

from __future__ import annotations

import pytest

from tests.payments.till import Till
from tradepost.fulfillment.commands.take_back import MoveReturn, RequestReturn
from tradepost.kernel.ids import OrderId, ReturnId
from tradepost.ordering.commands import CancelOrder
from tradepost.payments.commands import RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.payments.errors import NothingToRefund
from tradepost.payments.queries import order_money
from tradepost.wiring.doctor import LAWS, Visit, examine

MONEY_LAWS = [law for law in LAWS if law.name.startswith(("payments.", "ledger.", "orders."))]


async def _paid(till: Till, pounds: int) -> OrderId:
    order_id = await till.order(pounds)
    await till.send(RecordPayment((Share(order_id),)))
    return order_id


async def _received(till: Till, order_id: OrderId, units: int) -> ReturnId:
    """A return of units that are here, and not paid for yet."""
    line_id = await till.line(order_id)
    asked = await till.send(RequestReturn(order_id, ((line_id, units),)))
    for action in ("approve", "receive"):
        await till.send(MoveReturn(asked.return_id, action))
    return_id: ReturnId = asked.return_id
    return return_id


async def _check(till: Till) -> None:
    """The laws of money, on this shop."""
    report = await examine(till.bus.store, MONEY_LAWS, [Visit(till.scope.tenant_id, "shop")])
    assert report.breaches == []


async def test_a_return_on_a_cancelled_order_is_paid_back_without_a_credit_note(
    till: Till,
) -> None:
    order_id = await _paid(till, 10)
    return_id = await _received(till, order_id, 4)
    await till.send(CancelOrder(order_id))
    await till.send(MoveReturn(return_id, "refund"))
    money = await till.bus.ask(till.scope, order_money, order_id)
    assert [one.amount for one in money.refunds] == [400]
    assert money.credit_notes == ()
    await _check(till)
    assert (await till.send(RefundPayment(order_id))).amount == 600
    with pytest.raises(NothingToRefund):
        await till.send(RefundPayment(order_id))
    assert await till.balances() == {}
    await _check(till)
