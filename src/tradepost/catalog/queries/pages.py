"""One product as it is looked at: what shoppers see, and all of it for staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from tradepost.catalog.domain.category import CategoryStatus
from tradepost.catalog.domain.product import Product, ProductStatus
from tradepost.catalog.domain.variant import Variant, VariantStatus
from tradepost.catalog.ports import ShelfPrices
from tradepost.catalog.queries.prices import price_range, price_view
from tradepost.catalog.queries.views import (
    CategoryLink,
    Links,
    ProductView,
    StaffProductView,
    product_view,
    staff_view,
    variant_view,
)
from tradepost.catalog.storage.products import OWNER, whole_product
from tradepost.catalog.storage.tables import (
    PRODUCTS,
    VARIANT_ROWS,
    categories,
    product_categories,
    products,
    variants,
)
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    ProductId,
    VariantId,
)
from tradepost.kernel.money import UnitPrice
from tradepost.platform.db.statement import Statement, param, scoped, scoped_join
from tradepost.platform.db.work import Reader

_BY_ID = Statement(PRODUCTS.select.where(products.c.id == param("key")))


class _Shown:
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
_WITH_ID, _WITH_SLUG = (
    _Shown(products.c.id == param("key")),
    _Shown(products.c.slug == param("key")),
)


async def product_page(db: Reader, named: str, prices: ShelfPrices) -> ProductView:
    """A product that is offered, by identifier or slug, with its active variants.

    :raises Unknown: if there is none, or shoppers may not see it.
    """
    id = _id_in(named)
    found = await _WITH_ID.read(db, id) if id is not None else None
    found = found or await _WITH_SLUG.read(db, named)
    if found is None:
        raise Unknown("product", named)
    product, active, links = found
    agreed = await prices.of([one.id for one in active if one.listed])
    # List prices first: the range is in one currency, and theirs is the shop's.
    shown = [*agreed.values(), *(one.price for one in active if one.id not in agreed)]
    lowest, highest = price_range(shown) or (_free(product), _free(product))
    views = tuple(variant_view(one, agreed.get(one.id, one.price)) for one in active)
    return product_view(product, views, links, price_view(lowest), price_view(highest))


async def staff_product_page(db: Reader, product_id: ProductId) -> StaffProductView:
    """A product with everything, whatever its status; ``Unknown`` if there is none."""
    row = await db.one(_BY_ID, key=product_id)
    if row is None:
        raise Unknown("product", str(product_id))
    return staff_view(await whole_product(db, row))


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
