"""What vendors are shown of the shop: their part of orders, their parcels, their products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tradepost.kernel.consignment import Contract
from tradepost.kernel.ids import OrderId, OrderLineId, ProductId, ShipmentId, VariantId, VendorId


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a vendor's in an order; amounts in minor units."""

    id: OrderLineId
    variant_id: VariantId
    product_id: ProductId
    sku: str
    title: str
    quantity: int
    amount: int
    discount: int
    tax: int
    commission_rate_ppm: int
    commission: int
    shipped: int
    returned: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class ShipTo:
    """Where a vendor's goods go."""

    country: str
    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    phone: str


@dataclass(frozen=True, slots=True)
class VendorOrderView:
    """What of an order is one vendor's: their lines, their shares of fees, and how far they are.

    ``contracts`` are those its lines were sold under: one, or more where articles were added under
    another. ``total`` is what the customer pays for it, tax inside; ``tax_included`` tells whether
    the other amounts have the tax inside.
    """

    order_id: OrderId
    number: int
    vendor_id: VendorId
    status: str
    order_status: str
    currency: str
    tax_included: bool
    subtotal: int
    discount: int
    shipping: int
    shipping_tax: int
    cod_fee: int
    cod_fee_tax: int
    tax: int
    total: int
    commission: int
    placed_at: datetime
    contracts: tuple[Contract, ...]
    ship_to: ShipTo | None
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class ParcelLineView:
    """Units of an order line in a parcel."""

    order_line_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A parcel of a vendor's."""

    id: ShipmentId
    order_id: OrderId
    state: str
    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    version: int
    lines: tuple[ParcelLineView, ...]


@dataclass(frozen=True, slots=True)
class GoodsView:
    """A product of a vendor's."""

    id: ProductId
    title: str
    slug: str
    status: str
    currency: str
    version: int
