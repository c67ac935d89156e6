"""Which products stand on a page: step by step down the ladder, in the exact order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from tantivy import DocAddress, Order, Searcher

from tradepost.search.domain import PagePosition, SearchDocument
from tradepost.search.gateway.asking import Question
from tradepost.search.gateway.order import PLACED, order_key, place
from tradepost.search.gateway.schema import from_stored

_SPARE: Final = 4
"""So many more than wanted are found at once, for those that share the place of the last."""


@dataclass(frozen=True, slots=True)
class Found:
    """A product of a page, by where it lies in the index; ``key`` only where it was needed."""

    tier: int
    address: DocAddress
    key: str = ""


class Pages:
    """The pages of one question in one state of the index."""

    def __init__(self, searcher: Searcher, question: Question) -> None:
        self._searcher = searcher
        self._question = question

    def find(self, after: PagePosition | None, wanted: int) -> list[Found]:
        """The next products, until there are enough of them; as a rule, not all steps are taken."""
        found: list[Found] = []
        first = after.tier if after else 0
        for number in self._question.steps:
            if number >= first and len(found) < wanted:
                key = after.key if after and number == first else ""
                found += self._step(number, key, wanted - len(found))
        return found

    def load(self, found: Found) -> SearchDocument:
        """The product as it was handed over."""
        return load(self._searcher, found.address)

    def position(self, found: Found, product: SearchDocument) -> PagePosition:
        """Where a page goes on after this product."""
        return PagePosition(found.tier, found.key or order_key(product, self._question.sort))

    def _step(self, number: int, after: str, wanted: int) -> list[Found]:
        """The next products of one step."""
        if self._question.sort not in PLACED:
            hits = self._ordered(number, after, wanted)
            return [Found(number, address, key) for key, address in hits]
        limit = wanted + _SPARE
        while True:
            hits = self._ordered(number, after, limit)
            found = list(self._by_key(number, hits, after, ended=len(hits) < limit))
            if len(found) >= wanted or len(hits) < limit:
                return found[:wanted]
            limit *= 4

    def _ordered(self, number: int, after: str, limit: int) -> list[tuple[Any, DocAddress]]:
        question = self._question
        return self._searcher.search(
            question.step(number, after),
            limit,
            count=False,
            order_by_field=question.order_field,
            order=Order.Asc,
        ).hits

    def _by_key(
        self, number: int, hits: list[tuple[Any, DocAddress]], after: str, ended: bool
    ) -> Iterator[Found]:
        """What is known to come next; the last place may have more products unless all is told."""
        left = place(after, self._question.sort) if after else None
        last = None if ended or not hits else hits[-1][0]
        for here, group in groupby(hits, key=lambda hit: hit[0]):
            if here == last:
                return
            shared = [Found(number, address) for _, address in group]
            if len(shared) > 1 or here == left:
                keyed = (self._keyed(one) for one in shared)
                shared = sorted((one for one in keyed if one.key > after), key=lambda one: one.key)
            yield from shared

    def _keyed(self, found: Found) -> Found:
        return Found(found.tier, found.address, self.position(found, self.load(found)).key)


def load(searcher: Searcher, address: DocAddress) -> SearchDocument:
    """The product that lies at an address."""
    stored = searcher.doc(address).get_first("stored")
    assert isinstance(stored, bytes), "every product keeps itself"
    return from_stored(stored)
