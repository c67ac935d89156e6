"""What staff may ask of orders."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tradepost.kernel.contact import Email
from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import CustomerId, OrderId
from tradepost.kernel.permissions import Permission
from tradepost.kernel.text import one_line
from tradepost.ordering.domain import Status
from tradepost.ordering.graph.shapes import OrderCardShape, OrderShape
from tradepost.ordering.queries import OrderFilter, order_by_number, order_page, order_rows
from tradepost.platform.web.graphql.asking import (
    Asked,
    BigInt,
    GraphPage,
    chosen,
    page_of,
    reads,
    shown,
)

READ = Permission.ORDERS_READ


@reads(READ)
async def orders(
    info: Asked,
    first: int = 20,
    after: str | None = None,
    status: str | None = None,
    customer_id: UUID | None = None,
    email: str | None = None,
    external_code: str | None = None,
    placed_from: datetime | None = None,
    placed_before: datetime | None = None,
) -> GraphPage[OrderCardShape] | None:
    """Orders, the newest first."""
    wanted_status = chosen(Status, status, "status")
    wanted = OrderFilter(
        status=wanted_status.value if wanted_status else None,
        customer_id=CustomerId(customer_id) if customer_id else None,
        email_key=Email.parse(email).key if email else None,
        external_code=one_line(external_code, "external_code") if external_code else None,
        placed_from=placed_from,
        placed_before=placed_before,
    )
    paging = info.context.paging("orders", first, after, wanted=wanted)
    place = paging.after[0] if paging.after else None
    rows = await info.context.ask(order_rows, wanted, place, paging.limit + 1)
    return shown(GraphPage[OrderCardShape], page_of(paging, rows, lambda row: (row.number,)))


@reads(READ)
async def order(
    info: Asked, id: UUID | None = None, number: BigInt | None = None
) -> OrderShape | None:
    """An order, by its id or its number."""
    if (id is None) == (number is None):
        raise BadValue("id", "or number must be given, and one of them only")
    if id is not None:
        return shown(OrderShape, await info.context.ask(order_page, OrderId(id)))
    return shown(OrderShape, await info.context.ask(order_by_number, number))


FIELDS = (orders, order)
