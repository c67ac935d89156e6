"""A shop that sells one service in any amount, and its books."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.journeys.spine import Shop, open_shop
from tradepost.kernel.ids import OrderId, OrderLineId
from tradepost.kernel.messages import Command, Scope
from tradepost.ledger.queries import trial_balance
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address, Order, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.storage.orders import ORDER_ROWS, order_lines, orders
from tradepost.platform.bus import Bus
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.outbox import outbox

HOME = Address(country="GB", name="A. Shopper", line1="1 High Street", city="Leeds")
LONG_AGO, LATER = date(2000, 1, 1), datetime.now(UTC).date() + timedelta(days=2)
METHODS = ("bank_transfer", "cod", "cash", "card_terminal", "gateway")
_ORDER = Statement(scoped(orders, *ORDER_ROWS.columns).where(orders.c.id == param("id")))
_LINE = Statement(
    scoped(order_lines, order_lines.c.id)
    .where(order_lines.c.order_id == param("order_id"))
    .order_by(order_lines.c.position)
)
_NAMES = Statement(
    scoped(outbox, outbox.c.name, outbox.c.body)
    .where(outbox.c.stream_id == param("stream_id"))
    .order_by(outbox.c.version)
)


@dataclass
class Till:
    """What a test does with a shop's money."""

    shop: Shop

    @property
    def bus(self) -> Bus:
        return self.shop.bus

    @property
    def scope(self) -> Scope:
        return self.shop.scope

    async def order(
        self,
        quantity: int = 100,
        method: str = "bank_transfer",
        sku: str = "pound",
        off: tuple[int, int] = (0, 0),
    ) -> OrderId:
        """An order of an article, by default of the one that costs a pound each.

        ``off`` are the discounts of its line and of the whole basket, in minor units.
        """
        lines = (Wanted(quantity, sku=sku, discount=off[0]),)
        basket = Basket(lines=lines, ship_to=HOME, payment_method=method, discount=off[1])
        placed = await self.send(PlaceOrder(basket))
        order_id: OrderId = placed.order_id
        return order_id

    async def send(self, command: Command, key: str | None = None) -> Any:
        return await self.bus.send(self.scope, command, key=key)

    async def look(self, order_id: OrderId) -> Order:
        """The order as it stands."""

        async def one(db: Reader) -> Order:
            row = await db.one(_ORDER, id=order_id)
            assert row is not None
            return ORDER_ROWS.load(row)

        return await self.bus.ask(self.scope, one)

    async def line(self, order_id: OrderId) -> OrderLineId:
        """The first line of an order."""

        async def first(db: Reader) -> OrderLineId:
            return OrderLineId(await db.value(_LINE, order_id=order_id))

        return await self.bus.ask(self.scope, first)

    async def balances(self) -> dict[str, int]:
        """Every account that is not at zero; debits count up."""
        sums: Counter[str] = Counter()
        for row in await self.bus.ask(self.scope, trial_balance, LONG_AGO, LATER):
            sums[row.account] += row.debits - row.credits
        return {account: amount for account, amount in sums.items() if amount}

    async def told(self, stream_id: UUID) -> list[str]:
        """Names of the facts on a stream, by version."""

        async def names(db: Reader) -> list[str]:
            return [row[0] for row in await db.all(_NAMES, stream_id=stream_id)]

        return await self.bus.ask(self.scope, names)

    async def statuses(self, order_id: OrderId) -> list[str]:
        """What people could read of an order, by version."""

        async def read(db: Reader) -> list[str]:
            bodies = [json.loads(row[1]) for row in await db.all(_NAMES, stream_id=order_id)]
            return [body["status"] for body in bodies if "status" in body]

        return await self.bus.ask(self.scope, read)


async def open_till(store: Store, **settings: Any) -> Till:
    """A shop whose one article costs a pound."""
    shop = await open_shop(store, payment_methods=METHODS, **settings)
    await shop.article("pound", "1.00", service=True)
    return Till(shop)
