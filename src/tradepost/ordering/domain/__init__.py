"""What an order and a cart are, and the rules they keep."""

from tradepost.ordering.domain.address import Address
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.ordering.domain.cart import Cart, CartLine, CartState
from tradepost.ordering.domain.draft import Draft, draft_order
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.order import Order
from tradepost.ordering.domain.status import Channel, Delivery, OrderState, Stage, Status

__all__ = [
    "Address",
    "Basket",
    "Cart",
    "CartLine",
    "CartState",
    "Channel",
    "Delivery",
    "Draft",
    "Order",
    "OrderLine",
    "OrderState",
    "Stage",
    "Status",
    "Wanted",
    "draft_order",
]
