"""What is answered and told of an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.events.ordering import OrderPlaced, PlacedLine
from tradepost.kernel.ids import OrderId
from tradepost.ordering.domain import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Placed:
    """The order as it was placed; amounts in minor units of ``currency``."""

    order_id: OrderId
    number: int
    status: str
    currency: str
    subtotal: int
    discount: int
    shipping: int
    cod_fee: int
    tax: int
    rounding: int
    total: int
    payment_method: str
    version: int


def placed_answer(order: Order) -> Placed:
    """What is answered to a wish that was granted."""
    return Placed(
        order_id=order.id,
        number=order.number,
        status=order.status.value,
        currency=order.currency.code,
        subtotal=order.subtotal.amount,
        discount=order.discount.amount,
        shipping=order.shipping.amount,
        cod_fee=order.cod_fee.amount,
        tax=order.tax.amount,
        rounding=order.rounding.amount,
        total=order.total.amount,
        payment_method=order.payment_method,
        version=order.version,
    )


def placed_fact(order: Order, lines: Sequence[OrderLine]) -> OrderPlaced:
    """The fact that an order was placed."""
    return OrderPlaced(
        order_id=order.id,
        number=order.number,
        channel=order.channel.value,
        status=order.status.value,
        currency=order.currency.code,
        total=order.total.amount,
        customer_id=order.customer_id,
        cart_id=order.cart_id,
        business_date=order.business_date,
        lines=placed_lines(lines),
    )


def placed_lines(lines: Sequence[OrderLine]) -> tuple[PlacedLine, ...]:
    """Lines as facts tell them: the units that are still wanted."""
    return tuple(
        PlacedLine(one.id, one.variant_id, one.quantity - one.cancelled, one.amount.amount)
        for one in lines
    )
