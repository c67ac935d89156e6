"""Answering: pages, suggestions and single products out of an open index. All of it blocks."""

from __future__ import annotations

from tantivy import DocAddress, Order, Query, Searcher

from tradepost.kernel.ids import ProductId, TenantId
from tradepost.search.domain import (
    PagePosition,
    SearchDocument,
    SearchPage,
    SearchQuery,
    Suggestion,
)
from tradepost.search.gateway.asking import Question
from tradepost.search.gateway.facets import count
from tradepost.search.gateway.opening import OpenIndex
from tradepost.search.gateway.schema import POSITION_KEY, SCHEMA, from_stored, product_key

_Found = tuple[PagePosition, DocAddress]


def answer(opened: OpenIndex, query: SearchQuery) -> SearchPage:
    """One page, all its parts read from one state of the index."""
    searcher, question = opened.searcher(), Question(opened.index, query)
    found = _find(searcher, question, query.after, query.limit + 1)
    kept = found[: query.limit]
    total, facets = count(searcher, question, query.with_facets)
    return SearchPage(
        hits=tuple(_load(searcher, address) for _, address in kept),
        total=total,
        facets=facets,
        next=kept[-1][0] if len(found) > len(kept) else None,
    )


def _find(
    searcher: Searcher, question: Question, after: PagePosition | None, wanted: int
) -> list[_Found]:
    """The next products, step by step down the ladder until there are enough."""
    found: list[_Found] = []
    first = after.tier if after else 0
    for number in range(first, len(question.steps)):
        key = after.key if after and number == first else ""
        result = searcher.search(
            question.step(number, key),
            wanted - len(found),
            count=False,
            order_by_field=question.order_field,
            order=Order.Asc,
        )
        found.extend((PagePosition(number, key), address) for key, address in result.hits)
        if len(found) == wanted:
            break
    return found


def complete(
    opened: OpenIndex, tenant_id: TenantId, prefix: str, limit: int
) -> tuple[Suggestion, ...]:
    """Titles of what the prefix finds; several products may bear one title."""
    query = SearchQuery(tenant_id=tenant_id, text=prefix, limit=min(4 * limit, 100))
    if not prefix.strip():
        return ()
    searcher = opened.searcher()
    found = _find(searcher, Question(opened.index, query), None, query.limit)
    titles: dict[str, ProductId] = {}
    for product in (_load(searcher, address) for _, address in found):
        titles.setdefault(product.title, product.product_id)
    return tuple(Suggestion(title, each) for title, each in titles.items())[:limit]


def load(searcher: Searcher, tenant_id: TenantId, product_id: ProductId) -> SearchDocument | None:
    """A committed product by its identifier."""
    address = _by_key(searcher, product_key(tenant_id, product_id))
    return _load(searcher, address) if address else None


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


def _load(searcher: Searcher, address: DocAddress) -> SearchDocument:
    stored = searcher.doc(address).get_first("stored")
    assert isinstance(stored, bytes), "every product keeps itself"
    return from_stored(stored)
