"""Finding products in the graph."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tradepost.kernel.errors import BadValue
from tradepost.platform.web.door import PUBLIC
from tradepost.platform.web.graphql.asking import Asked, BigInt, chosen, reads, shape, shown
from tradepost.search.domain import (
    LONGEST_QUERY_CHARS,
    PagePosition,
    PriceRange,
    SearchDocument,
    SearchQuery,
    Sort,
)
from tradepost.search.queries import Finder


@shape("Hit")
class HitShape:
    """A product that was found; prices in minor units of `currency`."""

    product_id: UUID
    title: str
    skus: list[str]
    price_min: BigInt | None
    price_max: BigInt | None
    currency: str
    available: bool


@shape("Found")
class FoundShape:
    """One page of what was found; without a next cursor it is the last."""

    items: list[HitShape]
    total: BigInt
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    items: tuple[SearchDocument, ...]
    total: int
    next_cursor: str | None


@reads(PUBLIC, weight=20)
async def search(
    info: Asked,
    q: str = "",
    first: int = 20,
    after: str | None = None,
    category: str | None = None,
    price_from: BigInt | None = None,
    price_to: BigInt | None = None,
    available: bool = False,
    sort: str = Sort.RELEVANCE.value,
) -> FoundShape | None:
    """Products that match, best first or in the order asked for."""
    order = chosen(Sort, sort, "sort") or Sort.RELEVANCE
    filters = [q, category, price_from, price_to, available, order]
    paging = info.context.paging("search", first, after, filters=filters)
    query = SearchQuery(
        tenant_id=info.context.caller.tenant_id,
        text=q,
        categories=(category,) if category else (),
        price=PriceRange(price_from, price_to),
        available_only=available,
        sort=order,
        limit=paging.limit,
        after=PagePosition.parse(str(paging.after[0])) if paging.after else None,
        with_facets=False,
    )
    page = await info.context.caller.get(Finder).engine.search(query)
    cursor = paging.cursor((str(page.next),)) if page.next else None
    return shown(FoundShape, _Found(page.hits, page.total, cursor))


@reads(PUBLIC, weight=5)
async def suggestions(info: Asked, q: str) -> list[str] | None:
    """Titles on sale that complete what has been typed."""
    if len(q) > LONGEST_QUERY_CHARS:
        raise BadValue("q", f"may have {LONGEST_QUERY_CHARS} characters at most")
    caller = info.context.caller
    found = await caller.get(Finder).engine.suggest(caller.tenant_id, q)
    return [one.title for one in found]


FIELDS = (search, suggestions)
