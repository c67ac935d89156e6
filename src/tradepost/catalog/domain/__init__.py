"""The rules of the catalogue: what a product, its variants and the category tree may be."""

from tradepost.catalog.domain.category import Category, CategoryStatus, new_category
from tradepost.catalog.domain.claims import Claims, admitted, must_fit
from tradepost.catalog.domain.parts import FulfillmentType, Image, Option
from tradepost.catalog.domain.product import (
    Product,
    ProductDetails,
    ProductStatus,
    described,
    new_product,
)
from tradepost.catalog.domain.revision import ArticleLine, Revision, Standing, revision_of
from tradepost.catalog.domain.variant import Variant, VariantDraft, VariantStatus

__all__ = [
    "ArticleLine",
    "Category",
    "CategoryStatus",
    "Claims",
    "FulfillmentType",
    "Image",
    "Option",
    "Product",
    "ProductDetails",
    "ProductStatus",
    "Revision",
    "Standing",
    "Variant",
    "VariantDraft",
    "VariantStatus",
    "admitted",
    "described",
    "must_fit",
    "new_category",
    "new_product",
    "revision_of",
]
