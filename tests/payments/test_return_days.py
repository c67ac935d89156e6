"""Returns are taken for so many days after the goods arrived, and later by permission."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from tests.payments.till import Till, open_till
from tradepost.fulfillment.commands import DeliverShipment, ShipOrder
from tradepost.fulfillment.commands.take_back import MoveReturn, RequestReturn
from tradepost.fulfillment.errors import TooLateToReturn
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Actor
from tradepost.payments.commands import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLERK = Actor("staff", permissions=frozenset({"returns.write"}))
MANAGER = replace(CLERK, permissions=CLERK.permissions | {"returns.late"})
DAYS = 14
NOW = datetime.now(UTC)


@dataclass
class Counter:
    """A shop that takes returns for two weeks."""

    till: Till

    async def ask(self, order_id: OrderId, days: int, actor: Actor = CLERK) -> str:
        """Ask to give a unit back so many days from now; where the return stands."""
        at = NOW + timedelta(days=days)
        wish = RequestReturn(order_id, ((await self.till.line(order_id), 1),), at=at)
        scope = replace(self.till.scope, actor=actor)
        asked = await self.till.bus.send(scope, wish)
        moved = await self.till.bus.send(scope, MoveReturn(asked.return_id, "approve", at=at))
        state: str = moved.state
        return state

    async def goods(self) -> OrderId:
        order_id = await self.till.order(4, sku="cup")
        await self.till.send(RecordPayment((Share(order_id),)))
        return order_id


@pytest_asyncio.fixture(loop_scope="module")
async def counter(store: Store) -> Counter:
    till = await open_till(store, return_days=DAYS)
    await till.shop.article("cup", "3.00", stock=9)
    return Counter(till)


async def test_a_service_comes_back_in_the_days_after_it_was_ordered(counter: Counter) -> None:
    order_id = await counter.till.order(4)
    assert await counter.ask(order_id, DAYS) == "approved"
    with pytest.raises(TooLateToReturn) as refused:
        await counter.ask(order_id, DAYS + 1)
    assert refused.value.days == DAYS
    assert refused.value.last_day == str((NOW + timedelta(days=DAYS)).date())
    assert await counter.ask(order_id, DAYS + 1, MANAGER) == "approved"


async def test_goods_come_back_in_the_days_after_they_arrived(counter: Counter) -> None:
    order_id, till = await counter.goods(), counter.till
    line = await till.line(order_id)
    sent = [
        await till.send(ShipOrder(order_id, ((line, 2),), at=NOW + timedelta(days=days)))
        for days in (10, 20)
    ]
    assert await counter.ask(order_id, 20 + DAYS) == "approved"
    with pytest.raises(TooLateToReturn):
        await counter.ask(order_id, 20 + DAYS + 1)
    arrives = NOW + timedelta(days=25)
    await till.send(DeliverShipment(sent[1].shipment_id, at=arrives))
    assert await counter.ask(order_id, 25 + DAYS) == "approved"
    with pytest.raises(TooLateToReturn):
        await counter.ask(order_id, 25 + DAYS + 1)


async def test_what_was_asked_for_in_time_may_come_later(counter: Counter) -> None:
    order_id, till = await counter.goods(), counter.till
    await till.send(ShipOrder(order_id))
    wish = RequestReturn(order_id, ((await till.line(order_id), 1),))
    asked = await till.bus.send(replace(till.scope, actor=CLERK), wish)
    late = NOW + timedelta(days=DAYS * 3)
    for action in ("approve", "receive", "refund"):
        moved = await till.send(MoveReturn(asked.return_id, action, at=late))
    assert moved.state == "refunded"
