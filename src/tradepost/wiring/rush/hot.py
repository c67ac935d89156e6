"""Which articles are hot, by every name that a wish may call them."""

from __future__ import annotations

import time

from tradepost.catalog.storage import Articles
from tradepost.inventory.queries.hot import hot_variants
from tradepost.kernel.codes import folded
from tradepost.kernel.ids import CartId, TenantId, VariantId
from tradepost.ordering.domain import Wanted
from tradepost.ordering.queries.carts import wanted_in
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.fresh import Fresh, Seconds
from tradepost.wiring.rush.figures import RushFigures

AGE_MAX_S = 5.0
Names = frozenset[VariantId | str]
"""Identifiers of variants, and their SKUs, folded."""


class HotArticles:
    """The hot articles of shops, at most five seconds old; a fact about them is heeded at once."""

    def __init__(
        self, store: Store, figures: RushFigures, seconds: Seconds = time.monotonic
    ) -> None:
        self._store = store
        self._figures = figures
        self._counts: dict[TenantId, int] = {}
        self._known: Fresh[TenantId, Names] = Fresh(AGE_MAX_S, seconds=seconds)

    async def of(self, tenant_id: TenantId) -> Names:
        """The names of a shop's hot articles."""

        async def look() -> Names:
            count, names = await self._store.read(tenant_id, _names)
            self._counts[tenant_id] = count
            self._figures.hot_articles.set(sum(self._counts.values()))
            return names

        return await self._known.get(tenant_id, look) or frozenset()

    def has(self, tenant_id: TenantId, variant_id: VariantId) -> bool:
        """Whether a variant was hot when that was last looked up."""
        return variant_id in (self._known.last(tenant_id) or ())

    def changed(self, tenant_id: TenantId) -> None:
        """Look again when somebody next wants to know."""
        self._known.expire(tenant_id)

    async def wanted(
        self, tenant_id: TenantId, lines: tuple[Wanted, ...], cart_id: CartId | None
    ) -> bool:
        """Whether a wish is for a hot article; a cart is only opened where there are such."""
        hot = await self.of(tenant_id)
        if not hot:
            return False
        if cart_id is not None:

            async def look(db: Reader) -> list[VariantId]:
                return await wanted_in(db, cart_id)

            return not hot.isdisjoint(await self._store.read(tenant_id, look))
        return any((line.variant_id or folded(line.sku or "")) in hot for line in lines)


async def _names(db: Reader) -> tuple[int, Names]:
    variants = await hot_variants(db)
    if not variants:
        return 0, frozenset()
    articles = await Articles(db).by_ids(variants)
    keys = {one.sku_key for one in articles.values()}
    return len(variants), frozenset(variants) | keys
