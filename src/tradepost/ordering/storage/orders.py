"""Orders and their lines, as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Index

from tradepost.kernel.ids import CustomerId, OrderId, OrderLineId
from tradepost.ordering.domain import Order, OrderLine
from tradepost.ordering.storage.numbers import next_numbers
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    scoped,
)
from tradepost.platform.db.work import Work

orders = tenant_table(
    "orders",
    Order,
    unique=[("number",), ("cart_id",)],
    indexes=[("customer_id",), ("placed_at",), ("external_code",), ("state", "placed_at")],
)
order_lines = tenant_table(
    "order_lines", OrderLine, indexes=[("order_id",)], references={"order_id": "orders"}
)
_FOR_VENDORS = order_lines.c.vendor_id.is_not(None)
Index(
    "order_lines_vendor_ix",
    order_lines.c.tenant_id,
    order_lines.c.vendor_id,
    order_lines.c.order_id,
    postgresql_where=_FOR_VENDORS,
    sqlite_where=_FOR_VENDORS,
)
ORDER_ROWS = Mapper(Order, orders)
LINE_ROWS = Mapper(OrderLine, order_lines)
_LOCK = Statement(
    scoped(orders, *ORDER_ROWS.columns)
    .where(any_of(orders.c.id, "ids"))
    .order_by(orders.c.id)
    .with_for_update()
)
_LOCK_OF = Statement(
    scoped(orders, *ORDER_ROWS.columns)
    .where(orders.c.customer_id == param("customer_id"))
    .order_by(orders.c.id)
    .with_for_update()
)
_LINES = Statement(
    scoped(order_lines, *LINE_ROWS.columns)
    .where(any_of(order_lines.c.order_id, "ids"))
    .order_by(order_lines.c.order_id, order_lines.c.position)
)
_CHANGING = (
    "state",
    "subtotal_amount",
    "discount_amount",
    "shipping_amount",
    "shipping_tax_amount",
    "tax_amount",
    "rounding_amount",
    "total_amount",
    "paid_amount",
    "promised_amount",
    "refunded_amount",
    "credited_amount",
    "units_to_ship",
    "units_shipped",
    "stage",
    "closed_at",
    "version",
)
_PERSON = ("email", "ship_to", "version")


class SqlOrders:
    """Answers the Orders port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def numbers(self, count: int, first: int) -> range:
        """Take consecutive numbers in one statement; its row is held until the commit."""
        return await next_numbers(self._work, "order", count, first)

    def add(self, made: Sequence[tuple[Order, Sequence[OrderLine]]]) -> None:
        """Keep fresh orders with their lines."""
        self._work.add(orders, *(ORDER_ROWS.dump(order) for order, _ in made))
        self._work.add(order_lines, *(LINE_ROWS.dump(line) for _, lines in made for line in lines))

    async def lock(self, ids: Sequence[OrderId]) -> dict[OrderId, Order]:
        """The orders, locked in the order of their identifiers."""
        rows = await self._work.all(_LOCK, ids=sorted(set(ids)))
        return {order.id: order for order in map(ORDER_ROWS.load, rows)}

    async def lock_of(self, customer_id: CustomerId) -> list[Order]:
        """A customer's orders, locked in the order of their identifiers."""
        rows = await self._work.all(_LOCK_OF, customer_id=customer_id)
        return list(map(ORDER_ROWS.load, rows))

    async def save_persons(self, changed: Sequence[Order]) -> None:
        """Write back who locked orders are for."""
        rows = [ORDER_ROWS.dump(order) for order in changed]
        kept = [{name: row[name] for name in ("id", *_PERSON)} for row in rows]
        await self._work.update_rows(orders, ("id",), kept)

    async def lines(self, ids: Sequence[OrderId]) -> dict[OrderId, list[OrderLine]]:
        """The lines of orders, by position; the currency is their orders'."""
        held = await self.lock(ids)
        found: dict[OrderId, list[OrderLine]] = defaultdict(list)
        for row in await self._work.all(_LINES, ids=sorted(held)):
            line = LINE_ROWS.load(row, currency=held[row[1]].currency)
            found[line.order_id].append(line)
        return found

    async def save(self, changed: Sequence[Order]) -> None:
        """Write locked orders back."""
        rows = [ORDER_ROWS.dump(order) for order in changed]
        kept = [{name: row[name] for name in ("id", *_CHANGING)} for row in rows]
        await self._work.update_rows(orders, ("id",), kept)

    def add_lines(self, lines: Sequence[OrderLine]) -> None:
        """Keep fresh lines of an order that is there."""
        self._work.add(order_lines, *map(LINE_ROWS.dump, lines))

    async def save_amounts(self, lines: Sequence[OrderLine]) -> None:
        """Write what lines cost now."""
        names = (
            "id",
            "cancelled",
            "amount_amount",
            "discount_amount",
            "tax_amount",
            "commission_amount",
        )
        rows = [LINE_ROWS.dump(line) for line in lines]
        kept = [{name: row[name] for name in names} for row in rows]
        await self._work.update_rows(order_lines, ("id",), kept)

    async def add_shipped(self, units: Mapping[OrderLineId, int]) -> None:
        """Add units that left; the lines need not be read for it."""
        rows = [{"id": line_id, "shipped": count} for line_id, count in units.items()]
        await self._work.update_rows(order_lines, ("id",), rows, adding=True)

    async def save_lines(self, lines: Sequence[OrderLine]) -> None:
        """Write what became of lines."""
        rows = [
            {
                "id": line.id,
                "shipped": line.shipped,
                "returned": line.returned,
                "cancelled": line.cancelled,
            }
            for line in lines
        ]
        await self._work.update_rows(order_lines, ("id",), rows)
