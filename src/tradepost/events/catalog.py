"""What the catalogue tells: products as they now stand, prices, categories.

Every fact of a product carries the version that the product reached, so a reader drops older ones.
A fact of one product stands on that product's stream; a revision of many articles stands on a
stream of its own and carries each product's version in its lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tradepost.kernel.ids import (
    CategoryId,
    LocationId,
    ProductId,
    RevisionId,
    StoreId,
    VariantId,
    VendorId,
)
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class VariantFace:
    """A variant as readers outside of the catalogue know it; the price is for ``price_per``."""

    variant_id: VariantId
    sku: str
    barcode: str | None
    title: str
    status: str
    fulfillment_type: str
    price_micros: int
    unit: str
    price_per: int


@dataclass(frozen=True, slots=True)
class ProductFace:
    """A product as it stands: all that search and listings need.

    ``description`` may be cut; the price range is that of its active variants, in millionths of
    the currency's major unit. No locations means offered everywhere.
    """

    title: str
    slug: str
    description: str
    status: str
    image_url: str | None
    vendor_id: VendorId | None
    store_id: StoreId | None
    category_ids: tuple[CategoryId, ...]
    location_ids: tuple[LocationId, ...]
    currency: str
    price_min_micros: int | None
    price_max_micros: int | None
    variants: tuple[VariantFace, ...]


@dataclass(frozen=True, slots=True)
class _ProductFact(Fact):
    stream: ClassVar[str] = "product"
    key: ClassVar[str] = "product_id"
    product_id: ProductId
    version: int
    face: ProductFace


@dataclass(frozen=True, slots=True)
class ProductCreated(_ProductFact):
    """A product came into the catalogue."""

    name: ClassVar[str] = "product.created"


@dataclass(frozen=True, slots=True)
class ProductUpdated(_ProductFact):
    """Something about a product or its variants changed; ``face`` is all of it afterwards."""

    name: ClassVar[str] = "product.updated"


@dataclass(frozen=True, slots=True)
class ProductArchived(_ProductFact):
    """A product left the catalogue for good or until it is restored."""

    name: ClassVar[str] = "product.archived"


@dataclass(frozen=True, slots=True)
class VariantPrice:
    """The base price of a variant, and what it was before."""

    variant_id: VariantId
    sku: str
    price_micros: int
    was_micros: int


@dataclass(frozen=True, slots=True)
class PricedProduct:
    """New prices of one product, and the range that its active variants now span."""

    product_id: ProductId
    version: int
    currency: str
    price_min_micros: int | None
    price_max_micros: int | None
    variants: tuple[VariantPrice, ...]


@dataclass(frozen=True, slots=True)
class PriceUpdated(Fact):
    """Base prices changed, of one variant or of many at once."""

    name: ClassVar[str] = "price.updated"
    stream: ClassVar[str] = "revision"
    key: ClassVar[str] = "revision_id"
    revision_id: RevisionId
    products: tuple[PricedProduct, ...]


@dataclass(frozen=True, slots=True)
class RetitledProduct:
    """The new title of one product."""

    product_id: ProductId
    version: int
    title: str


@dataclass(frozen=True, slots=True)
class ProductsRetitled(Fact):
    """Titles of many products were taken over at once."""

    name: ClassVar[str] = "product.retitled"
    stream: ClassVar[str] = "revision"
    key: ClassVar[str] = "revision_id"
    revision_id: RevisionId
    products: tuple[RetitledProduct, ...]


@dataclass(frozen=True, slots=True)
class CategoryFace:
    """A category as it stands; none as parent means at the root of the tree."""

    parent_id: CategoryId | None
    title: str
    slug: str
    position: int
    status: str


@dataclass(frozen=True, slots=True)
class _CategoryFact(Fact):
    stream: ClassVar[str] = "category"
    key: ClassVar[str] = "category_id"
    category_id: CategoryId
    version: int
    face: CategoryFace


@dataclass(frozen=True, slots=True)
class CategoryCreated(_CategoryFact):
    """A category came to be."""

    name: ClassVar[str] = "category.created"


@dataclass(frozen=True, slots=True)
class CategoryUpdated(_CategoryFact):
    """A category was renamed, moved or restored."""

    name: ClassVar[str] = "category.updated"


@dataclass(frozen=True, slots=True)
class CategoryArchived(_CategoryFact):
    """Shoppers see a category no longer."""

    name: ClassVar[str] = "category.archived"
