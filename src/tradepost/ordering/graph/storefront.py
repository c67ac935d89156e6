"""What customers may ask of their own orders."""

from __future__ import annotations

from uuid import UUID

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CustomerId, OrderId
from tradepost.ordering.graph.shapes import OrderCardShape, OrderShape
from tradepost.ordering.queries import OrderFilter, order_page, order_rows
from tradepost.platform.web.door import CUSTOMER
from tradepost.platform.web.graphql.asking import Asked, GraphPage, page_of, reads, shown


@reads(CUSTOMER)
async def orders(
    info: Asked, first: int = 20, after: str | None = None
) -> GraphPage[OrderCardShape] | None:
    """The customer's own orders, the newest first."""
    paging = info.context.paging("orders", first, after)
    customer_id = info.context.caller.customer_id
    assert customer_id is not None
    wanted = OrderFilter(customer_id=CustomerId(customer_id))
    place = paging.after[0] if paging.after else None
    rows = await info.context.ask(order_rows, wanted, place, paging.limit + 1)
    return shown(GraphPage[OrderCardShape], page_of(paging, rows, lambda row: (row.number,)))


@reads(CUSTOMER)
async def order(info: Asked, id: UUID) -> OrderShape | None:
    """An order of the customer's own."""
    view = await info.context.ask(order_page, OrderId(id))
    if view.customer_id != info.context.caller.customer_id:
        raise Unknown("order", str(id))
    return shown(OrderShape, view)


FIELDS = (orders, order)
