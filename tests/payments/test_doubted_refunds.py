"""Refunds of which a gateway says what does not fit wait for a person, who closes them by hand."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.payments.counter import Counter
from tests.payments.test_called_off import _check
from tradepost.kernel.errors import MayNot, Stale, Unknown
from tradepost.kernel.ids import OrderId, PaymentId, RefundId
from tradepost.kernel.messages import Actor, Scope
from tradepost.payments.commands import CloseRefund, RefundPayment
from tradepost.payments.domain.call import EventKind, GatewayEvent
from tradepost.payments.errors import (
    RefundAboveCaptured,
    RefundClosed,
    RefundOutcome,
)
from tradepost.payments.gateway.sandbox import Token
from tradepost.payments.queries import RefundRow, order_money

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Doubt:
    """An order of ten pounds paid by the sandbox, of which three are to go back."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.till = counter, counter.till
        self.order_id = OrderId(uuid4())
        self.payment_id = PaymentId(uuid4())
        self.refund_id = RefundId(uuid4())

    async def ask(self, token: Token = Token.OK) -> Doubt:
        """Pay, and ask for money back; ``tok_later`` leaves the refund pending."""
        self.order_id = await self.till.order(10, "gateway")
        self.payment_id = await self.counter.pay(self.order_id, token)
        if token is Token.LATER:
            (paid,) = await self.counter.outgoing(self.payment_id)
            await self.counter.hear(paid)
        wish = RefundPayment(self.order_id, amount=300)
        back = await self.counter.desk.refund(self.till.scope, wish)
        self.refund_id = back.refunds[0].refund_id
        return self

    async def say(self, kind: EventKind, amount: int = 300) -> str:
        """What comes of a call-back about the refund."""
        event_id = f"evt_{uuid4().hex}"
        names = (self.payment_id, self.refund_id)
        event = GatewayEvent("sandbox", event_id, kind, *names, amount, "GBP", "ref")
        return (await self.counter.hear(self.counter.sandbox.signed(event)))[0]

    async def close(self, outcome: str, reason: str = "by their statement", **more: Any) -> str:
        """Close it by hand; its state."""
        wish = CloseRefund(self.refund_id, outcome, reason, **more)
        state: str = (await self.till.send(wish)).refund.state
        return state

    async def row(self) -> RefundRow:
        money = await self.till.bus.ask(self.till.scope, order_money, self.order_id)
        return next(one for one in money.refunds if one.id == self.refund_id)

    async def gone(self) -> tuple[int, int]:
        """What went back by the order, and what the books say the gateway still holds."""
        order = await self.till.look(self.order_id)
        return order.refunded.amount, (await self.till.balances()).get("gateway_clearing", 0)


@pytest.fixture
def doubt(counter: Counter) -> Doubt:
    return Doubt(counter)


@pytest.mark.parametrize(
    ("outcome", "gone"), [("issued", (300, 700)), ("failed", (0, 1000))], ids=["issued", "failed"]
)
async def test_a_refund_answered_with_a_wrong_amount_is_closed_by_hand(
    doubt: Doubt, outcome: str, gone: tuple[int, int]
) -> None:
    await doubt.ask(Token.LATER)
    assert await doubt.say(EventKind.REFUNDED, 299) == "review"
    assert await doubt.say(EventKind.REFUNDED, 299) == "review"
    row = await doubt.row()
    assert (row.state, row.needs_review, row.version) == ("pending", True, 2)
    assert row.note == "refunded 299 GBP, but 300 GBP was asked for"
    with pytest.raises(Stale):
        await doubt.close(outcome, version=1)
    assert await doubt.close(outcome, version=2) == outcome
    row = await doubt.row()
    assert (row.state, row.needs_review, row.note) == (outcome, False, "by their statement")
    assert await doubt.gone() == gone
    told = await doubt.till.told(doubt.refund_id)
    assert told == ["refund.requested", "refund.review", f"refund.{outcome}"]
    await _check(doubt.till)
    with pytest.raises(RefundClosed):
        await doubt.close("failed")
    if outcome == "failed":
        again = RefundPayment(doubt.order_id, amount=1000, method="bank_transfer")
        assert (await doubt.till.send(again)).amount == 1000
        await _check(doubt.till)


async def test_a_failure_told_after_the_money_went_back_is_looked_at(doubt: Doubt) -> None:
    await doubt.ask()
    assert await doubt.gone() == (300, 700)
    assert await doubt.say(EventKind.REFUND_FAILED) == "review"
    row = await doubt.row()
    assert (row.state, row.needs_review) == ("issued", True)
    assert await doubt.gone() == (300, 700), "nothing moves before somebody has looked"
    await _check(doubt.till)
    assert await doubt.close("issued") == "issued"
    assert (await doubt.row()).needs_review is False
    assert await doubt.gone() == (300, 700)
    assert await doubt.say(EventKind.REFUND_FAILED) == "review"
    assert await doubt.close("failed") == "failed"
    assert await doubt.gone() == (0, 1000)
    told = ["requested", "issued", "review", "reviewed", "review", "failed"]
    assert await doubt.till.told(doubt.refund_id) == [f"refund.{name}" for name in told]
    assert (await doubt.till.look(doubt.order_id)).due.amount == -300
    await _check(doubt.till)
    again = RefundPayment(doubt.order_id, amount=300, method="bank_transfer")
    assert (await doubt.till.send(again)).credit_note_number is None
    await _check(doubt.till)


async def test_money_that_is_no_longer_there_cannot_go_back_by_hand(doubt: Doubt) -> None:
    await doubt.ask(Token.REFUND_DECLINED)
    every = RefundPayment(doubt.order_id, method="bank_transfer")
    assert (await doubt.till.send(every)).amount == 1000
    assert await doubt.say(EventKind.REFUNDED) == "review"
    assert (await doubt.row()).needs_review
    with pytest.raises(RefundAboveCaptured):
        await doubt.close("issued")
    assert await doubt.close("failed") == "failed"
    assert (await doubt.row()).needs_review is False
    await _check(doubt.till)


async def test_who_closes_refunds_needs_leave_and_a_reason(doubt: Doubt) -> None:
    await doubt.ask()
    with pytest.raises(RefundClosed):
        await doubt.close("failed")
    for outcome, reason in (("failed", ""), ("pending", "why not")):
        with pytest.raises(RefundOutcome):
            await doubt.close(outcome, reason)
    nobody = Scope(doubt.till.scope.tenant_id, Actor("staff"))
    wish = CloseRefund(doubt.refund_id, "failed", "because")
    with pytest.raises(MayNot):
        await doubt.till.bus.send(nobody, wish)
    with pytest.raises(Unknown):
        await doubt.till.send(CloseRefund(RefundId(uuid4()), "failed", "because"))
