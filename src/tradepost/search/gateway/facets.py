"""Counts beside a list of results, made by the index itself in one pass for each set of filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tantivy import Searcher

from tradepost.kernel.ids import CategoryId
from tradepost.search.domain import CategoryCount, Facets, PriceBucket, VendorCount
from tradepost.search.gateway.asking import Question
from tradepost.search.gateway.schema import PRICE_STEPS

MOST_VALUES: Final = 100
_PER_SEGMENT: Final = 2_000
"""Each segment counts this many values before they are added up: more than one shop has."""


def _values(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": MOST_VALUES, "segment_size": _PER_SEGMENT}}


_AGGREGATIONS: Final[Mapping[str, dict[str, Any]]] = {
    "categories": _values("category"),
    "vendors": _values("vendor"),
    "price": {"terms": {"field": "price_step", "size": len(PRICE_STEPS)}},
    "available": {"terms": {"field": "available"}},
}
_AVAILABLE: Final = {"available": _AGGREGATIONS["available"]}


def count(searcher: Searcher, question: Question, with_facets: bool) -> tuple[int, Facets | None]:
    """How many products match, and the facets; one that is filtered by ignores its own filter."""
    wanted = _AGGREGATIONS if with_facets else {}
    filtered = [name for name in wanted if name in question.filters]
    free = {name: how for name, how in wanted.items() if name not in filtered}
    counted = searcher.aggregate(question.matches(), free | _AVAILABLE)
    # Every product says whether it is available, so these counts are the products.
    total = sum(int(each["doc_count"]) for each in counted["available"]["buckets"])
    if not with_facets:
        return total, None
    for name in filtered:
        matches = question.matches(without=name)
        counted.update(searcher.aggregate(matches, {name: _AGGREGATIONS[name]}))
    return total, _read({name: counts["buckets"] for name, counts in counted.items()})


def _read(counted: Mapping[str, list[dict[str, Any]]]) -> Facets:
    available = {bool(each["key"]): int(each["doc_count"]) for each in counted["available"]}
    return Facets(
        categories=tuple(
            CategoryCount(CategoryId(UUID(value[:32])), value[33:], products)
            for value, products in _most(counted["categories"])
        ),
        vendors=tuple(VendorCount(*each) for each in _most(counted["vendors"])),
        prices=_price_buckets(counted["price"]),
        available=available.get(True, 0),
        unavailable=available.get(False, 0),
    )


def _most(buckets: list[dict[str, Any]]) -> list[tuple[str, int]]:
    counts = [(str(each["key"]), int(each["doc_count"])) for each in buckets]
    return sorted(counts, key=lambda each: (-each[1], each[0]))


def _price_buckets(buckets: list[dict[str, Any]]) -> tuple[PriceBucket, ...]:
    counts = sorted((int(each["key"]), int(each["doc_count"])) for each in buckets)
    ends = (0, *PRICE_STEPS)
    return tuple(PriceBucket(ends[at], ends[at + 1] - 1, products) for at, products in counts)
