"""Tax goes back with the money: in any split, inclusive or on top, shipping too, to zero."""

from __future__ import annotations

from datetime import date

import pytest
import pytest_asyncio

from tests.payments.till import HOME, Till, open_till
from tradepost.fulfillment.commands import ShipOrder
from tradepost.fulfillment.commands.take_back import MoveReturn, RequestReturn
from tradepost.kernel.ids import OrderId
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.payments.commands import RecordPayment, RefundLine, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain.tax import TaxRateDraft

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", params=[True, False], ids=["inside", "on_top"])
async def taxed(store: Store, request: pytest.FixtureRequest) -> Till:
    """A shop that charges 20 % on everything, inside of its prices or on top of them."""
    till = await open_till(
        store,
        charges_tax=True,
        prices_include_tax=request.param,
        tax_country="GB",
        shipping_fee_amount=495,
    )
    draft = TaxRateDraft("standard", "GB", 200_000, "VAT", date(2020, 1, 1), None)
    await till.send(CreateTaxRate(draft))
    await till.shop.article("cup", "3.33", stock=9)
    await till.shop.article("jar", "7.77", stock=9)
    return till


async def _bought(till: Till) -> OrderId:
    lines = (Wanted(3, sku="cup"), Wanted(1, sku="jar"), Wanted(2, sku="pound"))
    placed = await till.send(PlaceOrder(Basket(lines=lines, ship_to=HOME)))
    await till.send(RecordPayment((Share(placed.order_id),)))
    order_id: OrderId = placed.order_id
    return order_id


async def test_a_sale_refunded_bit_by_bit_leaves_no_tax(taxed: Till) -> None:
    order_id = await _bought(taxed)
    order = await taxed.look(order_id)
    posted = await taxed.balances()
    assert order.tax.amount > 0 and posted["tax_payable"] == -order.tax.amount
    line_id = await taxed.line(order_id)
    await taxed.send(RefundPayment(order_id, amount=777))
    await taxed.send(RefundPayment(order_id, lines=(RefundLine(line_id, 101),)))
    await taxed.send(RefundPayment(order_id, lines=(RefundLine(line_id),)))
    await taxed.send(RefundPayment(order_id, amount=1))
    await taxed.send(RefundPayment(order_id))
    left = await taxed.balances()
    assert not {"tax_payable", "receivable", "bank"} & set(left)
    assert left["allowances"] == order.total.amount - order.tax.amount


async def test_returned_goods_and_a_refund_of_the_rest_leave_no_tax(taxed: Till) -> None:
    order_id = await _bought(taxed)
    order = await taxed.look(order_id)
    await taxed.send(ShipOrder(order_id))
    line_id = await taxed.line(order_id)
    for quantity in (1, 2):
        back = await taxed.send(RequestReturn(order_id, ((line_id, quantity),)))
        for action in ("approve", "receive", "refund"):
            await taxed.send(MoveReturn(back.return_id, action))
    await taxed.send(RefundPayment(order_id))
    left = await taxed.balances()
    assert not {"tax_payable", "receivable", "bank"} & set(left)
    given_up = left["allowances"] + left["returns.goods"]
    assert given_up == order.total.amount - order.tax.amount
    assert (await taxed.look(order_id)).payment_status == "refunded"
