"""Filters, facets, orders and pages, compared with plain Python over the same products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.search.builders import (
    OTHER_SHOP,
    SHOP,
    assortment,
    category,
    find,
    find_all,
    product,
    stock,
)

from tradepost.search.domain import (
    Facets,
    PagePosition,
    PriceRange,
    SearchDocument,
    SearchQuery,
    Sort,
)
from tradepost.search.errors import PositionUnknown
from tradepost.search.ports import SearchEngine

SEED = 20_261_121


@pytest.fixture
async def shop(engine: SearchEngine) -> list[SearchDocument]:
    """What is on sale of a large assortment, with a second shop beside it; in several commits."""
    made = assortment(SEED, 400)
    for at in range(0, 400, 100):
        await stock(engine, *made[at : at + 100])
    await stock(engine, *assortment(SEED + 1, 100, OTHER_SHOP))
    return [each for each in made if each.status == "active"]


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


async def test_a_page_goes_on_when_its_last_product_is_gone(
    engine: SearchEngine, shop: list[SearchDocument]
) -> None:
    query = SearchQuery(tenant_id=SHOP, text="wool", limit=5)
    whole = await find_all(engine, query)
    first = await engine.search(query)
    await engine.remove(SHOP, [first.hits[-1].product_id])
    await engine.flush()
    second = await engine.search(replace(query, after=first.next))
    assert list(second.hits) == whole[5:10]


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


async def test_prices_beyond_all_bounds_are_compared(engine: SearchEngine) -> None:
    largest = 2**63 - 1
    await stock(engine, product("Dear", price_min=largest), product("Free", price_min=0))
    assert await find(engine, "", price=PriceRange(lowest=1)) == ["Dear"]
    assert set(await find(engine, "", price=PriceRange(highest=10**30))) == {"Dear", "Free"}
    assert await find(engine, "", price=PriceRange(-(10**30), 0)) == ["Free"]
    assert await find(engine, "", sort=Sort.PRICE_DESCENDING) == ["Dear", "Free"]


async def test_prices_too_far_for_their_column_are_listed_in_order(engine: SearchEngine) -> None:
    far = 2**39
    prices = [far - 3, far - 2, far - 1, far, far + 1, far + 1, 2**62, 2**62 + 1, 7, 0]
    dear = [product(f"At {n}", price_min=price) for n, price in enumerate(prices)]
    unknown = [product(f"At {asked}", price_min=None) for asked in ("request", "a call")]
    await stock(engine, *dear, *unknown)
    for sort, falls in ((Sort.PRICE, 1), (Sort.PRICE_DESCENDING, -1)):
        query = SearchQuery(tenant_id=SHOP, text="at ", sort=sort)
        whole = await find_all(engine, query)
        listed = [hit.price_min for hit in whole]
        assert listed == [*sorted(prices, key=lambda price: price * falls), None, None]
        for limit in (1, 2, 5):
            assert await find_all(engine, replace(query, limit=limit)) == whole


async def test_drafts_are_found_by_those_who_ask(engine: SearchEngine) -> None:
    await stock(engine, product("Shown"), product("Hidden", status="draft"))
    assert await find(engine, "") == ["Shown"]
    for text in ("", "shown", "hidden"):
        assert await find(engine, text, statuses=()) == []
        both = await find(engine, text, statuses=("draft", "active"))
        assert set(both) == ({text.title()} if text else {"Shown", "Hidden"})
    assert await find(engine, "hidden") == []
    assert await find(engine, "hidden", statuses=("draft",)) == ["Hidden"]
    assert await find(engine, "hiden ", statuses=("draft",)) == ["Hidden"]


@pytest.mark.parametrize(
    "text", ["", ".", "1", "1.", "x.00", "-1.0123456789abcdef", "1.0123456789abcdeg", "1.*] OR x:1",
             "²." + "0" * 16, "1." + "0" * 300, "1.0123456789ABCDEF"],
)  # fmt: skip
def test_a_position_is_nothing_but_a_position(text: str) -> None:
    with pytest.raises(PositionUnknown):
        PagePosition.parse(text)


async def test_a_position_survives_being_written(
    engine: SearchEngine, shop: list[SearchDocument]
) -> None:
    page = await engine.search(SearchQuery(tenant_id=SHOP, text="hat", limit=2))
    assert page.next is not None
    assert PagePosition.parse(str(page.next)) == page.next
    beyond = replace(page.next, tier=9)
    assert await find(engine, "hat", after=beyond) == []
