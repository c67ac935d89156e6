"""Money that is there: bank transfers, cash, collected at the door; too much, too little."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.payments.till import Till
from tradepost.kernel.errors import BadCurrency, MayNot, Refusal, Unknown
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import GUEST, Scope
from tradepost.ordering.commands import CancelOrder
from tradepost.payments.commands import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.payments.errors import (
    CurrencyDiffers,
    MethodUnknown,
    NothingDue,
    NothingPaid,
    OrderTwice,
    ShareExceedsDue,
    SharesExceedPayment,
    TakenByGateway,
)
from tradepost.platform.bus import Wish

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_transfer_pays_what_the_order_owes(till: Till) -> None:
    order_id = await till.order(100)
    assert (await till.look(order_id)).status == "pending_payment"
    paid = await till.send(RecordPayment((Share(order_id),), reference="RF18"), key="pay-0001")
    assert paid == await till.send(
        RecordPayment((Share(order_id),), reference="RF18"), key="pay-0001"
    )
    assert (paid.state, paid.captured, paid.allocated, paid.credit) == ("captured", 10000, 10000, 0)
    order = await till.look(order_id)
    assert (order.status, order.payment_status) == ("pending_shipment", "paid")
    assert await till.balances() == {"bank": 10000, "revenue.service": -10000}
    assert await till.told(paid.payment_id) == ["payment.captured"]
    with pytest.raises(NothingDue):
        await till.send(RecordPayment((Share(order_id),)))


async def test_too_little_waits_for_the_rest(till: Till) -> None:
    order_id = await till.order(100)
    await till.send(RecordPayment((Share(order_id),), amount=4000))
    order = await till.look(order_id)
    assert (order.status, order.payment_status) == ("pending_payment", "partially_paid")
    rest = await till.send(RecordPayment((Share(order_id),), method="cash"))
    assert rest.captured == 6000
    assert (await till.look(order_id)).payment_status == "paid"
    assert await till.balances() == {"bank": 4000, "cash": 6000, "revenue.service": -10000}


async def test_too_much_stays_the_customers_credit(till: Till) -> None:
    order_id = await till.order(100)
    paid = await till.send(RecordPayment((Share(order_id),), amount=12500))
    assert (paid.allocated, paid.credit) == (10000, 2500)
    assert (await till.look(order_id)).paid.amount == 10000
    assert (await till.balances())["customer_credit"] == -2500


async def test_one_transfer_pays_many_orders_in_their_order(till: Till) -> None:
    first, second, third = [await till.order(pounds) for pounds in (10, 20, 30)]
    shares = (Share(first), Share(second, 500), Share(third))
    paid = await till.send(RecordPayment(shares, amount=3000))
    assert (paid.allocated, paid.credit) == (3000, 0)
    assert [(await till.look(one)).paid.amount for one in (first, second, third)] == [
        1000,
        500,
        1500,
    ]


async def test_a_batch_shares_what_is_owed_in_order_of_arrival(till: Till) -> None:
    one, other = await till.order(10), await till.order(10)
    wishes = [
        RecordPayment((Share(one),), amount=700),
        RecordPayment((Share(one),), amount=700),
        RecordPayment((Share(one),)),
        RecordPayment((Share(OrderId(uuid4())),)),
        RecordPayment((Share(other), Share(one)), amount=1000),
    ]
    answers = await till.bus.send_all(till.scope, [Wish(wish) for wish in wishes])
    kinds = [type(answer) for answer in answers if isinstance(answer, Refusal)]
    assert kinds == [NothingDue, Unknown]
    assert [(a.allocated, a.credit) for a in answers if not isinstance(a, Refusal)] == [
        (700, 0),
        (300, 400),
        (1000, 0),
    ]
    assert "receivable" not in await till.balances()


async def test_money_for_a_cancelled_order_is_credit(till: Till) -> None:
    order_id = await till.order(10)
    await till.send(CancelOrder(order_id))
    paid = await till.send(RecordPayment((Share(order_id),), amount=1000))
    assert (paid.allocated, paid.credit) == (0, 1000)
    assert await till.balances() == {"bank": 1000, "customer_credit": -1000}


async def test_what_is_refused_changes_nothing(till: Till) -> None:
    order_id = await till.order(10)
    share = Share(order_id)
    cases: list[tuple[RecordPayment, type[Refusal]]] = [
        (RecordPayment((share,), amount=0), NothingPaid),
        (RecordPayment((share,), amount=-5), NothingPaid),
        (RecordPayment((share,), method="barter"), MethodUnknown),
        (RecordPayment((share,), method="gateway"), TakenByGateway),
        (RecordPayment((share,), currency="JPY"), CurrencyDiffers),
        (RecordPayment((share,), currency="XXX"), BadCurrency),
        (RecordPayment((share, share)), OrderTwice),
        (RecordPayment((Share(order_id, 1001),)), ShareExceedsDue),
        (RecordPayment((Share(order_id, 900),), amount=800), SharesExceedPayment),
        (RecordPayment(), NothingDue),
    ]
    for wish, refusal in cases:
        with pytest.raises(refusal):
            await till.send(wish)
    with pytest.raises(MayNot):
        await till.bus.send(Scope(till.scope.tenant_id, GUEST), RecordPayment((share,)))
    assert (await till.look(order_id)).version == 1
    assert await till.balances() == {"receivable": 1000, "revenue.service": -1000}
