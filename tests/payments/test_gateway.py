"""A gateway over real stores: calls, answers lost, call-backs late, doubled, reordered, wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.payments.counter import Counter
from tests.payments.till import Till
from tradepost.kernel.clock import FixedClock
from tradepost.kernel.states import WrongState
from tradepost.payments.commands import (
    AskGateway,
    CapturePayment,
    RefundPayment,
    StartPayment,
    VoidPayment,
)
from tradepost.payments.domain.call import EventKind
from tradepost.payments.domain.payment import Share
from tradepost.payments.errors import (
    CallUnderWay,
    MoreThanAuthorized,
    TakenByGateway,
)
from tradepost.payments.gateway.sandbox import Token
from tradepost.wiring.payments import SWEEPS

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_purchase_pays_the_order_at_once(counter: Counter, till: Till) -> None:
    order_id = await till.order(10)
    wish = StartPayment((Share(order_id),), "sandbox", Token.OK)
    paid = await counter.desk.pay(till.scope, wish, key="pay-once-1")
    assert (paid.state, paid.captured, paid.version) == ("captured", 1000, 2)
    again = await counter.desk.pay(till.scope, wish, key="pay-once-1")
    assert again == paid
    assert (await till.look(order_id)).payment_status == "paid"
    assert await till.balances() == {"gateway_clearing": 1000, "revenue.service": -1000}


async def test_a_promise_is_captured_or_given_back_by_the_gateway(
    counter: Counter, till: Till
) -> None:
    one, other = await till.order(10), await till.order(10)
    promised = [await counter.pay(place, Token.OK, capture=False) for place in (one, other)]
    for hands in (CapturePayment(promised[0]), VoidPayment(promised[0])):
        with pytest.raises(TakenByGateway):
            await till.send(hands)
    with pytest.raises(MoreThanAuthorized):
        await counter.desk.ask(till.scope, AskGateway(promised[0], "capture", 1001))
    taken = await counter.desk.ask(till.scope, AskGateway(promised[0], "capture", 600))
    assert (taken.state, taken.captured) == ("captured", 600)
    voided = await counter.desk.ask(till.scope, AskGateway(promised[1], "void"))
    assert voided.state == "voided"
    with pytest.raises(WrongState):
        await counter.desk.ask(till.scope, AskGateway(promised[1], "capture"))


async def test_a_declined_card_fails(counter: Counter, till: Till) -> None:
    order_id = await till.order(10)
    for token in (Token.DECLINED, "tok_nobody_knows"):
        wish = StartPayment((Share(order_id),), "sandbox", token)
        assert (await counter.desk.pay(till.scope, wish)).state == "failed"
    assert (await till.look(order_id)).payment_status == "unpaid"


@pytest.mark.parametrize("token", [Token.WRONG_AMOUNT, Token.WRONG_CURRENCY])
async def test_another_amount_or_currency_waits_for_a_person(
    counter: Counter, till: Till, token: Token
) -> None:
    order_id = await till.order(10)
    payment_id = await counter.pay(order_id, token)
    assert (await till.look(order_id)).payment_status == "unpaid"
    assert await till.told(payment_id) == ["payment.opened", "payment.review"]
    assert await counter.hear(counter.event(payment_id, EventKind.CAPTURED)) == (
        "ignored",
        "review",
    )
    settled = await till.send(CapturePayment(payment_id, 1001))
    assert (settled.state, settled.allocated, settled.credit) == ("captured", 1000, 1)


async def test_a_lost_answer_is_asked_for_again_and_counts_once(
    counter: Counter, till: Till
) -> None:
    order_id = await till.order(10)
    payment_id = await counter.pay(order_id, Token.DOWN_ONCE)
    assert (await till.look(order_id)).payment_status == "unpaid"
    now = datetime.now(UTC)
    assert await counter.desk.complete(till.scope, now) == 0
    later = now + timedelta(minutes=2)
    assert await counter.desk.complete(till.scope, later) == 1
    assert await counter.desk.complete(till.scope, later) == 0
    assert (await till.look(order_id)).payment_status == "paid"
    assert await till.told(payment_id) == ["payment.opened", "payment.captured"]


async def test_the_sweep_asks_again_after_an_answer_was_lost(counter: Counter, till: Till) -> None:
    order_id = await till.order(10)
    await counter.pay(order_id, Token.DOWN_ONCE)
    till.bus.clock = FixedClock(datetime.now(UTC) + timedelta(minutes=2))
    sweep = SWEEPS["gateway_calls"].job
    assert [await sweep(till.bus, till.scope) for _ in range(3)] == [0, 1, 0]
    assert (await till.look(order_id)).payment_status == "paid"


async def test_a_new_process_completes_what_the_old_one_intended(
    counter: Counter, till: Till
) -> None:
    order_id = await till.order(10)
    wish = StartPayment((Share(order_id),), "sandbox", Token.OK, capture=False)
    started = await till.send(wish)
    fresh = Counter(till)
    later = datetime.now(UTC) + timedelta(minutes=2)
    assert await fresh.desk.complete(till.scope, later) == 1
    taken = await fresh.desk.ask(till.scope, AskGateway(started.payment.payment_id, "capture"))
    assert taken.state == "captured"


async def test_a_second_wish_waits_until_the_gateway_has_answered(
    counter: Counter, till: Till
) -> None:
    payment_id = await counter.pay(await till.order(10), Token.DOWN_ONCE, capture=False)
    with pytest.raises(CallUnderWay):
        await counter.desk.ask(till.scope, AskGateway(payment_id, "void"))


async def test_a_gateway_refund_is_issued_when_the_gateway_says_so(
    counter: Counter, till: Till
) -> None:
    order_id = await till.order(10)
    await counter.pay(order_id, Token.OK)
    wish = RefundPayment(order_id, amount=400)
    back = await counter.desk.refund(till.scope, wish, key="back-once-1")
    assert [one.state for one in back.refunds] == ["issued"]
    again = await counter.desk.refund(till.scope, wish, key="back-once-1")
    assert again.refunds == back.refunds
    assert (await till.look(order_id)).refunded.amount == 400
    assert (await till.balances())["gateway_clearing"] == 600


async def test_a_failed_refund_can_be_paid_another_way_without_a_second_credit(
    counter: Counter, till: Till
) -> None:
    order_id = await till.order(10)
    await counter.pay(order_id, Token.REFUND_DECLINED)
    back = await counter.desk.refund(till.scope, RefundPayment(order_id, amount=400))
    assert [one.state for one in back.refunds] == ["failed"]
    assert await till.told(back.refunds[0].refund_id) == ["refund.requested", "refund.failed"]
    assert (await till.look(order_id)).refunded.amount == 0
    by_bank = RefundPayment(order_id, amount=400, method="bank_transfer")
    other = await till.send(by_bank)
    assert (other.amount, other.credit_note_number) == (400, None)
    assert await till.balances() == {
        "gateway_clearing": 1000,
        "bank": -400,
        "revenue.service": -1000,
        "allowances": 400,
    }
