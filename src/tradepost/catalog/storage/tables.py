"""The tables of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.catalog.domain.category import Category
from tradepost.catalog.domain.product import Product
from tradepost.catalog.domain.variant import Variant
from tradepost.kernel.ids import CategoryId, LocationId, ProductId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import Mapper, tenant_table

PRODUCT_ELSEWHERE = ("category_ids", "location_ids", "variants", "slug_is_made")
"""Fields of a product that other tables keep, or nobody."""


@dataclass(frozen=True, slots=True)
class ProductCategory:
    """A product stands in a category."""

    product_id: ProductId
    category_id: CategoryId


@dataclass(frozen=True, slots=True)
class ProductLocation:
    """A product is offered at a location; one without any is offered everywhere."""

    product_id: ProductId
    location_id: LocationId


categories = tenant_table(
    "categories",
    Category,
    unique=[("slug",)],
    indexes=[("parent_id",)],
    references={"parent_id": "categories"},
)
products = tenant_table(
    "products",
    Product,
    without=PRODUCT_ELSEWHERE,
    unique=[("slug",)],
    indexes=[
        ("status", "title_key", "id"),
        ("status", "created_at", "id"),
        ("title_key", "id"),
        ("vendor_id",),
    ],
)
variants = tenant_table(
    "variants",
    Variant,
    unique=[("sku_key",), ("barcode_key",)],
    indexes=[("product_id", "position")],
    references={"product_id": "products"},
    checks={"price": "price_micros >= 0", "step": "step >= 1 and price_per >= 1"},
)
product_categories = tenant_table(
    "product_categories",
    ProductCategory,
    key=("product_id", "category_id"),
    indexes=[("category_id", "product_id")],
    references={"product_id": "products", "category_id": "categories"},
)
product_locations = tenant_table(
    "product_locations",
    ProductLocation,
    key=("product_id", "location_id"),
    indexes=[("location_id", "product_id")],
    references={"product_id": "products"},
)
PRODUCTS = Keeper("product", Product, products, without=PRODUCT_ELSEWHERE)
CATEGORIES = Keeper("category", Category, categories)
VARIANT_ROWS = Mapper(Variant, variants)
