"""A product with its variants: one whole, changed under one version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tradepost.catalog.domain import parts
from tradepost.catalog.domain.parts import Image, Option, at_most, once
from tradepost.catalog.domain.variant import Variant, VariantDraft, chosen_values, new_variant
from tradepost.catalog.errors import NothingToSell, VariantTwice
from tradepost.events.catalog import PricedProduct, ProductFace, VariantPrice
from tradepost.kernel.codes import Slug, folded
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    CategoryId,
    Ids,
    LocationId,
    ProductId,
    StoreId,
    VariantId,
    VendorId,
)
from tradepost.kernel.money import Currency
from tradepost.kernel.states import States
from tradepost.kernel.text import many_lines, one_line


class ProductStatus(StrEnum):
    """Whether shoppers see a product."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


PRODUCT_STATES: Final = States(
    "product",
    {
        ProductStatus.DRAFT: {
            "activate": ProductStatus.ACTIVE,
            "archive": ProductStatus.ARCHIVED,
        },
        ProductStatus.ACTIVE: {
            "withdraw": ProductStatus.DRAFT,
            "archive": ProductStatus.ARCHIVED,
        },
        ProductStatus.ARCHIVED: {"restore": ProductStatus.DRAFT},
    },
)


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """What people say about a product; without a slug one is made from the title."""

    title: str
    slug: str | None = None
    description: str = ""
    vendor_id: VendorId | None = None
    store_id: StoreId | None = None
    category_ids: tuple[CategoryId, ...] = ()
    location_ids: tuple[LocationId, ...] = ()
    images: tuple[Image, ...] = ()
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it is kept; its base prices are in one currency.

    ``slug_is_made`` while the slug came from the title and may be made longer to be unique;
    ``everywhere`` unless it is offered at named locations only.
    """

    id: ProductId
    slug: str
    title: str
    title_key: str
    description: str
    vendor_id: VendorId | None
    store_id: StoreId | None
    status: ProductStatus
    currency: Currency
    everywhere: bool
    options: tuple[Option, ...]
    images: tuple[Image, ...]
    created_at: datetime
    updated_at: datetime
    version: int
    category_ids: tuple[CategoryId, ...] = ()
    location_ids: tuple[LocationId, ...] = ()
    variants: tuple[Variant, ...] = ()
    slug_is_made: bool = field(default=False, compare=False)

    def face(self) -> ProductFace:
        """What others are told of it."""
        lowest, highest = self.price_range()
        return ProductFace(
            self.title,
            self.slug,
            self.description[: parts.DESCRIPTION_TOLD_LONGEST],
            self.status.value,
            self.images[0].url if self.images else None,
            self.vendor_id,
            self.store_id,
            self.category_ids,
            self.location_ids,
            self.currency.code,
            lowest,
            highest,
            tuple(variant.face() for variant in self.variants),
        )

    def price_range(self) -> tuple[int | None, int | None]:
        """Lowest and highest base price of the active variants, in millionths."""
        prices = [one.price.micros for one in self.variants if one.is_active]
        return (min(prices), max(prices)) if prices else (None, None)

    def variant(self, variant_id: VariantId) -> Variant:
        """One of its variants; :class:`Unknown` if it is none."""
        for one in self.variants:
            if one.id == variant_id:
                return one
        raise Unknown("variant", str(variant_id))

    def with_variant(self, variant: Variant) -> Product:
        """The product with this variant, in the place of the one that it was before or last."""
        others = [variant if one.id == variant.id else one for one in self.variants]
        return self.with_variants(others if variant in others else [*others, variant])

    def with_draft(self, draft: VariantDraft, variant_id: VariantId) -> Product:
        """The product with a variant as the draft says: a new one, or one of its own changed."""
        old = next((one for one in self.variants if one.id == variant_id), None)
        place = old.position if old else self._next_position()
        made = new_variant(draft, variant_id, self.id, place, self.currency, self.options)
        return self.with_variant(made.in_place_of(old) if old else made)

    def _next_position(self) -> int:
        return max((one.position for one in self.variants), default=-1) + 1

    def with_variants(self, variants: Sequence[Variant]) -> Product:
        """The product with these variants, if they can stand side by side."""
        at_most("product", "variants", parts.VARIANTS_A_PRODUCT_MAX, variants)
        once("The product", (one.sku_key for one in variants))
        once("The product", (one.barcode_key for one in variants if one.barcode_key))
        chosen: dict[tuple[str, ...], str] = {}
        for one in variants:
            first = chosen.setdefault(one.option_values, one.sku)
            if first != one.sku:
                raise VariantTwice(first, one.sku)
        return replace(self, variants=tuple(variants))

    @property
    def is_archived(self) -> bool:
        """Whether it has left the catalogue."""
        return self.status is ProductStatus.ARCHIVED

    def after(self, action: str) -> Product:
        """The product in the state that an action leads to."""
        status = PRODUCT_STATES.after(self.status, action)
        return replace(self, status=status).must_have_something()

    def must_have_something(self) -> Product:
        """The product itself; :class:`NothingToSell` if it is active without active variants."""
        if self.status is ProductStatus.ACTIVE and not any(v.is_active for v in self.variants):
            raise NothingToSell(self.title)
        return self


def new_product(
    details: ProductDetails,
    drafts: Sequence[VariantDraft],
    currency: Currency,
    status: ProductStatus,
    ids: Ids,
    at: datetime,
) -> Product:
    """The draft product that is wished for, taken to the state it is to start in."""
    blank = Product(
        id=ProductId(ids.new()),
        slug="",
        title="",
        title_key="",
        description="",
        vendor_id=None,
        store_id=None,
        status=ProductStatus.DRAFT,
        currency=currency,
        everywhere=True,
        options=(),
        images=(),
        created_at=at,
        updated_at=at,
        version=1,
    )
    product = described(blank, details)
    variants = [
        new_variant(draft, VariantId(ids.new()), product.id, place, currency, product.options)
        for place, draft in enumerate(drafts)
    ]
    product = product.with_variants(variants)
    return product if status is ProductStatus.DRAFT else product.after(_FIRST_ACTION[status])


_FIRST_ACTION: Final = {ProductStatus.ACTIVE: "activate", ProductStatus.ARCHIVED: "archive"}


def described(product: Product, details: ProductDetails) -> Product:
    """The product as the details say; refused by the name of the field that is wrong."""
    at_most("product", "images", parts.IMAGES_A_PRODUCT_MAX, details.images)
    at_most("product", "options", parts.OPTIONS_A_PRODUCT_MAX, details.options)
    at_most("product", "categories", parts.CATEGORIES_A_PRODUCT_MAX, details.category_ids)
    at_most("product", "locations", parts.LOCATIONS_A_PRODUCT_MAX, details.location_ids)
    title = one_line(details.title, "title", parts.TITLE_LONGEST)
    options = tuple(one.checked(f"options[{i}]") for i, one in enumerate(details.options))
    once("The product", (folded(one.name) for one in options))
    for variant in product.variants:
        chosen_values(variant.sku, variant.option_values, options)
    return replace(
        product,
        title=title,
        title_key=folded(title),
        slug=_slug(details.slug, title, product),
        slug_is_made=details.slug is None,
        description=many_lines(details.description, "description", parts.DESCRIPTION_LONGEST),
        vendor_id=details.vendor_id,
        store_id=details.store_id,
        category_ids=tuple(dict.fromkeys(details.category_ids)),
        location_ids=tuple(dict.fromkeys(details.location_ids)),
        everywhere=not details.location_ids,
        options=options,
        images=tuple(one.checked(f"images[{i}]") for i, one in enumerate(details.images)),
    )


def _slug(wished: str | None, title: str, product: Product) -> str:
    if wished is not None:
        return Slug.parse(wished).value
    if product.slug:  # addresses are kept when a title changes
        return product.slug
    made = Slug.from_title(title)
    return made.value if made else with_ending("product", product.id)


def with_ending(slug: str, id: UUID) -> str:
    """A slug that nobody else has: made longer by the end of the record's identifier."""
    return f"{slug[:111]}-{id.hex[-8:]}"


def prices_changed(before: Product, after: Product, version: int) -> PricedProduct | None:
    """What to tell of base prices that differ; nothing for new variants, which are told whole."""
    old = {one.id: one.price.micros for one in before.variants}
    changed = tuple(
        VariantPrice(one.id, one.sku, one.price.micros, old[one.id])
        for one in after.variants
        if one.id in old and one.price.micros != old[one.id]
    )
    if not changed:
        return None
    return PricedProduct(after.id, version, after.currency.code, *after.price_range(), changed)
