"""Orders as they are shown; amounts in minor units of the order's currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tradepost.kernel.ids import (
    CustomerId,
    LocationId,
    OrderId,
    OrderLineId,
    ProductId,
    SlotId,
    VariantId,
)
from tradepost.ordering.domain import Address, Order, OrderLine
from tradepost.ordering.domain.pages import TaxLine, taxes_of
from tradepost.ordering.domain.substitution import Substitution


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """A line as it was agreed; ``price`` in major units buys ``price_per`` smallest units."""

    id: OrderLineId
    variant_id: VariantId
    product_id: ProductId
    sku: str
    title: str
    quantity: int
    unit: str
    price: str
    price_per: int
    amount: int
    discount: int
    tax: int
    tax_rate_ppm: int
    shipped: int
    returned: int
    cancelled: int
    substitution: Substitution | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with its lines, and how far payment and fulfillment have come."""

    id: OrderId
    number: int
    status: str
    payment_status: str
    fulfillment_status: str
    channel: str
    delivery: str
    payment_method: str
    currency: str
    subtotal: int
    discount: int
    shipping: int
    shipping_tax: int
    cod_fee: int
    cod_fee_tax: int
    tax: int
    taxes: tuple[TaxLine, ...]
    tax_included: bool
    rounding: int
    total: int
    paid: int
    promised: int
    refunded: int
    credited: int
    due: int
    customer_id: CustomerId | None
    external_code: str | None
    email: str | None
    ship_to: Address
    location_id: LocationId | None
    slot_id: SlotId | None
    placed_at: datetime
    business_date: date
    closed_at: datetime | None
    version: int
    lines: tuple[OrderLineView, ...]


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list."""

    id: OrderId
    number: int
    status: str
    payment_status: str
    fulfillment_status: str
    channel: str
    payment_method: str
    currency: str
    total: int
    due: int
    customer_id: CustomerId | None
    email: str | None
    placed_at: datetime
    version: int


def order_view(order: Order, lines: Sequence[OrderLine]) -> OrderView:
    """An order and its lines as they are shown."""
    return OrderView(
        id=order.id,
        number=order.number,
        status=order.status.value,
        payment_status=order.payment_status,
        fulfillment_status=order.fulfillment_status,
        channel=order.channel.value,
        delivery=order.delivery.value,
        payment_method=order.payment_method,
        currency=order.currency.code,
        subtotal=order.subtotal.amount,
        discount=order.discount.amount,
        shipping=order.shipping.amount,
        shipping_tax=order.shipping_tax.amount,
        cod_fee=order.cod_fee.amount,
        cod_fee_tax=order.cod_fee_tax.amount,
        tax=order.tax.amount,
        taxes=taxes_of(lines),
        tax_included=order.tax_included,
        rounding=order.rounding.amount,
        total=order.total.amount,
        paid=order.paid.amount,
        promised=order.promised.amount,
        refunded=order.refunded.amount,
        credited=order.credited.amount,
        due=order.due.amount,
        customer_id=order.customer_id,
        external_code=order.external_code,
        email=order.email,
        ship_to=order.ship_to,
        location_id=order.location_id,
        slot_id=order.slot_id,
        placed_at=order.placed_at,
        business_date=order.business_date,
        closed_at=order.closed_at,
        version=order.version,
        lines=tuple(map(line_view, lines)),
    )


def line_view(line: OrderLine) -> OrderLineView:
    """A line as it is shown."""
    return OrderLineView(
        id=line.id,
        variant_id=line.variant_id,
        product_id=line.product_id,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        unit=line.unit,
        price=line.unit_price.decimal_text,
        price_per=line.price_per,
        amount=line.amount.amount,
        discount=line.discount.amount,
        tax=line.tax.amount,
        tax_rate_ppm=line.tax_ppm,
        shipped=line.shipped,
        returned=line.returned,
        cancelled=line.cancelled,
        substitution=line.substitution,
    )


def order_row(order: Order) -> OrderRow:
    """An order as a list shows it."""
    return OrderRow(
        id=order.id,
        number=order.number,
        status=order.status.value,
        payment_status=order.payment_status,
        fulfillment_status=order.fulfillment_status,
        channel=order.channel.value,
        payment_method=order.payment_method,
        currency=order.currency.code,
        total=order.total.amount,
        due=order.due.amount,
        customer_id=order.customer_id,
        email=order.email,
        placed_at=order.placed_at,
        version=order.version,
    )
