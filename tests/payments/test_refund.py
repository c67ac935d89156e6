"""Money back: whole, by line, by amount, many times, by which tender, never more than came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.payments.till import Till
from tradepost.fulfillment.commands import ShipOrder, TakeBack
from tradepost.fulfillment.commands.take_back import GivenBack, MoveReturn, RequestReturn
from tradepost.kernel.errors import MayNot, Refusal, Unknown
from tradepost.kernel.ids import OrderId, OrderLineId, PaymentId
from tradepost.kernel.messages import GUEST, Scope
from tradepost.ledger.queries import trial_balance
from tradepost.ordering.commands import CancelOrder
from tradepost.payments.commands import RecordPayment, RefundLine, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.payments.errors import (
    CreditAboveSale,
    MethodUnknown,
    NothingToRefund,
    RefundAboveCaptured,
    RefundedByTotal,
    RefundUnclear,
    TakenByGateway,
)
from tradepost.platform.bus import Wish

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _paid(till: Till, pounds: int, method: str = "bank_transfer") -> OrderId:
    order_id = await till.order(pounds)
    await till.send(RecordPayment((Share(order_id),), method=method))
    return order_id


async def test_a_whole_refund_gives_everything_back(till: Till) -> None:
    order_id = await _paid(till, 100)
    wish = RefundPayment(order_id, reason="broken")
    back = await till.send(wish, key="refund-0001")
    assert back == await till.send(wish, key="refund-0001")
    assert (back.amount, back.credited, back.credit_note_number) == (10000, 10000, 1)
    order = await till.look(order_id)
    assert (order.refunded.amount, order.payment_status) == (10000, "refunded")
    assert await till.balances() == {"revenue.service": -10000, "allowances": 10000}
    assert await till.told(back.refunds[0].refund_id) == ["refund.issued"]
    assert await till.told(back.credit_note_id) == ["credit_note.issued"]
    with pytest.raises(NothingToRefund):
        await till.send(RefundPayment(order_id))


async def test_refunds_in_parts_come_to_the_whole_and_no_further(till: Till) -> None:
    order_id = await _paid(till, 10)
    line_id = await till.line(order_id)
    first = await till.send(RefundPayment(order_id, amount=333))
    second = await till.send(RefundPayment(order_id, lines=(RefundLine(line_id, 300),)))
    assert (first.amount, second.amount, second.credit_note_number) == (333, 300, 2)
    for wish in (
        RefundPayment(order_id, amount=368),
        RefundPayment(order_id, lines=(RefundLine(line_id, 368),)),
    ):
        with pytest.raises((RefundAboveCaptured, CreditAboveSale)):
            await till.send(wish)
    rest = await till.send(RefundPayment(order_id, lines=(RefundLine(line_id),)))
    assert rest.amount == 367
    assert (await till.look(order_id)).payment_status == "refunded"
    assert "receivable" not in await till.balances()


async def test_money_goes_back_the_way_it_came_the_oldest_first(till: Till) -> None:
    order_id = await till.order(10)
    cash = await till.send(RecordPayment((Share(order_id),), method="cash", amount=300))
    card = await till.send(RecordPayment((Share(order_id),), method="card_terminal"))
    back = await till.send(RefundPayment(order_id, amount=500))
    assert [(one.method, one.amount) for one in back.refunds] == [
        ("cash", 300),
        ("card_terminal", 200),
    ]
    with pytest.raises(RefundAboveCaptured):
        await till.send(RefundPayment(order_id, payment_id=cash.payment_id, amount=1))
    other = await till.send(
        RefundPayment(order_id, payment_id=card.payment_id, amount=100, method="cash")
    )
    assert [(one.payment_id, one.method) for one in other.refunds] == [(card.payment_id, "cash")]
    assert (await till.balances())["cash"] == -100


async def test_what_the_carrier_collected_goes_back_by_bank(till: Till) -> None:
    order_id = await _paid(till, 10, "cod")
    back = await till.send(RefundPayment(order_id))
    assert [one.method for one in back.refunds] == ["bank_transfer"]
    assert (await till.balances())["cod_receivable"] == 1000


async def test_a_cancelled_order_is_paid_back_without_a_concession(till: Till) -> None:
    order_id = await _paid(till, 10)
    await till.send(CancelOrder(order_id))
    with pytest.raises(RefundedByTotal):
        line_id = await till.line(order_id)
        await till.send(RefundPayment(order_id, lines=(RefundLine(line_id),)))
    back = await till.send(RefundPayment(order_id))
    assert (back.amount, back.credit_note_number) == (1000, None)
    assert await till.balances() == {}


async def test_a_cancelled_order_takes_its_credit_notes_with_it(till: Till) -> None:
    order_id = await _paid(till, 10)
    await till.send(RefundPayment(order_id, amount=300))
    later = datetime.now(UTC) + timedelta(days=1)
    await till.send(CancelOrder(order_id, at=later))
    rest = await till.send(RefundPayment(order_id))
    assert (rest.amount, rest.credit_note_number) == (700, None)
    assert await till.balances() == {}
    rows = await till.bus.ask(till.scope, trial_balance, later.date(), later.date())
    assert sorted((row.account, row.debits, row.credits) for row in rows) == [
        ("allowances", 0, 300),
        ("receivable", 300, 1000),
        ("revenue.service", 1000, 0),
    ]


async def test_credit_goes_back_but_only_what_is_left_of_it(till: Till) -> None:
    order_id = await till.order(10)
    paid = await till.send(RecordPayment((Share(order_id),), amount=1500))
    back = await till.send(RefundPayment(payment_id=paid.payment_id, amount=200))
    assert (back.amount, back.credit_note_number, back.order_id) == (200, None, None)
    with pytest.raises(RefundAboveCaptured):
        await till.send(RefundPayment(payment_id=paid.payment_id, amount=301))
    await till.send(RefundPayment(payment_id=paid.payment_id))
    assert await till.balances() == {"bank": 1000, "revenue.service": -1000}
    assert (await till.look(order_id)).payment_status == "paid"


async def test_a_batch_refunds_one_after_the_other(till: Till) -> None:
    one, other = await _paid(till, 10), await _paid(till, 10)
    wishes = [
        RefundPayment(one, amount=700),
        RefundPayment(one, amount=301),
        RefundPayment(OrderId(uuid4())),
        RefundPayment(one, amount=300),
        RefundPayment(other),
        RefundPayment(),
    ]
    answers = await till.bus.send_all(till.scope, [Wish(wish) for wish in wishes])
    refused = [type(answer) for answer in answers if isinstance(answer, Refusal)]
    assert refused == [RefundAboveCaptured, Unknown, RefundUnclear]
    granted = [answer for answer in answers if not isinstance(answer, Refusal)]
    assert [(a.amount, a.credit_note_number) for a in granted] == [(700, 1), (300, 2), (1000, 3)]
    assert await till.balances() == {"revenue.service": -2000, "allowances": 2000}


async def test_what_is_refused_changes_nothing(till: Till) -> None:
    order_id = await _paid(till, 10)
    before = await till.balances()
    good = RefundPayment(order_id, amount=100)
    cases: list[tuple[RefundPayment, type[Refusal]]] = [
        (replace(good, amount=0), NothingToRefund),
        (replace(good, amount=-1), NothingToRefund),
        (replace(good, method="barter"), MethodUnknown),
        (replace(good, method="gateway"), TakenByGateway),
        (replace(good, lines=(RefundLine(OrderLineId(uuid4())),)), RefundUnclear),
        (RefundPayment(order_id, lines=(RefundLine(OrderLineId(uuid4())),)), Unknown),
        (RefundPayment(payment_id=PaymentId(uuid4())), Unknown),
        (RefundPayment(await till.order(5)), NothingToRefund),
    ]
    for wish, refusal in cases:
        with pytest.raises(refusal):
            await till.send(wish)
    with pytest.raises(MayNot):
        await till.bus.send(Scope(till.scope.tenant_id, GUEST), good)
    before["receivable"], before["revenue.service"] = 500, before["revenue.service"] - 500
    assert await till.balances() == before


async def test_a_return_is_credited_and_paid_back_from_the_orders_money(till: Till) -> None:
    await till.shop.article("lamp", "12.00", stock=4)
    order_id = await till.order(3, sku="lamp")
    await till.send(RecordPayment((Share(order_id),), method="cash"))
    await till.send(ShipOrder(order_id))
    asked = await till.send(RequestReturn(order_id, ((await till.line(order_id), 2),)))
    for action in ("approve", "receive", "refund"):
        moved = await till.send(MoveReturn(asked.return_id, action))
    assert (moved.state, moved.total) == ("refunded", 2400)
    assert (await till.look(order_id)).refunded.amount == 2400
    assert await till.balances() == {"cash": 1200, "revenue.goods": -3600, "returns.goods": 2400}
    with pytest.raises(RefundAboveCaptured):
        await till.send(RefundPayment(order_id, amount=1201))


async def test_a_return_of_a_half_paid_order_pays_back_only_what_is_too_much(till: Till) -> None:
    await till.shop.article("lamp", "10.00", stock=4)
    order_id = await till.order(2, sku="lamp", method="cod")
    await till.send(ShipOrder(order_id))
    await till.send(RecordPayment((Share(order_id),), method="cod", amount=1500))
    asked = await till.send(RequestReturn(order_id, ((await till.line(order_id), 1),)))
    for action in ("approve", "receive", "refund"):
        await till.send(MoveReturn(asked.return_id, action))
    assert (await till.look(order_id)).refunded.amount == 500
    assert "receivable" not in await till.balances()


async def test_goods_without_a_receipt_are_paid_for_by_the_method_named(till: Till) -> None:
    await till.shop.article("cup", "3.00")
    wish = TakeBack((GivenBack("cup", 2, 3_000_000),), refund_method="cash")
    answers = await till.bus.send_all(till.scope, [Wish(wish), Wish(wish)])
    assert [answer.total for answer in answers] == [600, 600]
    assert await till.balances() == {"cash": -1200, "returns.goods": 1200}
    with pytest.raises(TakenByGateway):
        await till.send(replace(wish, refund_method="gateway"))
