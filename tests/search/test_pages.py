"""Filters, facets, orders and pages, compared with plain Python over the same products."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from tests.search.builders import (
    SHOP,
    category,
    find,
    find_all,
    open_engine,
    stock_assortment,
)

from tradepost.search.domain import (
    Facets,
    PagePosition,
    PriceRange,
    SearchDocument,
    SearchQuery,
    Sort,
)
from tradepost.search.ports import SearchEngine

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["memory", "disk"])
async def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SearchEngine]:
    """One engine for all of these: they only read."""
    opened = await open_engine(
        tmp_path_factory.mktemp("index") if request.param == "disk" else None
    )
    yield opened
    await opened.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(engine: SearchEngine) -> list[SearchDocument]:
    """What is on sale of a large assortment, with a second shop beside it."""
    return await stock_assortment(engine)


_ORDERS: dict[Sort, Callable[[SearchDocument], Any]] = {
    Sort.PRICE: lambda hit: (hit.price_min is None, hit.price_min or 0),
    Sort.PRICE_DESCENDING: lambda hit: (hit.price_min is None, -(hit.price_min or 0)),
    Sort.TITLE: lambda hit: hit.title,
    Sort.NEWEST: lambda hit: -hit.created_seq,
    Sort.RELEVANCE: lambda hit: -hit.created_seq,  # nothing to be relevant to: the newest
}


@pytest.mark.parametrize("sort", Sort)
async def test_pages_hold_everything_once_in_order(
    engine: SearchEngine, shop: list[SearchDocument], sort: Sort
) -> None:
    for limit in (7, 100):
        listed = await find_all(engine, SearchQuery(tenant_id=SHOP, sort=sort, limit=limit))
        assert Counter(listed) == Counter(shop)
        places = [_ORDERS[sort](hit) for hit in listed]
        assert places == sorted(places)


@pytest.mark.parametrize("sort", Sort)
async def test_pages_of_a_search_hold_every_match_once(
    engine: SearchEngine, shop: list[SearchDocument], sort: Sort
) -> None:
    whole = await find_all(engine, SearchQuery(tenant_id=SHOP, text="shirt", sort=sort, limit=100))
    assert set(whole) >= {hit for hit in shop if "shirt" in hit.title.split()}
    for limit in (1, 3):
        query = SearchQuery(tenant_id=SHOP, text="shirt", sort=sort, limit=limit)
        assert await find_all(engine, query) == whole


def _facets(products: list[SearchDocument]) -> tuple[Counter[str], Counter[str], Counter[bool]]:
    return (
        Counter(each.slug for hit in products for each in hit.categories),
        Counter(hit.vendor for hit in products if hit.vendor),
        Counter(hit.available for hit in products),
    )


def _told(facets: Facets | None) -> tuple[Counter[str], Counter[str], Counter[bool]]:
    assert facets is not None
    return (
        Counter({each.slug: each.products for each in facets.categories}),
        Counter({each.vendor: each.products for each in facets.vendors}),
        +Counter({True: facets.available, False: facets.unavailable}),
    )


async def test_facets_count_what_is_found(engine: SearchEngine, shop: list[SearchDocument]) -> None:
    page = await engine.search(SearchQuery(tenant_id=SHOP, limit=1))
    assert page.total == len(shop)
    assert _told(page.facets) == _facets(shop)
    page = await engine.search(SearchQuery(tenant_id=SHOP, text="羊毛", limit=1))
    assert _told(page.facets) == _facets([hit for hit in shop if "羊毛" in hit.title])
    bare = await engine.search(SearchQuery(tenant_id=SHOP, with_facets=False))
    assert (bare.facets, bare.total) == (None, len(shop))


async def test_filters_hold_together_and_a_facet_ignores_its_own(
    engine: SearchEngine, shop: list[SearchDocument]
) -> None:
    query = SearchQuery(
        tenant_id=SHOP,
        categories=("leaf-1", str(category("leaf-2").id)),
        vendors=("Acme", "茶屋"),
        price=PriceRange(99, 2_000),
        available_only=True,
        limit=100,
    )

    def fits(hit: SearchDocument, but: str = "") -> bool:
        slugs = {each.slug for each in hit.categories}
        return (
            (but == "category" or bool(slugs & {"leaf-1", "leaf-2"}))
            and (but == "vendor" or hit.vendor in ("Acme", "茶屋"))
            and hit.price_min is not None
            and 99 <= hit.price_min <= 2_000
            and (but == "available" or hit.available)
        )

    assert set(await find_all(engine, query)) == {hit for hit in shop if fits(hit)}
    categories, vendors, available = _told((await engine.search(query)).facets)
    assert categories == _facets([hit for hit in shop if fits(hit, "category")])[0]
    assert vendors == _facets([hit for hit in shop if fits(hit, "vendor")])[1]
    assert available == _facets([hit for hit in shop if fits(hit, "available")])[2]


async def test_price_buckets_count_every_price_once(
    engine: SearchEngine, shop: list[SearchDocument]
) -> None:
    page = await engine.search(SearchQuery(tenant_id=SHOP, price=PriceRange(lowest=99)))
    assert page.facets is not None
    prices = [hit.price_min for hit in shop if hit.price_min is not None]
    for bucket in page.facets.prices:
        inside = sum(bucket.lowest <= price <= bucket.highest for price in prices)
        assert bucket.products == inside > 0
        narrowed = SearchQuery(tenant_id=SHOP, price=PriceRange(bucket.lowest, bucket.highest))
        assert (await engine.search(narrowed)).total == inside
    assert sum(bucket.products for bucket in page.facets.prices) == len(prices)


async def test_a_position_survives_being_written(
    engine: SearchEngine, shop: list[SearchDocument]
) -> None:
    page = await engine.search(SearchQuery(tenant_id=SHOP, text="hat", limit=2))
    assert page.next is not None
    assert PagePosition.parse(str(page.next)) == page.next
    beyond = replace(page.next, tier=9)
    assert await find(engine, "hat", after=beyond) == []
