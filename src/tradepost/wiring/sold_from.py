"""Where articles may be sold from: products may be offered at some of the shop's locations only."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tradepost.catalog.storage import Article, Articles
from tradepost.kernel.ids import LocationId, ProductId, VariantId
from tradepost.platform.bus import Bound
from tradepost.wiring.places import Places


class SoldFrom:
    """The limits of the articles that a work has met; each product is looked up once."""

    def __init__(self, bound: Bound) -> None:
        self._articles = Articles(bound.work)
        self._open = bound.get(Places).ids_of(bound.scope.tenant_id)
        self._products: dict[ProductId, Collection[LocationId]] = {}
        self._limits: dict[VariantId, tuple[LocationId, ...]] = {}

    async def sellable(self, found: Iterable[Article]) -> set[ProductId]:
        """The products that are offered at one of the open locations, or everywhere."""
        articles = list(found)
        limited = {one.product_id for one in articles if not one.everywhere}
        if new := limited - self._products.keys():
            self._products.update(await self._articles.locations(new))
        here = set[ProductId]()
        for one in articles:
            if one.everywhere:
                here.add(one.product_id)
            elif at := self._open_at(one.product_id):
                here.add(one.product_id)
                self._limits[one.variant_id] = at
        return here

    def limit(self, variant_id: VariantId) -> tuple[LocationId, ...]:
        """The open locations that a variant may be sold from, the most preferred first.

        None for all of them; the variant's article was met before, when it was priced.
        """
        return self._limits.get(variant_id, ())

    def _open_at(self, product_id: ProductId) -> tuple[LocationId, ...]:
        offered = self._products[product_id]
        return tuple(place for place in self._open if place in offered)
