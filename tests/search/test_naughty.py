"""Whatever is typed is answered, or refused with a reason; nothing is ever a query language."""

from __future__ import annotations

import pytest
from tests.search.builders import SHOP, find, product, stock, stock_titles

from tradepost.search.domain import PriceRange, SearchQuery, Sort
from tradepost.search.errors import PageTooLarge, PriceRangeEmpty, QueryTooLong
from tradepost.search.gateway.text import words
from tradepost.search.ports import SearchEngine

NAUGHTY = [
    "%%%",
    "***",
    "*",
    "?",
    '"',
    '"unclosed',
    "'",
    "\\",
    "\\\\",
    "/.*/",
    ".*",
    "(a+)+$",
    "[a-z]{99}",
    "title:shirt",
    "key:position",
    "scope:*",
    "a AND",
    "OR",
    "NOT shirt",
    "+shirt -shirt",
    "shirt~9",
    "shirt^99",
    "[* TO *]",
    "{a TO b}",
    "(((((((((",
    "))))",
    "IN [a b]",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\0",
    "a\0b",
    "\x1b[31m",
    "\ud800",
    "\udfff茶",
    "🍕",
    "👩‍👩‍👧‍👦",
    "\u202eabc",
    "\u200b",
    "\ufeff",
    "ﷺ" * 100,
    "Z̡̯͎a̴͂l̕g̷͗o" * 7,
    "İ" * 100,
    "茶" * 100,
    "กำ" * 50,
    "a " * 50,
    "aaaaaaaaa " * 10,
    "|",
    "a|b",
    "-",
    "--",
    "0",
    "000",
    "²",
    "½",
    "1e999",
    "NaN",
    "null",
    "\r\n",
    "\t",
    "\u2028",
    "A" * 100,
]


async def test_naughty_queries_are_answered(engine: SearchEngine) -> None:
    await stock_titles(engine, "Red shirt", "Green tea 緑茶")
    for text in NAUGHTY:
        for sort in (Sort.RELEVANCE, Sort.TITLE):
            page = await engine.search(SearchQuery(tenant_id=SHOP, text=text, sort=sort))
            assert page.total == len(page.hits) <= 2, repr(text)
        await engine.search(SearchQuery(tenant_id=SHOP, categories=(text,), vendors=(text,)))
        await engine.suggest(SHOP, text)


async def test_signs_alone_find_nothing(engine: SearchEngine) -> None:
    await stock_titles(engine, "Red shirt", "Green tea 緑茶")
    for text in ("%%%", "***", ".*", "/.*/", '"', "🍕", "\0", "\u200b"):
        assert await find(engine, text) == [], repr(text)


async def test_naughty_products_are_kept_and_found(engine: SearchEngine) -> None:
    texts = [text for text in NAUGHTY if text.isprintable()]
    made = [product(text, vendor=text, skus=(text,), description=text) for text in texts]
    await stock(engine, *made)
    assert (await engine.search(SearchQuery(tenant_id=SHOP))).total == len(texts)
    for each in made:
        assert await engine.document(SHOP, each.product_id) == each
        assert await find(engine, "", vendors=(each.vendor,)) == [each.title]
        if list(words(each.title)):
            assert each.title in await find(engine, each.title), each.title


async def test_limits_are_named(engine: SearchEngine) -> None:
    with pytest.raises(QueryTooLong, match="100 characters"):
        SearchQuery(tenant_id=SHOP, text="x" * 101)
    with pytest.raises(QueryTooLong, match="10240"):
        await engine.suggest(SHOP, "y" * 10_240)
    for limit in (-1, 0, 101, 10**6):
        with pytest.raises(PageTooLarge):
            SearchQuery(tenant_id=SHOP, limit=limit)
    with pytest.raises(PriceRangeEmpty):
        PriceRange(2, 1)
