"""Answering: pages, suggestions and single products out of an open index. All of it blocks."""

from __future__ import annotations

from tantivy import DocAddress, Query, Searcher

from tradepost.kernel.ids import ProductId, TenantId
from tradepost.search.domain import (
    SearchDocument,
    SearchPage,
    SearchQuery,
    Suggestion,
)
from tradepost.search.gateway.asking import Question
from tradepost.search.gateway.facets import count
from tradepost.search.gateway.opening import OpenIndex
from tradepost.search.gateway.paging import Pages, load
from tradepost.search.gateway.schema import POSITION_KEY, SCHEMA, product_key


def answer(opened: OpenIndex, query: SearchQuery) -> SearchPage:
    """One page, all its parts read from one state of the index."""
    searcher = opened.searcher()
    question = Question(opened.index, searcher, query)
    pages = Pages(searcher, question)
    total, facets = count(searcher, question, query.with_facets)
    # When there are no more there is no need to look for them.
    found = pages.find(query.after, min(query.limit + 1, total))
    kept = found[: query.limit]
    hits = tuple(pages.load(each) for each in kept)
    return SearchPage(
        hits=hits,
        total=total,
        facets=facets,
        next=pages.position(kept[-1], hits[-1]) if len(found) > len(kept) else None,
    )


def complete(
    opened: OpenIndex, tenant_id: TenantId, prefix: str, limit: int
) -> tuple[Suggestion, ...]:
    """Titles of what the prefix finds; several products may bear one title."""
    query = SearchQuery(tenant_id=tenant_id, text=prefix, limit=min(4 * limit, 100))
    if not prefix.strip():
        return ()
    searcher = opened.searcher()
    pages = Pages(searcher, Question(opened.index, searcher, query))
    titles: dict[str, ProductId] = {}
    for product in (pages.load(found) for found in pages.find(None, query.limit)):
        titles.setdefault(product.title, product.product_id)
    return tuple(Suggestion(title, each) for title, each in titles.items())[:limit]


def product(
    searcher: Searcher, tenant_id: TenantId, product_id: ProductId
) -> SearchDocument | None:
    """A committed product by its identifier."""
    address = _by_key(searcher, product_key(tenant_id, product_id))
    return load(searcher, address) if address else None


def sequence(searcher: Searcher, key: str) -> int:
    """The ``seq`` of a committed entry; 0 when there is none."""
    address = _by_key(searcher, key)
    return int(searcher.fast_field_values("seq", [address])[0] or 0) if address else 0


def position(searcher: Searcher) -> int:
    """The number of the last fact whose effect is in the committed index."""
    return sequence(searcher, POSITION_KEY)


def _by_key(searcher: Searcher, key: str) -> DocAddress | None:
    hits = searcher.search(Query.term_query(SCHEMA, "key", key, "basic"), 1, count=False).hits
    return hits[0][1] if hits else None
