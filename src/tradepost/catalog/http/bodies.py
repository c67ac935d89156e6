"""The forms in which staff send products, variants and categories."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tradepost.catalog.domain.category import POSITION_MAX, CategoryStatus
from tradepost.catalog.domain.parts import (
    ALT_LONGEST,
    CATEGORIES_A_PRODUCT_MAX,
    DESCRIPTION_LONGEST,
    IMAGES_A_PRODUCT_MAX,
    LOCATIONS_A_PRODUCT_MAX,
    OPTION_LONGEST,
    OPTIONS_A_PRODUCT_MAX,
    TITLE_LONGEST,
    URL_LONGEST,
    VALUES_AN_OPTION_MAX,
    VARIANTS_A_PRODUCT_MAX,
    FulfillmentType,
    Image,
    Option,
)
from tradepost.catalog.domain.product import ProductDetails, ProductStatus
from tradepost.catalog.domain.revision import ARTICLES_A_REVISION_MAX, ArticleLine
from tradepost.catalog.domain.variant import (
    STANDARD_TAX_CLASS,
    WEIGHT_GRAMS_MAX,
    VariantDraft,
    VariantStatus,
)
from tradepost.kernel.codes import folded, sku_text
from tradepost.kernel.errors import BadAmount
from tradepost.kernel.ids import CategoryId, LocationId, StoreId, VendorId
from tradepost.kernel.quantity import Unit
from tradepost.kernel.whole import scaled_decimal
from tradepost.platform.web import Body
from tradepost.platform.web.body import Code, Units

PRICE_DECIMALS = 6
Title = Annotated[str, Meta(max_length=TITLE_LONGEST)]
Price = Annotated[
    str, Meta(max_length=40, description='Major units as decimal text: "12.99", "0.001".')
]
Place = Annotated[int, Meta(ge=0, le=POSITION_MAX)]


def micros(price: str, field: str = "price") -> int:
    """The millionths of the major unit that a price in decimal text means."""
    return scaled_decimal(price, PRICE_DECIMALS, field, BadAmount)


class ImageBody(Body, frozen=True):
    """A picture by its address."""

    url: Annotated[str, Meta(max_length=URL_LONGEST)]
    alt: Annotated[str, Meta(max_length=ALT_LONGEST)] = ""


class OptionBody(Body, frozen=True):
    """Something that variants differ in."""

    name: Annotated[str, Meta(max_length=OPTION_LONGEST)]
    values: Annotated[
        tuple[Annotated[str, Meta(max_length=OPTION_LONGEST)], ...],
        Meta(min_length=1, max_length=VALUES_AN_OPTION_MAX),
    ]


class DetailsBody(Body, frozen=True):
    """What is said about a product; without a slug it keeps its own or gets one of its title."""

    title: Title
    slug: Code | None = None
    description: Annotated[str, Meta(max_length=DESCRIPTION_LONGEST)] = ""
    vendor_id: UUID | None = None
    store_id: UUID | None = None
    category_ids: Annotated[tuple[UUID, ...], Meta(max_length=CATEGORIES_A_PRODUCT_MAX)] = ()
    location_ids: Annotated[tuple[UUID, ...], Meta(max_length=LOCATIONS_A_PRODUCT_MAX)] = ()
    images: Annotated[tuple[ImageBody, ...], Meta(max_length=IMAGES_A_PRODUCT_MAX)] = ()
    options: Annotated[tuple[OptionBody, ...], Meta(max_length=OPTIONS_A_PRODUCT_MAX)] = ()

    def details(self) -> ProductDetails:
        """The same as the domain has it."""
        return ProductDetails(
            self.title,
            self.slug,
            self.description,
            VendorId(self.vendor_id) if self.vendor_id else None,
            StoreId(self.store_id) if self.store_id else None,
            tuple(map(CategoryId, self.category_ids)),
            tuple(map(LocationId, self.location_ids)),
            tuple(Image(one.url, one.alt) for one in self.images),
            tuple(Option(one.name, one.values) for one in self.options),
        )


class VariantBody(Body, frozen=True):
    """A variant; its price is for ``price_per`` units, sold by the ``step``.

    What is not ``stocked`` is sold without stock: a dish that is made to order.
    """

    sku: Code
    price: Price
    compare_at: Price | None = None
    barcode: Code | None = None
    fulfillment_type: FulfillmentType = FulfillmentType.PHYSICAL
    tax_class: Code = STANDARD_TAX_CLASS
    unit: Unit = Unit.PIECE
    price_per: Units = 1
    step: Units = 1
    weight_grams: Annotated[int, Meta(ge=0, le=WEIGHT_GRAMS_MAX)] | None = None
    backorder: bool = False
    stocked: bool = True
    option_values: Annotated[
        tuple[Annotated[str, Meta(max_length=OPTION_LONGEST)], ...],
        Meta(max_length=OPTIONS_A_PRODUCT_MAX),
    ] = ()

    def draft(self) -> VariantDraft:
        """The same as the domain has it."""
        return VariantDraft(
            self.sku,
            micros(self.price),
            None if self.compare_at is None else micros(self.compare_at, "compare_at"),
            self.barcode,
            self.fulfillment_type,
            self.tax_class,
            self.unit,
            self.price_per,
            self.step,
            self.weight_grams,
            self.backorder,
            self.option_values,
            self.stocked,
        )


class ProductBody(DetailsBody, frozen=True, kw_only=True):
    """A new product with its variants; their base prices are in ``currency``."""

    currency: Code
    status: ProductStatus = ProductStatus.DRAFT
    variants: Annotated[tuple[VariantBody, ...], Meta(max_length=VARIANTS_A_PRODUCT_MAX)] = ()


class PriceBody(Body, frozen=True):
    """A base price, and the one that is shown crossed out beside it."""

    price: Price
    compare_at: Price | None = None


class ProductStatusBody(Body, frozen=True):
    """The status that a product is to have."""

    status: ProductStatus


class VariantStatusBody(Body, frozen=True):
    """The status that a variant is to have."""

    status: VariantStatus


class RevisionLineBody(Body, frozen=True):
    """The title and base price that an article is to have; what is left out stays."""

    sku: Code
    title: Title | None = None
    price: Price | None = None

    def line(self, field: str) -> ArticleLine:
        """The same as the domain has it."""
        price = None if self.price is None else micros(self.price, f"{field}.price")
        return ArticleLine(folded(sku_text(self.sku, f"{field}.sku")), self.title, price)


class RevisionBody(Body, frozen=True):
    """Titles and base prices of many articles."""

    currency: Code
    lines: Annotated[
        tuple[RevisionLineBody, ...], Meta(min_length=1, max_length=ARTICLES_A_REVISION_MAX)
    ]


class CategoryBody(Body, frozen=True):
    """A new category; those beside each other stand in order of ``position``, then name."""

    name: Title
    parent_id: UUID | None = None
    slug: Code | None = None
    position: Place = 0


class CategoryNameBody(Body, frozen=True):
    """How a category is called and where it stands among its siblings."""

    name: Title
    slug: Code | None = None
    position: Place = 0


class ParentBody(Body, frozen=True):
    """The category to stand below; none is the root."""

    parent_id: UUID | None


class CategoryStatusBody(Body, frozen=True):
    """The status that a category is to have."""

    status: CategoryStatus
