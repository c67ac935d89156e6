"""Units that came back once cannot come back again by another return."""

from __future__ import annotations

import pytest

from tests.payments.till import HOME, Till, open_till
from tradepost.fulfillment.commands import ShipOrder
from tradepost.fulfillment.commands.take_back import MoveReturn, RequestReturn
from tradepost.fulfillment.errors import MoreThanShipped
from tradepost.kernel.ids import OrderId, ReturnId
from tradepost.ordering.commands import CancelOrder, PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.payments.commands import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store


@pytest.fixture
async def till(store: Store) -> Till:
    till = await open_till(store)
    await till.shop.article("cup", "3.00", stock=9)
    return till


async def _approved(till: Till, order_id: OrderId, quantity: int) -> ReturnId:
    line_id = await till.line(order_id)
    back = await till.send(RequestReturn(order_id, ((line_id, quantity),)))
    await till.send(MoveReturn(back.return_id, "approve"))
    return_id: ReturnId = back.return_id
    return return_id


async def test_two_returns_of_the_same_units_bring_them_back_once(till: Till) -> None:
    basket = Basket(lines=(Wanted(2, sku="cup"),), ship_to=HOME)
    order_id = (await till.send(PlaceOrder(basket))).order_id
    await till.send(RecordPayment((Share(order_id),)))
    await till.send(ShipOrder(order_id))
    first, second = [await _approved(till, order_id, 2) for _ in range(2)]
    await till.send(MoveReturn(first, "receive"))
    with pytest.raises(MoreThanShipped):
        await till.send(MoveReturn(second, "receive"))
    await till.send(MoveReturn(second, "reject"))
    await till.send(MoveReturn(first, "refund"))
    assert not {"receivable", "bank"} & set(await till.balances())


async def test_nothing_comes_back_on_an_order_that_was_called_off(till: Till) -> None:
    order_id = await till.order(5)
    asked = await _approved(till, order_id, 5)
    await till.send(CancelOrder(order_id))
    with pytest.raises(MoreThanShipped):
        await till.send(MoveReturn(asked, "receive"))
    assert await till.balances() == {}
