"""What is listed while goods go, at prices beyond all bounds, and to those who ask for drafts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.search.builders import (
    SHOP,
    find,
    find_all,
    product,
    stock,
    stock_assortment,
)

from tradepost.search.domain import PagePosition, PriceRange, SearchQuery, Sort
from tradepost.search.errors import PositionUnknown
from tradepost.search.ports import SearchEngine


async def test_a_page_goes_on_when_its_last_product_is_gone(
    engine: SearchEngine,
) -> None:
    await stock_assortment(engine)
    query = SearchQuery(tenant_id=SHOP, text="wool", limit=5)
    whole = await find_all(engine, query)
    first = await engine.search(query)
    await engine.remove(SHOP, [first.hits[-1].product_id])
    await engine.flush()
    second = await engine.search(replace(query, after=first.next))
    assert list(second.hits) == whole[5:10]


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
