"""What is called off after money went back on it: nothing goes back twice, nothing is forgotten."""

from __future__ import annotations

import pytest

from tests.payments.till import HOME, Till, open_till
from tradepost.fulfillment.commands.take_back import MoveReturn, RequestReturn
from tradepost.kernel.ids import OrderId, ReturnId
from tradepost.ordering.commands import CancelOrder, ChangeOrder, CompleteOrder, PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import MoreThanOpen
from tradepost.payments.commands import RecordPayment, RefundLine, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.payments.errors import NothingDue, NothingToRefund, RefundAboveCaptured
from tradepost.payments.queries import order_money
from tradepost.platform.db.work import Store
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain.tax import TaxRateDraft
from tradepost.wiring.doctor import LAWS, Visit, examine

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


async def _less(till: Till, order_id: OrderId, units: int) -> None:
    """Call off some units of the first line."""
    version = (await till.look(order_id)).version
    line_id = await till.line(order_id)
    await till.send(ChangeOrder(order_id, version, ((line_id, units),)))


async def _more(till: Till, order_id: OrderId, units: int) -> None:
    """Add some units."""
    version = (await till.look(order_id)).version
    await till.send(ChangeOrder(order_id, version, add=(Wanted(units, sku="pound"),)))


async def _gone(till: Till, order_id: OrderId) -> int:
    """What went back on an order in all."""
    money = await till.bus.ask(till.scope, order_money, order_id)
    return sum(one.amount for one in money.refunds)


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


@pytest.mark.parametrize(("off", "back"), [(1, 370), (5, 650), (8, 860), (9, 930)])
async def test_units_called_off_after_a_concession_give_back_what_is_left_of_them(
    till: Till, off: int, back: int
) -> None:
    order_id = await _paid(till, 10)
    await till.send(RefundPayment(order_id, amount=300))
    await _less(till, order_id, off)
    order = await till.look(order_id)
    assert order.due.amount == 300 - back, "each unit has 70 pence left"
    await till.send(RefundPayment(order_id, amount=back - 300))
    money = await till.bus.ask(till.scope, order_money, order_id)
    assert [one.kind for one in money.credit_notes] == ["concession", "correction"]
    assert await _gone(till, order_id) == back
    assert (await till.look(order_id)).due.amount == 0
    assert "receivable" not in await till.balances()
    await _check(till)
    rest = await till.send(RefundPayment(order_id))
    assert (rest.amount, await _gone(till, order_id)) == (1000 - back, 1000)
    await till.send(CancelOrder(order_id))
    with pytest.raises(NothingToRefund):
        await till.send(RefundPayment(order_id))
    assert await till.balances() == {}
    await _check(till)


async def test_units_called_off_before_a_concession_come_to_the_same(till: Till) -> None:
    order_id = await _paid(till, 10)
    await _less(till, order_id, 8)
    line_id = await till.line(order_id)
    await till.send(RefundPayment(order_id, lines=(RefundLine(line_id, 60),)))
    assert (await till.look(order_id)).due.amount == -800
    with pytest.raises(RefundAboveCaptured):
        await till.send(RefundPayment(order_id, amount=941))
    back = await till.send(RefundPayment(order_id, amount=800))
    assert (back.credit_note_number, await _gone(till, order_id)) == (None, 860)
    assert (await till.look(order_id)).due.amount == 0
    assert "receivable" not in await till.balances()
    await _check(till)


async def test_what_was_all_given_back_gives_nothing_more_when_it_is_called_off(
    till: Till,
) -> None:
    order_id = await _paid(till, 10)
    await till.send(RefundPayment(order_id))
    await _less(till, order_id, 4)
    with pytest.raises(NothingToRefund):
        await till.send(RefundPayment(order_id))
    assert (await till.look(order_id)).due.amount == 0
    assert not {"receivable", "bank"} & set(await till.balances())
    await _check(till)


async def test_units_that_came_back_are_not_called_off_as_well(till: Till) -> None:
    order_id = await _paid(till, 10)
    await till.send(MoveReturn(await _received(till, order_id, 4), "refund"))
    with pytest.raises(MoreThanOpen):
        await _less(till, order_id, 7)
    await _less(till, order_id, 6)
    order = await till.look(order_id)
    assert (order.total.amount, order.due.amount) == (400, -600)
    assert (await till.send(RefundPayment(order_id))).credit_note_number is None
    assert await _gone(till, order_id) == 1000
    assert not {"receivable", "bank"} & set(await till.balances())
    await _check(till)


async def test_a_called_off_order_owes_nothing(till: Till) -> None:
    for paid, due, payment_status in ((None, 0, "unpaid"), (400, -400, "paid")):
        order_id = await till.order(10)
        if paid:
            await till.send(RecordPayment((Share(order_id, paid),), amount=paid))
        await till.send(CancelOrder(order_id))
        order = await till.look(order_id)
        assert (order.due.amount, order.payment_status) == (due, payment_status)
    await till.send(RefundPayment(order_id))
    order = await till.look(order_id)
    assert (order.due.amount, order.payment_status) == (0, "refunded")


async def test_what_is_added_after_money_went_back_is_owed(till: Till) -> None:
    order_id = await _paid(till, 10)
    await _less(till, order_id, 8)
    await till.send(RefundPayment(order_id, amount=800))
    with pytest.raises(NothingDue):
        await till.send(RecordPayment((Share(order_id),)))
    await _more(till, order_id, 5)
    order = await till.look(order_id)
    assert (order.due.amount, order.status) == (500, "pending_payment")
    paid = await till.send(RecordPayment((Share(order_id),)))
    assert paid.captured == 500
    await _check(till)
    await till.send(CompleteOrder(order_id))
    assert await till.balances() == {"bank": 700, "revenue.service": -700}
    await _check(till)


async def test_goods_credited_before_they_were_paid_for_are_not_owed(till: Till) -> None:
    order_id = await till.order(10)
    await till.send(MoveReturn(await _received(till, order_id, 4), "refund"))
    assert (await till.look(order_id)).due.amount == 600
    assert (await till.send(RecordPayment((Share(order_id),)))).captured == 600
    assert (await till.look(order_id)).payment_status == "paid"
    assert "receivable" not in await till.balances()
    await _check(till)


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "on_top"])
async def test_tax_and_shipping_are_corrected_with_what_they_were_credited_on(
    store: Store, *, inside: bool
) -> None:
    till = await open_till(
        store,
        charges_tax=True,
        prices_include_tax=inside,
        shipping_fee_amount=495,
        free_shipping_from_amount=9000,
    )
    draft = TaxRateDraft("standard", "GB", 200_000, "VAT")
    await till.send(CreateTaxRate(draft))
    await till.shop.article("cup", "3.33", stock=99)
    lines = (Wanted(7, sku="cup"), Wanted(3, sku="pound"))
    order_id = (await till.send(PlaceOrder(Basket(lines=lines, ship_to=HOME)))).order_id
    await till.send(RecordPayment((Share(order_id),)))
    await till.send(RefundPayment(order_id, amount=1001))
    for off in (3, 1, 2):
        await _less(till, order_id, off)
        await _check(till)
        await till.send(RefundPayment(order_id, amount=11))
        await _check(till)
    await _more(till, order_id, 90)
    await _check(till)
    if (await till.look(order_id)).due.amount > 0:
        await till.send(RecordPayment((Share(order_id),)))
    await till.send(RefundPayment(order_id))
    order = await till.look(order_id)
    assert (order.due.amount, order.refunded) == (0, order.paid)
    left = await till.balances()
    assert not {"tax_payable", "receivable", "bank"} & set(left)
    await _check(till)
