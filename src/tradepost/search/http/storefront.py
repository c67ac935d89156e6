"""Finding products: words, slips, filters, facets, completions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import FromQuery, QueryParameter

from tradepost.platform.web import PUBLIC, FromCaller, FromPaging, Shared, door
from tradepost.search.domain import (
    Facets,
    PagePosition,
    PriceRange,
    SearchDocument,
    SearchQuery,
    Sort,
)
from tradepost.search.queries import Finder

TAGS = ["Search"]
SHOWN = ("catalog", "pricing", "inventory", "tenancy")
"""Whose facts change what is found."""
Text = Annotated[str, QueryParameter(max_length=100, description="What is looked for.")]
Amount = Annotated[
    int | None, QueryParameter(ge=0, le=10**15, description="In minor units of the currency.")
]


@dataclass(frozen=True, slots=True)
class Hit:
    """A product that was found; prices in minor units of ``currency``."""

    product_id: UUID
    title: str
    skus: tuple[str, ...]
    price_min: int | None
    price_max: int | None
    currency: str
    available: bool
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found; without ``next_cursor`` it is the last."""

    items: list[Hit]
    total: int
    facets: Facets | None
    next_cursor: str | None = None


@get("/api/v1/search", opt=door(PUBLIC, cache=Shared(10, 60), keeps=SHOWN), tags=TAGS)
async def search_products(
    caller: FromCaller,
    paging: FromPaging,
    q: Text = "",
    category: FromQuery[str | None] = None,
    price_from: Amount = None,
    price_to: Amount = None,
    available: FromQuery[bool] = False,
    sort: FromQuery[Sort] = Sort.RELEVANCE,
) -> Found:
    """Products that match, best first or in the order asked for, with counts to narrow by."""
    after = PagePosition.parse(str(paging.after[0])) if paging.after else None
    query = SearchQuery(
        tenant_id=caller.tenant_id,
        text=q,
        categories=(category,) if category else (),
        price=PriceRange(price_from, price_to),
        available_only=available,
        sort=sort,
        limit=paging.limit,
        after=after,
    )
    page = await caller.get(Finder).engine.search(query)
    cursor = paging.cursor((str(page.next),)) if page.next else None
    return Found([_hit(one) for one in page.hits], page.total, page.facets, cursor)


@get("/api/v1/search/suggestions", opt=door(PUBLIC, cache=Shared(30, 60), keeps=SHOWN), tags=TAGS)
async def suggest(caller: FromCaller, q: Text = "") -> list[str]:
    """Titles on sale that complete what has been typed."""
    found = await caller.get(Finder).engine.suggest(caller.tenant_id, q)
    return [one.title for one in found]


def _hit(document: SearchDocument) -> Hit:
    return Hit(
        product_id=document.product_id,
        title=document.title,
        skus=document.skus,
        price_min=document.price_min,
        price_max=document.price_max,
        currency=document.currency,
        available=document.available,
        categories=tuple(one.slug for one in document.categories),
    )


ROUTES = (search_products, suggest)
