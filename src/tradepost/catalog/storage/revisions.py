"""Titles and base prices of many articles, read and written as one set each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func

from tradepost.catalog.domain.revision import PriceRanges, Revision, Standing
from tradepost.catalog.domain.variant import VariantStatus
from tradepost.catalog.storage.articles import WITH_PRODUCT
from tradepost.catalog.storage.tables import products, variants
from tradepost.kernel.codes import folded
from tradepost.platform.db.statement import Statement, any_of, param, scoped, scoped_update
from tradepost.platform.db.work import Work

_v, _p = variants.c, products.c
_STANDING = Statement(
    scoped(
        variants,
        *(_v.id, _v.product_id, _v.sku, _v.sku_key, _v.price_micros),
        *(_p.title, _p.currency, _p.version),
    )
    .select_from(WITH_PRODUCT)
    .where(any_of(_v.sku_key, "keys"))
    .order_by(_p.id, _v.position)
    .with_for_update(of=products)
)
_RETITLE = Statement(
    scoped_update(products)
    .where(_p.id == param("product_id"))
    .values(
        title=param("new_title"),
        title_key=param("new_title_key"),
        version=param("new_version"),
        updated_at=param("now"),
    )
)
_REPRICE = Statement(
    scoped_update(variants)
    .where(_v.id == param("variant_id"))
    .values(price_micros=param("micros"), version=_v.version + 1)
)
_RANGES = Statement(
    scoped(variants, _v.product_id, func.min(_v.price_micros), func.max(_v.price_micros))
    .where(any_of(_v.product_id, "ids"))
    .where(_v.status == VariantStatus.ACTIVE)
    .group_by(_v.product_id)
)


class SqlRevisions:
    """Answers the port of revisions: three statements and one more for the ranges told."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def standing(self, sku_keys: Sequence[str]) -> list[Standing]:
        """The articles of these keys; their products are locked, in order of identifiers."""
        rows = await self._work.all(_STANDING, keys=sorted(set(sku_keys)))
        return [Standing(*row) for row in rows]

    async def revise(self, revision: Revision, at: datetime) -> PriceRanges:
        """Make the changes; the price ranges of the products whose prices changed."""
        if not revision.changes:
            return {}
        titles = [
            {
                "product_id": one.product_id,
                "new_title": one.title,
                "new_title_key": folded(one.title),
                "new_version": one.version,
                "now": at,
            }
            for one in revision.changes
        ]
        await self._work.run_many(_RETITLE, titles)
        repriced = [one for one in revision.changes if one.prices]
        if not repriced:
            return {}
        prices = [
            {"variant_id": price.variant_id, "micros": price.price_micros}
            for one in repriced
            for price in one.prices
        ]
        await self._work.run_many(_REPRICE, prices)
        rows = await self._work.all(_RANGES, ids=[one.product_id for one in repriced])
        return {row[0]: (row[1], row[2]) for row in rows}
