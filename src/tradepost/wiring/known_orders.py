"""Tells other contexts whether there is an order, before they answer about it."""

from __future__ import annotations

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CustomerId, OrderId
from tradepost.ordering.storage.orders import orders
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader

_OWNER = Statement(scoped(orders, orders.c.customer_id).where(orders.c.id == param("id")))


class KnownOrders:
    """Answers the KnownOrders ports of payments and fulfillment."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    async def check(self, order_id: OrderId, owner: CustomerId | None = None) -> None:
        """Refuse an order that is not there, or not the owner's if one is named."""
        row = await self._db.one(_OWNER, id=order_id)
        if row is None or (owner is not None and row[0] != owner):
            raise Unknown("order", str(order_id))
