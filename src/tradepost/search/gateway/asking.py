"""How a question becomes tantivy's queries.

Relevance is a ladder of tiers, not a score. A score would depend on how often all the other
tenants use a word, and would move when segments merge; a tier is the same on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tantivy import FieldType, Index, Occur, Query, Searcher

from tradepost.search.domain import FOUND_BY_SHOPPERS, PriceRange, SearchQuery, Sort
from tradepost.search.gateway.matching import Matching, either, every
from tradepost.search.gateway.order import LARGEST, ORDER_FIELDS, PLACED, place
from tradepost.search.gateway.schema import SCHEMA, TenantTerms
from tradepost.search.gateway.text import asked, code

ENOUGH: Final = 24
"""When the words as they were typed find so many products, nothing else was meant by them."""
_CODES, _NAMES, _BEGUN, _TEXTS, _SLIPS = range(5)
_NOTHING: Final = Query.empty_query()


class Question:
    """One tenant's question, ready to be asked: filters by name, and tiers of matches.

    Whether slips are forgiven hangs on the words alone and on no filter, so that a facet counts
    what choosing it will find.
    """

    def __init__(self, index: Index, searcher: Searcher, query: SearchQuery) -> None:
        self._index = index
        self._own = TenantTerms(query.tenant_id)
        self._matching = Matching(searcher, self._own)
        self._status, self._hidden = self._shown(query)
        self.filters = dict(self._filters(query))
        self._words, self._begun = asked(query.text), query.text[-1:].strip() != ""
        self.tiers = self._tiers(query.text)
        if self._words and not self._enough(searcher):
            self._forgive()
        self.sort = query.sort
        if self.sort is Sort.RELEVANCE and not query.text.strip():
            self.sort = Sort.NEWEST
        self.order_field = ORDER_FIELDS[self.sort]
        # In any other order than relevance how well a product matches does not matter.
        self.steps = self.tiers if self.sort is Sort.RELEVANCE else {0: self._any_tier()}

    def matches(self, without: str = "") -> Query:
        """All that is found, its tenant and filters obeyed; ``without`` leaves one filter out."""
        kept = [query for name, query in self.filters.items() if name != without]
        return self._of([*self._status, *kept, self._any_tier()])

    def step(self, number: int, after: str) -> Query:
        """What this step finds that no earlier one did, from the given place on."""
        wanted = [*self._status, *self.filters.values(), self.steps[number]]
        if after:
            wanted.append(self._from(after))
        # Each tier of words holds the one before it; the codes stand apart.
        earlier = [step for step in self.steps if step < number]
        past = {step for step in earlier if step in (_CODES, earlier[-1])}
        return self._of(wanted, [self.steps[step] for step in past])

    def _of(self, wanted: Sequence[Query], unwanted: Sequence[Query] = ()) -> Query:
        parts = [(Occur.Must, query) for query in wanted]
        parts += [(Occur.MustNot, query) for query in (*unwanted, *self._hidden)]
        return Query.boolean_query(parts)

    def _any_tier(self) -> Query:
        codes = [self.tiers[_CODES]] if _CODES in self.tiers else []
        widest = [tier for number, tier in self.tiers.items() if number > _CODES][-1:]
        return either([*codes, *widest]) or _NOTHING

    def _from(self, key: str) -> Query:
        if self.sort in PLACED:
            first = place(key, self.sort)
            return Query.range_query(SCHEMA, self.order_field, FieldType.Unsigned, first)
        # Ranges of text can only be written in the query language; the key is hexadecimal digits,
        # which PagePosition has made sure of.
        return self._index.parse_query(f"{self.order_field}:{{{key} TO *]")

    def _shown(self, query: SearchQuery) -> tuple[list[Query], list[Query]]:
        """What a product's status has to be, and must not be.

        Each word is the tenant's own already; leaving out the few that are hidden costs less than
        looking each one up among all that are shown.
        """
        if query.text.strip() and query.statuses == FOUND_BY_SHOPPERS:
            return [], [Query.term_query(SCHEMA, "hidden", self._own.tenant, "basic")]
        return [self._any("scope", query.statuses)], []

    def _filters(self, query: SearchQuery) -> Iterable[tuple[str, Query]]:
        if query.categories:
            yield "categories", self._any("category_key", query.categories)
        if query.vendors:
            yield "vendors", self._any("vendor_key", query.vendors)
        if query.price != PriceRange():
            yield "price", _priced(query.price)
        if query.available_only:
            yield "available", Query.term_query(SCHEMA, "available", True)

    def _any(self, field: str, values: Sequence[str]) -> Query:
        # A lone half of a surrogate pair has no bytes, and no value has one.
        sound = (value.encode(errors="replace").decode() for value in values)
        return either(self._matching.term(field, value) for value in sound) or _NOTHING

    def _tiers(self, text: str) -> dict[int, Query]:
        """The tiers that something may be found by, without that of slips."""
        if not text.strip():
            return {_CODES: Query.all_query()}
        if not self._words:
            return {}
        match, tiers = self._matching, {_CODES: self._matching.term("code", code(text))}
        tiers[_NAMES] = every(match.exact(word) for word in self._words)
        if self._begun and not self._words[-1].run:
            tiers[_BEGUN] = every(match.begun(word, self._last(word)) for word in self._words)
        tiers[_TEXTS] = every(match.anywhere(word, self._last(word)) for word in self._words)
        return {number: tier for number, tier in tiers.items() if tier}

    def _last(self, word: object) -> bool:
        return self._begun and word is self._words[-1]

    def _enough(self, searcher: Searcher) -> bool:
        if not self.tiers:
            return False
        wanted = self._of([*self._status, self._any_tier()])
        return len(searcher.search(wanted, ENOUGH, count=False).hits) == ENOUGH

    def _forgive(self) -> None:
        """Look for words with a slip as well."""
        slips = every(self._matching.nearly(word, self._last(word)) for word in self._words)
        if slips:
            self.tiers[_SLIPS] = slips


def _priced(price: PriceRange) -> Query:
    low = -LARGEST if price.lowest is None else max(price.lowest, -LARGEST)
    high = LARGEST if price.highest is None else min(price.highest, LARGEST)
    return Query.range_query(SCHEMA, "price", FieldType.Integer, low, high)
