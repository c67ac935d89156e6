"""Call-backs of a gateway: late, doubled, reordered, forged, and about the wrong money."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.payments.counter import SECRET, Counter
from tests.payments.till import Till
from tradepost.kernel.errors import MayNot, Refusal, Unknown
from tradepost.kernel.ids import RefundId
from tradepost.kernel.messages import GUEST, Command, Scope
from tradepost.payments.commands import (
    AskGateway,
    ReceiveCallback,
    RecordAnswer,
    RefundPayment,
    StartPayment,
    VoidPayment,
)
from tradepost.payments.domain.call import EventKind, GatewayAnswer, GatewayEvent, Outcome
from tradepost.payments.errors import (
    BadCallback,
    BadSignature,
    GatewayUnknown,
)
from tradepost.payments.gateway.sandbox import Callback, Token
from tradepost.payments.gateway.signing import signature_of
from tradepost.wiring.doctor import LAWS, Visit, examine

pytestmark = pytest.mark.asyncio(loop_scope="module")

MONEY_LAWS = [law for law in LAWS if law.name.startswith(("payments.", "ledger.", "orders."))]


async def test_a_callback_pays_once_however_often_it_comes(counter: Counter, till: Till) -> None:
    order_id = await till.order(10)
    payment_id = await counter.pay(order_id, Token.LATER)
    assert (await till.look(order_id)).payment_status == "unpaid"
    (callback,) = await counter.outgoing(payment_id)
    assert await counter.hear(callback) == ("applied", "captured")
    assert await counter.hear(callback) == ("repeated", "captured")
    assert (await till.balances())["gateway_clearing"] == 1000


@pytest.mark.parametrize("token", [Token.OK, Token.LATER])
async def test_any_order_of_callbacks_ends_the_same(
    counter: Counter, till: Till, token: Token
) -> None:
    kinds = (EventKind.AUTHORIZED, EventKind.CAPTURED, EventKind.CAPTURED)
    for order in sorted(set(itertools.permutations(kinds))):
        order_id = await till.order(10)
        payment_id = await counter.pay(order_id, token, capture=False)
        callbacks = [counter.event(payment_id, kind) for kind in order]
        for callback in callbacks + callbacks:
            await counter.hear(callback)
        assert (await till.look(order_id)).paid.amount == 1000
        taken = [name for name in await till.told(payment_id) if name == "payment.captured"]
        assert len(taken) == 1


async def test_a_late_word_leads_nobody_backwards(counter: Counter, till: Till) -> None:
    payment_id = await counter.pay(await till.order(10), Token.OK)
    for kind in (EventKind.AUTHORIZED, EventKind.FAILED, EventKind.VOIDED):
        assert await counter.hear(counter.event(payment_id, kind)) == ("ignored", "captured")


async def test_money_for_a_payment_given_up_waits_for_a_person(
    counter: Counter, till: Till
) -> None:
    order_id = await till.order(10)
    payment_id = await counter.pay(order_id, Token.DECLINED)
    captured = counter.event(payment_id, EventKind.CAPTURED)
    assert await counter.hear(captured) == ("review", "review")
    assert (await till.look(order_id)).payment_status == "unpaid"
    assert (await till.send(VoidPayment(payment_id, "sent back"))).state == "voided"


async def test_a_refund_by_callback_is_pending_until_then(counter: Counter, till: Till) -> None:
    order_id = await till.order(10)
    payment_id = await counter.pay(order_id, Token.LATER)
    await counter.hear((await counter.outgoing(payment_id))[0])
    back = await counter.desk.refund(till.scope, RefundPayment(order_id, amount=400))
    assert [one.state for one in back.refunds] == ["pending"]
    assert (await till.look(order_id)).refunded.amount == 0
    with pytest.raises(Refusal):
        await counter.desk.refund(till.scope, RefundPayment(order_id, amount=601))
    _, callback = await counter.outgoing(payment_id)
    assert await counter.hear(callback) == ("applied", "captured")
    assert await counter.hear(callback) == ("repeated", "captured")
    assert (await till.look(order_id)).refunded.amount == 400
    refund_id = back.refunds[0].refund_id
    assert await till.told(refund_id) == ["refund.requested", "refund.issued"]
    nobody = RefundId(uuid4())
    wrong = GatewayEvent("sandbox", "evt_w", EventKind.REFUNDED, payment_id, nobody, 400, "GBP", "")
    with pytest.raises(Unknown):
        await counter.hear(counter.sandbox.signed(wrong))


@pytest.mark.parametrize(("meanwhile", "owed"), [(0, 0), (600, 400), (601, 0)])
async def test_a_refund_that_failed_and_was_made_after_all(
    counter: Counter, till: Till, meanwhile: int, owed: int
) -> None:
    """It counts, even if the customer then got too much; more than came in is for a person."""
    order_id = await till.order(10)
    payment_id = await counter.pay(order_id, Token.REFUND_DECLINED)
    back = await counter.desk.refund(till.scope, RefundPayment(order_id, amount=400))
    if meanwhile:
        await till.send(RefundPayment(order_id, amount=meanwhile, method="cash"))
    (refund,) = back.refunds
    late = GatewayEvent(
        "sandbox", "evt_late", EventKind.REFUNDED, payment_id, refund.refund_id, 400, "GBP", "r"
    )
    fits = meanwhile <= 600
    for result in ("applied" if fits else "review", "repeated"):
        assert await counter.hear(counter.sandbox.signed(late)) == (result, "captured")
    assert (await till.look(order_id)).refunded.amount == meanwhile + (400 if fits else 0)
    told = ["refund.requested", "refund.failed", "refund.issued" if fits else "refund.review"]
    assert await till.told(refund.refund_id) == told
    assert (await till.balances()).get("receivable", 0) == owed
    assert (await till.look(order_id)).due.amount == owed
    report = await examine(till.bus.store, MONEY_LAWS, [Visit(till.scope.tenant_id, "shop")])
    assert report.breaches == []


async def test_only_what_the_gateway_signed_is_read(counter: Counter, till: Till) -> None:
    payment_id = await counter.pay(await till.order(10), Token.LATER)
    (good,) = await counter.outgoing(payment_id)
    forged = good.body.replace(b"1000", b"1001")
    foreign = signature_of(good.body, b"another secret")
    for body, signature in ((forged, good.signature), (good.body, foreign), (good.body, "ü")):
        with pytest.raises(BadSignature):
            await counter.hear(Callback(body, signature))
    told = json.loads(good.body)
    for body in (
        b"",
        b"[]",
        b"\xff",
        json.dumps({**told, "kind": "gifted"}).encode(),
        json.dumps({**told, "amount": 10.5}).encode(),
        json.dumps({**told, "gateway": "another"}).encode(),
        json.dumps({**told, "reference": "x" * 70_000}).encode(),
    ):
        with pytest.raises(BadCallback):
            await counter.hear(Callback(body, signature_of(body, SECRET)))
    with pytest.raises(GatewayUnknown):
        await counter.desk.receive(till.scope, "nowhere", good.body, good.signature)
    assert await till.told(payment_id) == ["payment.opened"]


async def test_nobody_but_the_desk_speaks_for_a_gateway(counter: Counter, till: Till) -> None:
    payment_id = await counter.pay(await till.order(10), Token.LATER)
    event = GatewayEvent("sandbox", "evt_1", EventKind.CAPTURED, payment_id, None, 1000, "GBP", "")
    answer = GatewayAnswer(Outcome.APPROVED, "", 1000, "GBP")
    wishes: list[Command] = [
        ReceiveCallback(event),
        RecordAnswer(payment_id, uuid4(), answer),
        AskGateway(payment_id, "void"),
    ]
    for wish in wishes:
        with pytest.raises(MayNot):
            await till.bus.send(Scope(till.scope.tenant_id, GUEST), wish)
    with pytest.raises(Unknown):
        await till.send(ReceiveCallback(replace(event, gateway="another")))
    with pytest.raises(Unknown):
        await till.send(RecordAnswer(payment_id, uuid4(), answer))
    with pytest.raises(GatewayUnknown):
        await counter.desk.pay(till.scope, StartPayment((), "nowhere", Token.OK))
