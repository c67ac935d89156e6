"""The catalogue as it is looked at: by shoppers, who see what is offered, and by staff."""

from tradepost.catalog.queries.categories import (
    CategoryNode,
    CategoryView,
    all_categories,
    category_page,
    category_tree,
)
from tradepost.catalog.queries.lists import (
    NEWEST,
    TITLE,
    Position,
    ProductCard,
    shelf,
    staff_products,
)
from tradepost.catalog.queries.pages import (
    ProductView,
    StaffProductView,
    StaffVariantView,
    VariantView,
    product_of_variant,
    product_page,
    staff_product_page,
)
from tradepost.catalog.queries.prices import PriceView
from tradepost.catalog.queries.shown import CategoryLink

__all__ = [
    "NEWEST",
    "TITLE",
    "CategoryLink",
    "CategoryNode",
    "CategoryView",
    "Position",
    "PriceView",
    "ProductCard",
    "ProductView",
    "StaffProductView",
    "StaffVariantView",
    "VariantView",
    "all_categories",
    "category_page",
    "category_tree",
    "product_of_variant",
    "product_page",
    "shelf",
    "staff_product_page",
    "staff_products",
]
