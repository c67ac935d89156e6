"""How a product that shoppers see is read: in three looks, which travel together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from tradepost.catalog.domain.category import CategoryStatus
from tradepost.catalog.domain.product import Product, ProductStatus
from tradepost.catalog.domain.variant import Variant, VariantStatus
from tradepost.catalog.storage.tables import (
    PRODUCTS,
    VARIANT_ROWS,
    categories,
    product_categories,
    products,
    variants,
)
from tradepost.kernel.ids import CategoryId
from tradepost.platform.db.statement import Statement, param, scoped, scoped_join
from tradepost.platform.db.work import Reader


@dataclass(frozen=True, slots=True)
class CategoryLink:
    """A category that a product stands in."""

    id: CategoryId
    slug: str
    name: str


Links = tuple[CategoryLink, ...]


class Shown:
    """What shoppers see of a product that a condition with a ``key`` finds, as three looks."""

    def __init__(self, condition: ColumnElement[bool]) -> None:
        here = condition & (products.c.status == ProductStatus.ACTIVE)
        of = scoped(products, products.c.id).where(here).scalar_subquery()
        variant, place = variants.c, product_categories.c
        links = scoped_join(product_categories, categories, columns=_LINK)
        self._product = Statement(PRODUCTS.select.where(here))
        self._variants = Statement(
            scoped(variants, *VARIANT_ROWS.columns)
            .where(variant.product_id == of, variant.status == VariantStatus.ACTIVE)
            .order_by(variant.position)
        )
        self._links = Statement(
            links.where(place.product_id == of, categories.c.id == place.category_id).where(
                categories.c.status == CategoryStatus.ACTIVE
            )
        )

    async def read(self, db: Reader, key: Any) -> tuple[Product, list[Variant], Links] | None:
        """The product with its active variants and categories."""
        looks = self._product, self._variants, self._links
        await db.look_ahead(*((look, {"key": key}) for look in looks))
        row = await db.one(self._product, key=key)
        if row is None:
            return None
        product = PRODUCTS.rows.load(row)
        kept = await db.all(self._variants, key=key)
        found = [CategoryLink(*one) for one in await db.all(self._links, key=key)]
        links = tuple(sorted(found, key=lambda one: (one.name, one.slug)))
        return product, [VARIANT_ROWS.load(one, product.currency) for one in kept], links


_LINK = categories.c.id, categories.c.slug, categories.c.name
WITH_ID, WITH_SLUG = (
    Shown(products.c.id == param("key")),
    Shown(products.c.slug == param("key")),
)
