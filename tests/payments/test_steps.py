"""A payment's life by hand, its credit given to orders later, and money that others held."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.payments.till import Till
from tradepost.kernel.errors import MayNot, Refusal, Stale, Unknown
from tradepost.kernel.ids import OrderId, PaymentId, RefundId
from tradepost.kernel.messages import GUEST, Command, Scope
from tradepost.kernel.states import WrongState
from tradepost.ordering.commands import CancelOrder, CompleteOrder
from tradepost.ordering.errors import NotPaid
from tradepost.payments.commands import (
    AllocatePayment,
    AuthorizePayment,
    CapturePayment,
    FailPayment,
    OpenPayment,
    RecordPayment,
    RefundPayment,
    SettlePayments,
    VoidPayment,
)
from tradepost.payments.domain.payment import Share
from tradepost.payments.errors import (
    CreditExceeded,
    FeeAboveSettlement,
    MoreThanAuthorized,
    NothingDue,
    NothingPaid,
    NothingToSettle,
    NotToSettle,
    SettlementMixed,
    ShareExceedsDue,
    TakenByGateway,
)
from tradepost.platform.db.work import Store
from tradepost.wiring.doctor import LAWS, Visit, examine

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_promise_is_captured_in_part(till: Till) -> None:
    order_id = await till.order(10)
    opened = await till.send(OpenPayment((Share(order_id),), method="card_terminal"))
    assert (opened.state, opened.captured, opened.version) == ("pending", 0, 1)
    promised = await till.send(AuthorizePayment(opened.payment_id, "T-1"))
    assert (await till.look(order_id)).paid.amount == 0
    with pytest.raises(MoreThanAuthorized):
        await till.send(CapturePayment(opened.payment_id, 1001))
    with pytest.raises(NothingPaid):
        await till.send(CapturePayment(opened.payment_id, 0))
    with pytest.raises(Stale):
        await till.send(CapturePayment(opened.payment_id, version=promised.version - 1))
    taken = await till.send(CapturePayment(opened.payment_id, 400, version=promised.version))
    assert (taken.state, taken.captured, taken.allocated, taken.version) == (
        "captured",
        400,
        400,
        3,
    )
    assert (await till.look(order_id)).payment_status == "partially_paid"
    assert (await till.balances())["card_clearing"] == 400
    assert await till.told(opened.payment_id) == [
        "payment.opened",
        "payment.authorized",
        "payment.captured",
    ]


async def test_an_order_counts_on_what_is_promised_until_it_is_captured_or_void(till: Till) -> None:
    order_id = await till.order(10)

    async def stands() -> tuple[str, str, int]:
        order = await till.look(order_id)
        return order.status.value, order.payment_status, order.promised.amount

    for give_up in (VoidPayment, FailPayment):
        opened = await till.send(OpenPayment((Share(order_id),), method="card_terminal"))
        await till.send(AuthorizePayment(opened.payment_id, "T-1"))
        assert await stands() == ("pending_shipment", "authorized", 1000)
        await till.send(give_up(opened.payment_id))
        assert await stands() == ("pending_payment", "unpaid", 0)
    opened = await till.send(OpenPayment((Share(order_id),), method="card_terminal"))
    await till.send(AuthorizePayment(opened.payment_id))
    with pytest.raises(NotPaid):
        await till.send(CompleteOrder(order_id))
    await till.send(CapturePayment(opened.payment_id))
    assert await stands() == ("pending_shipment", "paid", 0)
    read = await till.statuses(order_id)
    assert read[-2:] == ["pending_shipment", "pending_shipment"]  # never asked to pay in between


async def test_a_tip_is_promised_to_no_order_and_is_the_first_to_be_short(
    till: Till, store: Store
) -> None:
    short, less, void = [await till.order(10) for _ in range(3)]

    async def promised(order_id: OrderId, amount: int | None) -> PaymentId:
        wish = OpenPayment((Share(order_id),), "card_terminal", amount, tip=300)
        opened = await till.send(wish)
        assert (opened.tip, opened.credit) == (300, 0)
        await till.send(AuthorizePayment(opened.payment_id))
        return PaymentId(opened.payment_id)

    opened = await promised(short, 700)
    order = await till.look(short)
    assert (order.promised.amount, order.status.value) == (700, "pending_payment")
    taken = await till.send(CapturePayment(opened, 200))
    assert (taken.allocated, taken.tip, taken.credit) == (200, 0, 0)
    taken = await till.send(CapturePayment(await promised(less, None), 1100))
    assert (taken.allocated, taken.tip, taken.credit) == (1000, 100, 0)
    await promised(void, None)
    given_up = await promised(void, None)
    assert (await till.send(VoidPayment(given_up))).credit == 0
    assert (await till.balances())["tips_payable"] == -100
    laws = [law for law in LAWS if law.name in ("payments.within", "ledger.customer_credit")]
    report = await examine(store, laws, [Visit(till.scope.tenant_id, "shop")])
    assert report.breaches == []


async def test_what_is_given_up_takes_no_money(till: Till) -> None:
    order_id = await till.order(10)
    for give_up, state in ((VoidPayment, "voided"), (FailPayment, "failed")):
        opened = await till.send(OpenPayment((Share(order_id),), method="cash"))
        gone = await till.send(give_up(opened.payment_id, "changed their mind"))
        assert gone.state == state
        with pytest.raises(WrongState):
            await till.send(CapturePayment(opened.payment_id))
        assert await till.told(opened.payment_id) == ["payment.opened", f"payment.{state}"]
    assert await till.balances() == {"receivable": 1000, "revenue.service": -1000}


async def test_a_capture_after_the_order_was_paid_or_cancelled_is_credit(till: Till) -> None:
    paid, gone = await till.order(10), await till.order(10)
    late = [
        await till.send(OpenPayment((Share(one),), method="card_terminal")) for one in (paid, gone)
    ]
    await till.send(RecordPayment((Share(paid),)))
    await till.send(CancelOrder(gone))
    for opened in late:
        taken = await till.send(CapturePayment(opened.payment_id))
        assert (taken.allocated, taken.credit) == (0, 1000)
    assert (await till.balances())["customer_credit"] == -2000


async def test_credit_pays_a_later_order(till: Till) -> None:
    surplus = await till.send(RecordPayment(amount=2500, reference="no reference"))
    assert (surplus.allocated, surplus.credit) == (0, 2500)
    first, second = await till.order(10), await till.order(20)
    given = await till.send(AllocatePayment(surplus.payment_id, (Share(first), Share(second))))
    assert (given.allocated, given.credit, given.version) == (2500, 0, 2)
    assert (await till.look(second)).paid.amount == 1500
    assert await till.balances() == {
        "bank": 2500,
        "receivable": 500,
        "revenue.service": -3000,
    }
    assert await till.told(surplus.payment_id) == ["payment.captured", "payment.allocated"]
    back = await till.send(RefundPayment(second, amount=200))
    assert [one.payment_id for one in back.refunds] == [surplus.payment_id]


async def test_credit_is_not_given_twice(till: Till) -> None:
    surplus = await till.send(RecordPayment(amount=500))
    order_id, paid = await till.order(10), await till.order(1)
    await till.send(RecordPayment((Share(paid),)))
    cases: list[tuple[Share, type[Refusal]]] = [
        (Share(order_id, 501), CreditExceeded),
        (Share(order_id, 1001), ShareExceedsDue),
        (Share(paid), NothingDue),
    ]
    for share, refusal in cases:
        with pytest.raises(refusal):
            await till.send(AllocatePayment(surplus.payment_id, (share,)))
    await till.send(AllocatePayment(surplus.payment_id, (Share(order_id, 500),)))
    with pytest.raises(NothingDue):
        await till.send(AllocatePayment(surplus.payment_id, (Share(order_id),)))
    with pytest.raises(CreditExceeded):
        await till.send(AllocatePayment(surplus.payment_id, (Share(order_id, 1),)))


async def test_what_the_carrier_collected_arrives_less_its_fee(till: Till) -> None:
    orders = [await till.order(pounds, "cod") for pounds in (10, 20)]
    collected = [
        (await till.send(RecordPayment((Share(one),), method="cod"))).payment_id for one in orders
    ]
    assert (await till.balances())["cod_receivable"] == 3000
    made = await till.send(SettlePayments(tuple(collected), fee=150))
    assert (made.method, made.amount, made.fee, made.arrived) == ("cod", 3000, 150, 2850)
    assert await till.told(made.settlement_id) == ["payment.settled"]
    assert await till.balances() == {
        "bank": 2850,
        "payment_fees": 150,
        "revenue.service": -3000,
    }
    with pytest.raises(NotToSettle):
        await till.send(SettlePayments((collected[0],)))


async def test_card_payments_and_refunds_are_settled_together(till: Till) -> None:
    order_id = await till.order(10)
    paid = await till.send(RecordPayment((Share(order_id),), method="card_terminal"))
    back = await till.send(RefundPayment(order_id, amount=300))
    refund_id = back.refunds[0].refund_id
    cash = await till.send(RecordPayment((Share(await till.order(1)),), method="cash"))
    cod = await till.send(RecordPayment((Share(await till.order(1)),), method="cod"))
    ours = (paid.payment_id,)
    cases: list[tuple[SettlePayments, type[Refusal]]] = [
        (SettlePayments(()), NothingToSettle),
        (SettlePayments((cash.payment_id,)), NotToSettle),
        (SettlePayments((*ours, cod.payment_id)), SettlementMixed),
        (SettlePayments(ours, (refund_id,), fee=701), FeeAboveSettlement),
        (SettlePayments(ours, (refund_id,), fee=-1), FeeAboveSettlement),
        (SettlePayments((PaymentId(uuid4()),)), Unknown),
        (SettlePayments(ours, (RefundId(uuid4()),)), Unknown),
    ]
    for wish, refusal in cases:
        with pytest.raises(refusal):
            await till.send(wish)
    made = await till.send(SettlePayments(ours, (refund_id,), fee=20))
    assert (made.amount, made.arrived) == (700, 680)
    assert "card_clearing" not in await till.balances()
    with pytest.raises(NotToSettle):
        await till.send(SettlePayments((), (refund_id,)))


async def test_steps_need_their_permission_and_a_payment(till: Till) -> None:
    guest = Scope(till.scope.tenant_id, GUEST)
    nowhere = PaymentId(uuid4())
    order_id = await till.order(10)
    wishes: list[Command] = [
        OpenPayment((Share(order_id),)),
        AuthorizePayment(nowhere),
        CapturePayment(nowhere),
        VoidPayment(nowhere),
        FailPayment(nowhere),
        AllocatePayment(nowhere, (Share(order_id),)),
        SettlePayments((nowhere,)),
    ]
    for wish in wishes:
        with pytest.raises(MayNot):
            await till.bus.send(guest, wish)
    for wish in wishes[1:]:
        with pytest.raises(Unknown):
            await till.send(wish)
    with pytest.raises(TakenByGateway):
        await till.send(OpenPayment((Share(order_id),), method="gateway"))
