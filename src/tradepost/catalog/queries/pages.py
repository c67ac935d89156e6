"""One product as it is looked at: what shoppers see, and all of it for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tradepost.catalog.domain.parts import FulfillmentType, Image, Option
from tradepost.catalog.domain.product import Product, ProductStatus
from tradepost.catalog.domain.variant import Variant, VariantStatus
from tradepost.catalog.ports import ShelfPrices
from tradepost.catalog.queries.prices import PriceView, price_range, price_view
from tradepost.catalog.queries.shown import WITH_ID, WITH_SLUG, CategoryLink, Links
from tradepost.catalog.storage.products import OWNER, whole_product
from tradepost.catalog.storage.tables import PRODUCTS, products
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    CategoryId,
    LocationId,
    ProductId,
    StoreId,
    VariantId,
    VendorId,
)
from tradepost.kernel.money import UnitPrice
from tradepost.kernel.quantity import Unit
from tradepost.platform.db.statement import Statement, param
from tradepost.platform.db.work import Reader

_BY_ID = Statement(PRODUCTS.select.where(products.c.id == param("key")))


@dataclass(frozen=True, slots=True)
class VariantView:
    """A variant as shoppers see it; the price is for ``price_per`` units, sold by the ``step``."""

    id: VariantId
    sku: str
    title: str
    option_values: tuple[str, ...]
    price: PriceView
    compare_at: PriceView | None
    unit: Unit
    price_per: int
    step: int
    fulfillment_type: FulfillmentType


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as shoppers see it."""

    id: ProductId
    slug: str
    title: str
    description: str
    images: tuple[Image, ...]
    options: tuple[Option, ...]
    vendor_id: VendorId | None
    categories: tuple[CategoryLink, ...]
    price_from: PriceView
    price_to: PriceView
    variants: tuple[VariantView, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StaffVariantView:
    """A variant with all that staff can change."""

    id: VariantId
    sku: str
    barcode: str | None
    title: str
    option_values: tuple[str, ...]
    status: VariantStatus
    price: PriceView
    compare_at: PriceView | None
    unit: Unit
    price_per: int
    step: int
    fulfillment_type: FulfillmentType
    tax_class: str
    weight_grams: int | None
    backorder: bool
    stocked: bool
    in_price_lists: bool
    version: int


@dataclass(frozen=True, slots=True)
class StaffProductView:
    """A product with all that staff can change; ``version`` is that of all of it."""

    id: ProductId
    slug: str
    title: str
    description: str
    status: ProductStatus
    currency: str
    images: tuple[Image, ...]
    options: tuple[Option, ...]
    vendor_id: VendorId | None
    store_id: StoreId | None
    category_ids: tuple[CategoryId, ...]
    location_ids: tuple[LocationId, ...]
    variants: tuple[StaffVariantView, ...]
    created_at: datetime
    updated_at: datetime
    version: int


async def product_page(db: Reader, named: str, prices: ShelfPrices) -> ProductView:
    """A product that is offered, by identifier or slug, with its active variants.

    :raises Unknown: if there is none, or shoppers may not see it.
    """
    id = _id_in(named)
    found = await WITH_ID.read(db, id) if id is not None else None
    found = found or await WITH_SLUG.read(db, named)
    if found is None:
        raise Unknown("product", named)
    product, active, links = found
    agreed = await prices.of([one.id for one in active if one.listed])
    # List prices first: the range is in one currency, and theirs is the shop's.
    shown = [*agreed.values(), *(one.price for one in active if one.id not in agreed)]
    lowest, highest = price_range(shown) or (_free(product), _free(product))
    views = tuple(_variant_view(one, agreed.get(one.id, one.price)) for one in active)
    return _product_view(product, views, links, price_view(lowest), price_view(highest))


async def staff_product_page(db: Reader, product_id: ProductId) -> StaffProductView:
    """A product with everything, whatever its status; ``Unknown`` if there is none."""
    row = await db.one(_BY_ID, key=product_id)
    if row is None:
        raise Unknown("product", str(product_id))
    return _staff_view(await whole_product(db, row))


async def product_of_variant(db: Reader, variant_id: VariantId) -> StaffProductView:
    """The product that a variant belongs to; ``Unknown`` if there is none."""
    product_id = await db.value(OWNER, id=variant_id)
    if product_id is None:
        raise Unknown("variant", str(variant_id))
    return await staff_product_page(db, ProductId(product_id))


def _id_in(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        return None


def _free(product: Product) -> UnitPrice:
    return UnitPrice(0, product.currency)


def _product_view(
    product: Product,
    views: tuple[VariantView, ...],
    links: Links,
    lowest: PriceView,
    highest: PriceView,
) -> ProductView:
    return ProductView(
        id=product.id,
        slug=product.slug,
        title=product.title,
        description=product.description,
        images=product.images,
        options=product.options,
        vendor_id=product.vendor_id,
        categories=links,
        price_from=lowest,
        price_to=highest,
        variants=views,
        updated_at=product.updated_at,
    )


def _variant_view(one: Variant, price: UnitPrice) -> VariantView:
    crossed = one.compare_at
    if crossed is not None and crossed.currency is not price.currency:
        crossed = None  # a list's price in another currency cannot stand beside it
    return VariantView(
        id=one.id,
        sku=one.sku,
        title=one.title,
        option_values=one.option_values,
        price=price_view(price),
        compare_at=price_view(crossed),
        unit=one.unit,
        price_per=one.price_per,
        step=one.step,
        fulfillment_type=one.fulfillment_type,
    )


def _staff_view(product: Product) -> StaffProductView:
    return StaffProductView(
        id=product.id,
        slug=product.slug,
        title=product.title,
        description=product.description,
        status=product.status,
        currency=product.currency.code,
        images=product.images,
        options=product.options,
        vendor_id=product.vendor_id,
        store_id=product.store_id,
        category_ids=product.category_ids,
        location_ids=product.location_ids,
        variants=tuple(_staff_variant_view(one) for one in product.variants),
        created_at=product.created_at,
        updated_at=product.updated_at,
        version=product.version,
    )


def _staff_variant_view(one: Variant) -> StaffVariantView:
    return StaffVariantView(
        id=one.id,
        sku=one.sku,
        barcode=one.barcode,
        title=one.title,
        option_values=one.option_values,
        status=one.status,
        price=price_view(one.price),
        compare_at=price_view(one.compare_at),
        unit=one.unit,
        price_per=one.price_per,
        step=one.step,
        fulfillment_type=one.fulfillment_type,
        tax_class=one.tax_class,
        weight_grams=one.weight_grams,
        backorder=one.backorder,
        stocked=one.stocked,
        in_price_lists=one.listed,
        version=one.version,
    )
