"""A cart as its owner sees it, priced as its order would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.kernel.ids import (
    CartId,
    CartLineId,
    CustomerId,
    LocationId,
    OrderId,
    SlotId,
    VariantId,
)
from tradepost.kernel.money import UnitPrice
from tradepost.ordering.domain.address import Address
from tradepost.ordering.domain.cart import Cart, CartLine
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.order import Order
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.substitution import Substitution
from tradepost.ordering.domain.terms import Policy


@dataclass(frozen=True, slots=True)
class TaxLine:
    """The tax of one rate, in parts per million, over all lines."""

    rate_ppm: int
    amount: int


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line at today's price; ``amount`` is none of it where the article is not on sale."""

    id: CartLineId
    variant_id: VariantId
    sku: str
    title: str
    quantity: int
    unit: str
    price: str
    price_per: int
    on_sale: bool
    amount: int
    tax: int
    substitution: Substitution | None


@dataclass(frozen=True, slots=True)
class CartProblem:
    """What would keep the cart from being ordered as it is."""

    code: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart with its totals, in minor units of ``currency``; ``total`` is what is charged.

    Send ``total`` as ``expected_total`` with the checkout to be told of a change in between.
    """

    id: CartId
    status: str
    customer_id: CustomerId | None
    order_id: OrderId | None
    email: str | None
    ship_to: Address | None
    delivery: str
    location_id: LocationId | None
    slot_id: SlotId | None
    payment_method: str
    currency: str
    lines: tuple[CartLineView, ...]
    subtotal: int
    shipping: int
    shipping_tax: int
    cod_fee: int
    cod_fee_tax: int
    tax: int
    taxes: tuple[TaxLine, ...]
    tax_included: bool
    rounding: int
    total: int
    problems: tuple[CartProblem, ...]
    version: int


Made = tuple[Order, Sequence[OrderLine]]


def cart_view(
    cart: Cart,
    quotes: Quotes,
    made: Made | None,
    problems: tuple[CartProblem, ...],
    policy: Policy,
) -> CartView:
    """The view of a cart and of the order that it would become; without one it has no totals."""
    order, lines = made or (None, ())
    priced = {line.variant_id: line for line in lines}
    return CartView(
        id=cart.id,
        status=cart.status,
        customer_id=cart.customer_id,
        order_id=cart.order_id,
        email=cart.email,
        ship_to=cart.ship_to,
        delivery=cart.delivery.value,
        location_id=cart.location_id,
        slot_id=cart.slot_id,
        payment_method=cart.payment_method,
        currency=cart.currency.code,
        lines=tuple(
            _line(line, quotes, priced.get(line.variant_id), policy) for line in cart.lines
        ),
        subtotal=order.subtotal.amount if order else 0,
        shipping=order.shipping.amount if order else 0,
        shipping_tax=order.shipping_tax.amount if order else 0,
        cod_fee=order.cod_fee.amount if order else 0,
        cod_fee_tax=order.cod_fee_tax.amount if order else 0,
        tax=order.tax.amount if order else 0,
        taxes=taxes_of(lines),
        tax_included=policy.prices_include_tax,
        rounding=order.rounding.amount if order else 0,
        total=order.total.amount if order else 0,
        problems=problems,
        version=cart.version,
    )


def _line(line: CartLine, quotes: Quotes, priced: OrderLine | None, policy: Policy) -> CartLineView:
    quote = quotes.get(line.variant_id)
    price = UnitPrice(quote.price_micros, policy.currency).decimal_text if quote else ""
    return CartLineView(
        id=line.id,
        variant_id=line.variant_id,
        sku=quote.sku if quote else "",
        title=quote.title if quote else "",
        quantity=line.quantity,
        unit=quote.unit if quote else "",
        price=price,
        price_per=quote.price_per if quote else 1,
        on_sale=quote is not None and quote.on_sale,
        amount=priced.amount.amount if priced else 0,
        tax=priced.tax.amount if priced else 0,
        substitution=line.substitution,
    )


def taxes_of(lines: Sequence[OrderLine]) -> tuple[TaxLine, ...]:
    """The tax of each rate over all lines, the lowest rate first; no line for no tax."""
    sums: dict[int, int] = {}
    for line in lines:
        if line.tax_ppm:
            sums[line.tax_ppm] = sums.get(line.tax_ppm, 0) + line.tax.amount
    return tuple(TaxLine(rate, sums[rate]) for rate in sorted(sums))
