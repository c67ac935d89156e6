"""Orders as the graph tells them; amounts in minor units of the order's currency."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from tradepost.kernel.ids import OrderId
from tradepost.ordering.queries import lines_of_orders
from tradepost.platform.web.graphql.asking import Asked, BigInt, part, shape, shown


@shape("OrderLine")
class OrderLineShape:
    """A line as it was agreed; `price` in major units buys `pricePer` smallest units."""

    id: UUID
    variant_id: UUID
    product_id: UUID
    sku: str
    title: str
    quantity: BigInt
    unit: str
    price: str
    price_per: BigInt
    amount: BigInt
    discount: BigInt
    tax: BigInt
    tax_rate_ppm: BigInt
    shipped: BigInt
    returned: BigInt
    cancelled: BigInt


@shape("TaxLine")
class TaxLineShape:
    """The tax of one rate, in parts per million, over all lines."""

    rate_ppm: BigInt
    amount: BigInt


@shape("OrderAddress")
class OrderAddressShape:
    """Where goods or papers go; `country` is ISO 3166-1 alpha-2, or ZZ where unknown."""

    country: str
    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    phone: str


@shape("OrderCard")
class OrderCardShape:
    """An order in a list."""

    id: UUID
    number: BigInt
    status: str
    payment_status: str
    fulfillment_status: str
    channel: str
    payment_method: str
    currency: str
    total: BigInt
    due: BigInt
    customer_id: UUID | None
    email: str | None
    placed_at: datetime
    version: BigInt

    @part
    async def lines(self, info: Asked) -> list[OrderLineShape]:
        """Its lines, in their order."""
        found = await info.context.load(lines_of_orders, OrderId(self.id))
        return [shown(OrderLineShape, one) for one in found]


@shape("Order")
class OrderShape:
    """An order with its lines, and how far payment and fulfillment have come."""

    id: UUID
    number: BigInt
    status: str
    payment_status: str
    fulfillment_status: str
    channel: str
    delivery: str
    payment_method: str
    currency: str
    subtotal: BigInt
    discount: BigInt
    shipping: BigInt
    shipping_tax: BigInt
    cod_fee: BigInt
    cod_fee_tax: BigInt
    tax: BigInt
    taxes: list[TaxLineShape]
    tax_included: bool
    rounding: BigInt
    total: BigInt
    paid: BigInt
    refunded: BigInt
    credited: BigInt
    due: BigInt
    customer_id: UUID | None
    external_code: str | None
    email: str | None
    ship_to: OrderAddressShape
    placed_at: datetime
    business_date: date
    closed_at: datetime | None
    version: BigInt
    lines: list[OrderLineShape]
