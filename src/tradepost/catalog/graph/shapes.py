"""Products and categories as the graph tells them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tradepost.platform.web.graphql.asking import BigInt, shape


@shape("Price")
class PriceShape:
    """A price: `amount` in minor units of `currency`, rounded half up; `decimal` is exact, in
    major units; `text` is for people."""

    amount: BigInt
    currency: str
    decimal: str
    text: str


@shape("Image")
class ImageShape:
    """A picture by its address, and what it shows for those who cannot see it."""

    url: str
    alt: str


@shape("Option")
class OptionShape:
    """Something that variants differ in, and the values to choose from."""

    name: str
    values: list[str]


@shape("CategoryLink")
class CategoryLinkShape:
    """A category that a product stands in."""

    id: UUID
    slug: str
    name: str


@shape("ProductCard")
class ProductCardShape:
    """A product in a list; without active variants it has no price."""

    id: UUID
    slug: str
    title: str
    status: str
    image: ImageShape | None
    vendor_id: UUID | None
    price_from: PriceShape | None
    price_to: PriceShape | None
    created_at: datetime
    updated_at: datetime
    version: BigInt


@shape("Variant")
class VariantShape:
    """A variant on offer; the price is for `pricePer` units, sold by the `step`."""

    id: UUID
    sku: str
    title: str
    option_values: list[str]
    price: PriceShape
    compare_at: PriceShape | None
    unit: str
    price_per: BigInt
    step: BigInt
    fulfillment_type: str


@shape("Product")
class ProductShape:
    """A product on offer, with the variants that can be bought."""

    id: UUID
    slug: str
    title: str
    description: str
    images: list[ImageShape]
    options: list[OptionShape]
    vendor_id: UUID | None
    categories: list[CategoryLinkShape]
    price_from: PriceShape
    price_to: PriceShape
    variants: list[VariantShape]
    updated_at: datetime


@shape("CategoryNode")
class CategoryNodeShape:
    """A category with those below it, in the order in which they are shown."""

    id: UUID
    slug: str
    name: str
    children: list[CategoryNodeShape]


@shape("Category")
class CategoryShape:
    """A category, archived ones too."""

    id: UUID
    parent_id: UUID | None
    slug: str
    name: str
    position: BigInt
    status: str
    version: BigInt


@shape("Variant")
class StaffVariantShape:
    """A variant with all that can be changed."""

    id: UUID
    sku: str
    barcode: str | None
    title: str
    option_values: list[str]
    status: str
    price: PriceShape
    compare_at: PriceShape | None
    unit: str
    price_per: BigInt
    step: BigInt
    fulfillment_type: str
    tax_class: str
    weight_grams: BigInt | None
    backorder: bool
    stocked: bool
    in_price_lists: bool
    version: BigInt


@shape("Product")
class StaffProductShape:
    """A product with all that can be changed, whatever its status."""

    id: UUID
    slug: str
    title: str
    description: str
    status: str
    currency: str
    images: list[ImageShape]
    options: list[OptionShape]
    vendor_id: UUID | None
    store_id: UUID | None
    category_ids: list[UUID]
    location_ids: list[UUID]
    variants: list[StaffVariantShape]
    created_at: datetime
    updated_at: datetime
    version: BigInt
