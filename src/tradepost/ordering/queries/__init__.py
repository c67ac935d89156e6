"""Carts and orders as they are shown."""

from tradepost.ordering.domain.pages import CartView
from tradepost.ordering.queries.carts import cart_page, open_cart_page
from tradepost.ordering.queries.orders import (
    OrderFilter,
    lines_of_orders,
    order_by_number,
    order_page,
    order_rows,
)
from tradepost.ordering.queries.views import OrderRow, OrderView

__all__ = [
    "CartView",
    "OrderFilter",
    "OrderRow",
    "OrderView",
    "cart_page",
    "lines_of_orders",
    "open_cart_page",
    "order_by_number",
    "order_page",
    "order_rows",
]
