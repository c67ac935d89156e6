"""Orders as customers and staff find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CustomerId, OrderId
from tradepost.ordering.domain import Channel, Delivery, OrderState, Stage, Status
from tradepost.ordering.domain.status import PAID_LATER, WORDS
from tradepost.ordering.queries.views import (
    OrderLineView,
    OrderRow,
    OrderView,
    line_view,
    order_row,
    order_view,
)
from tradepost.ordering.storage.orders import LINE_ROWS, ORDER_ROWS, order_lines, orders
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders are wanted; what is left out does not matter."""

    status: str | None = None
    customer_id: CustomerId | None = None
    email_key: str | None = None
    external_code: str | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None


_ORDERS = scoped(orders, *ORDER_ROWS.columns)
_ONE = Statement(_ORDERS.where(orders.c.id == param("id")))
_BY_NUMBER = Statement(_ORDERS.where(orders.c.number == param("number")))
_LINES = Statement(
    scoped(order_lines, *LINE_ROWS.columns)
    .where(order_lines.c.order_id == param("order_id"))
    .order_by(order_lines.c.position)
)
_SEVERAL = Statement(_ORDERS.where(any_of(orders.c.id, "ids")))
_LINES_OF_SEVERAL = Statement(
    scoped(order_lines, *LINE_ROWS.columns)
    .where(any_of(order_lines.c.order_id, "ids"))
    .order_by(order_lines.c.order_id, order_lines.c.position)
)
_PLACED = orders.c.state == OrderState.PLACED
_NOTHING_LEFT = orders.c.units_shipped == 0
_PAYS_LATER = or_(
    *(orders.c.payment_method == method for method in sorted(PAID_LATER)),
    orders.c.channel == Channel.TABLE,
)
_WAITS = and_(
    orders.c.paid_amount + orders.c.promised_amount - orders.c.refunded_amount
    < orders.c.total_amount - orders.c.credited_amount,
    ~_PAYS_LATER,
)
_SHIPPED = and_(orders.c.channel == Channel.WEB, orders.c.delivery == Delivery.SHIP)
_NOT_BEGUN = or_(and_(_SHIPPED, _NOTHING_LEFT), and_(~_SHIPPED, orders.c.stage == Stage.NONE))


def _of_kind(kind: Channel | Delivery) -> ColumnElement[bool]:
    if isinstance(kind, Channel):
        return orders.c.channel == kind
    return and_(orders.c.channel == Channel.WEB, orders.c.delivery == kind)


def _reads(status: Status) -> ColumnElement[bool]:
    """Which placed orders read so, by the words of their kinds."""
    ways = [
        and_(_of_kind(kind), orders.c.stage == stage)
        for kind, words in WORDS.items()
        for stage, word in words.items()
        if word is status
    ]
    return and_(_PLACED, or_(*ways), ~and_(_NOT_BEGUN, _WAITS))


_HAS: dict[str, ColumnElement[bool]] = {
    Status.PENDING_PAYMENT: and_(_PLACED, _NOT_BEGUN, _WAITS),
    Status.PENDING_SHIPMENT: and_(_PLACED, _SHIPPED, _NOTHING_LEFT, ~_WAITS),
    Status.PARTIALLY_SHIPPED: and_(
        *(_PLACED, _SHIPPED, orders.c.units_shipped > 0),
        orders.c.units_shipped < orders.c.units_to_ship,
    ),
    Status.SHIPPED: and_(
        *(_PLACED, _SHIPPED, orders.c.units_shipped > 0),
        orders.c.units_shipped >= orders.c.units_to_ship,
    ),
    Status.COMPLETED: orders.c.state == OrderState.COMPLETED,
    Status.CANCELLED: orders.c.state == OrderState.CANCELLED,
    **{word: _reads(word) for words in WORDS.values() for word in words.values()},
}
_IS: dict[str, ColumnElement[bool]] = {
    "customer_id": orders.c.customer_id == param("customer_id"),
    "email_key": func.lower(orders.c.email) == param("email_key"),
    "external_code": orders.c.external_code == param("external_code"),
    "placed_from": orders.c.placed_at >= param("placed_from"),
    "placed_before": orders.c.placed_at < param("placed_before"),
    "after": orders.c.number < param("after"),
}


async def order_page(db: Reader, order_id: OrderId) -> OrderView:
    """An order; :class:`Unknown` if there is none."""
    return await _whole(db, await db.one(_ONE, id=order_id), str(order_id))


async def order_by_number(db: Reader, number: int) -> OrderView:
    """An order by its number; :class:`Unknown` if there is none."""
    return await _whole(db, await db.one(_BY_NUMBER, number=number), str(number))


async def order_rows(
    db: Reader, wanted: OrderFilter, after: int | None, limit: int
) -> list[OrderRow]:
    """Orders, the newest number first, below the number ``after``."""
    given: dict[str, Any] = {
        name: value
        for name in _IS
        if (value := after if name == "after" else getattr(wanted, name)) is not None
    }
    statement = _listing(wanted.status, tuple(given))
    return [
        order_row(ORDER_ROWS.load(row)) for row in await db.all(statement, **given, limit=limit)
    ]


async def lines_of_orders(
    db: Reader, order_ids: Sequence[OrderId]
) -> dict[OrderId, list[OrderLineView]]:
    """The lines of several orders, in their order; none for an order that is not there."""
    found: dict[OrderId, list[OrderLineView]] = {id: [] for id in order_ids}
    currencies = {
        order.id: order.currency
        for order in map(ORDER_ROWS.load, await db.all(_SEVERAL, ids=list(order_ids)))
    }
    for row in await db.all(_LINES_OF_SEVERAL, ids=list(currencies)):
        line = LINE_ROWS.load(row, currency=currencies[row[1]])
        found[line.order_id].append(line_view(line))
    return found


@cache
def _listing(status: str | None, names: Sequence[str]) -> Statement:
    chosen = _ORDERS.where(*(_IS[name] for name in names))
    if status is not None:
        chosen = chosen.where(_HAS[status])
    return Statement(chosen.order_by(orders.c.number.desc()).limit(param("limit")))


async def _whole(db: Reader, row: Sequence[Any] | None, named: str) -> OrderView:
    if row is None:
        raise Unknown("order", named)
    order = ORDER_ROWS.load(row)
    found = await db.all(_LINES, order_id=order.id)
    return order_view(order, [LINE_ROWS.load(line, currency=order.currency) for line in found])
