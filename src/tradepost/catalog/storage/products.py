"""Products in rows: each with its variants, categories and locations, written as one whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column

from tradepost.catalog.domain.claims import Claims
from tradepost.catalog.domain.product import Product
from tradepost.catalog.domain.variant import Variant
from tradepost.catalog.storage.tables import (
    PRODUCTS,
    VARIANT_ROWS,
    categories,
    product_categories,
    product_locations,
    products,
    variants,
)
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import ProductId, VariantId
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    scoped,
    scoped_delete,
    scoped_update,
)
from tradepost.platform.db.work import Reader, Row, Work

_pc, _pl = product_categories.c, product_locations.c
_LOCKED = Statement(PRODUCTS.select.where(products.c.id == param("id")).with_for_update())
_VARIANTS = Statement(
    scoped(variants, *VARIANT_ROWS.columns)
    .where(variants.c.product_id == param("id"))
    .order_by(variants.c.position)
)
_CATEGORIES = Statement(
    scoped(product_categories, _pc.category_id).where(_pc.product_id == param("id"))
)
_LOCATIONS = Statement(
    scoped(product_locations, _pl.location_id).where(_pl.product_id == param("id"))
)
OWNER = Statement(scoped(variants, variants.c.product_id).where(variants.c.id == param("id")))
_fixed = {"id", "product_id", "version", "listed"}
_CHANGE_VARIANT = Statement(
    scoped_update(variants)
    .where(variants.c.id == param("key_id"))
    .values({c.name: param(c.name) for c in VARIANT_ROWS.columns if c.name not in _fixed})
    .values(version=variants.c.version + 1)
)
_LEAVE_CATEGORIES = Statement(
    scoped_delete(product_categories)
    .where(_pc.product_id == param("id"))
    .where(any_of(_pc.category_id, "gone"))
)
_LEAVE_LOCATIONS = Statement(
    scoped_delete(product_locations)
    .where(_pl.product_id == param("id"))
    .where(any_of(_pl.location_id, "gone"))
)


def _among(column: Column[Any]) -> Statement:
    return Statement(scoped(column.table, column).where(any_of(column, "keys")))


_SKUS_FOUND = _among(variants.c.sku_key)
_BARCODES_FOUND = _among(variants.c.barcode_key)
_SLUGS_FOUND = _among(products.c.slug)
_CATEGORIES_FOUND = _among(categories.c.id)


class SqlProducts:
    """Answers the port of products."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, product_id: ProductId) -> Product:
        row = await self._work.one(_LOCKED, id=product_id)
        if row is None:
            raise Unknown("product", str(product_id))
        return await whole_product(self._work, row)

    async def of_variant(self, variant_id: VariantId) -> Product:
        product_id = await self._work.value(OWNER, id=variant_id)
        if product_id is None:
            raise Unknown("variant", str(variant_id))
        return await self.get(ProductId(product_id))

    def add(self, product: Product) -> None:
        PRODUCTS.add(self._work, product)
        self._work.add(variants, *(VARIANT_ROWS.dump(one) for one in product.variants))
        self._place(product, product.category_ids, product.location_ids)

    def _place(
        self, product: Product, category_ids: Collection[Any], location_ids: Collection[Any]
    ) -> None:
        self._work.add(
            product_categories,
            *({"product_id": product.id, "category_id": one} for one in category_ids),
        )
        self._work.add(
            product_locations,
            *({"product_id": product.id, "location_id": one} for one in location_ids),
        )

    async def save(self, before: Product, after: Product, version: int) -> int:
        reached = await PRODUCTS.save(self._work, after, version)
        await self._save_variants(before.variants, after.variants)
        await self._leave(_LEAVE_CATEGORIES, after.id, before.category_ids, after.category_ids)
        await self._leave(_LEAVE_LOCATIONS, after.id, before.location_ids, after.location_ids)
        self._place(
            after,
            [one for one in after.category_ids if one not in before.category_ids],
            [one for one in after.location_ids if one not in before.location_ids],
        )
        return reached

    async def _save_variants(self, before: Sequence[Variant], after: Sequence[Variant]) -> None:
        old = {one.id: one for one in before}
        fresh = [one for one in after if one.id not in old]
        self._work.add(variants, *(VARIANT_ROWS.dump(one) for one in fresh))
        changed = [one for one in after if one.id in old and one != old[one.id]]
        if changed:
            await self._work.run_many(_CHANGE_VARIANT, [_changes(one) for one in changed])

    async def _leave(
        self, statement: Statement, id: ProductId, before: Sequence[Any], after: Sequence[Any]
    ) -> None:
        gone = [one for one in before if one not in after]
        if gone:
            await self._work.run(statement, id=id, gone=gone)

    async def found(self, claims: Claims) -> Claims:
        return Claims(
            await self._found(_SKUS_FOUND, claims.sku_keys),
            await self._found(_BARCODES_FOUND, claims.barcode_keys),
            await self._found(_SLUGS_FOUND, claims.slugs),
            await self._found(_CATEGORIES_FOUND, claims.category_ids),
        )

    async def _found(self, statement: Statement, keys: set[Any]) -> set[Any]:
        if not keys:
            return set()
        return {row[0] for row in await self._work.all(statement, keys=sorted(keys))}


def _changes(variant: Variant) -> dict[str, Any]:
    row = VARIANT_ROWS.dump(variant)
    return {"key_id": variant.id} | {name: row[name] for name in row if name not in _fixed}


async def whole_product(db: Reader, row: Row) -> Product:
    """The product of a row of :data:`PRODUCTS`, with what the other tables keep of it."""
    product = PRODUCTS.rows.load(row)
    kept = await db.all(_VARIANTS, id=product.id)
    return replace(
        product,
        variants=tuple(VARIANT_ROWS.load(one, product.currency) for one in kept),
        category_ids=tuple(one[0] for one in await db.all(_CATEGORIES, id=product.id)),
        location_ids=tuple(one[0] for one in await db.all(_LOCATIONS, id=product.id)),
    )
