"""How a question becomes tantivy's queries: built from parts, never parsed from what was typed.

Relevance is a ladder of tiers, not a score. A score would depend on how often all the other
tenants use a word, and would move when segments merge; a tier is the same on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tantivy import FieldType, Index, Occur, Query

from tradepost.search.domain import PriceRange, SearchQuery, Sort
from tradepost.search.gateway.schema import LARGEST, ORDER_FIELDS, SCHEMA, TenantTerms
from tradepost.search.gateway.text import Word, asked, code, grams

SHORTEST_FUZZY_WORD = 4
FEWEST_FUZZY_PAIRS = 4
"""Five characters in a row: with two pairs spoilt, two still have to be there."""
SHORTEST_PREFIX_IN_TEXT = 3
"""One or two letters begin some word of nearly every description."""


def every(queries: Iterable[Query]) -> Query:
    """What matches all of these."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def either(queries: Iterable[Query]) -> Query:
    """What matches at least one of these."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])


class Question:
    """One tenant's question, ready to be asked: filters by name, and tiers of matches."""

    def __init__(self, index: Index, query: SearchQuery) -> None:
        self._index = index
        self._own = TenantTerms(query.tenant_id)
        self.filters = dict(self._filters(query))
        self.tiers = self._tiers(query.text)
        sort = query.sort
        if sort is Sort.RELEVANCE and not query.text.strip():
            sort = Sort.NEWEST
        self.order_field = ORDER_FIELDS[sort]
        # In any other order than relevance how well a product matches does not matter.
        self.steps = self.tiers if sort is Sort.RELEVANCE else [either(self.tiers)]

    def matches(self, without: str = "") -> Query:
        """All that is found, its tenant and filters obeyed; ``without`` leaves one filter out."""
        kept = [query for name, query in self.filters.items() if name != without]
        return every([*kept, either(self.tiers)])

    def step(self, number: int, after: str) -> Query:
        """What this step finds that no earlier one did, from behind the given place on."""
        # Each tier of words holds the one before it; the codes stand apart.
        past = {0, number - 1} if number else set()
        earlier = [(Occur.MustNot, self.steps[step]) for step in past]
        wanted = [*self.filters.values(), self.steps[number]]
        if after:
            wanted.append(self._behind(after))
        return Query.boolean_query([*((Occur.Must, query) for query in wanted), *earlier])

    def _behind(self, key: str) -> Query:
        # Ranges of text can only be written in the query language; the key is hexadecimal digits,
        # which PagePosition has made sure of.
        return self._index.parse_query(f"{self.order_field}:{{{key} TO *]")

    def _filters(self, query: SearchQuery) -> Iterable[tuple[str, Query]]:
        yield "scope", self._any("scope", query.statuses)
        if query.categories:
            yield "categories", self._any("category_key", query.categories)
        if query.vendors:
            yield "vendors", self._any("vendor_key", query.vendors)
        if query.price != PriceRange():
            yield "price", self._priced(query.price)
        if query.available_only:
            yield "available", Query.term_query(SCHEMA, "available", True)

    def _any(self, field: str, values: Sequence[str]) -> Query:
        # A lone half of a surrogate pair has no bytes, and no value has one.
        sound = (value.encode(errors="replace").decode() for value in values)
        return either(self._term(field, value) for value in sound)

    def _priced(self, price: PriceRange) -> Query:
        low = -LARGEST if price.lowest is None else max(price.lowest, -LARGEST)
        high = LARGEST if price.highest is None else min(price.highest, LARGEST)
        return Query.range_query(SCHEMA, "price", FieldType.Integer, low, high)

    def _tiers(self, text: str) -> list[Query]:
        if not text.strip():
            return [Query.all_query()]
        words, codes = asked(text), code(text)
        if not words:
            return [Query.empty_query()]
        last = words[-1] if not text[-1].isspace() else None
        return [
            self._term("code", codes),
            every(self._exact("name", word) for word in words),
            every(self._begun("name", word, word is last) for word in words),
            every(self._anywhere(word, word is last) for word in words),
            every(self._nearly(word, word is last) for word in words),
        ]

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(SCHEMA, field, self._own(term), "basic")

    def _exact(self, field: str, word: Word) -> Query:
        if not word.run or len(word.text) <= 3:
            return self._term(field, word.text)
        return every(self._term(field, gram) for gram in grams(word.text, 3))

    def _begun(self, field: str, word: Word, last: bool) -> Query:
        """The word; or, while it is being typed, what it may become."""
        if word.run or not last:
            return self._exact(field, word)
        return self._fuzzy(field, word, distance=0, prefix=True)

    def _anywhere(self, word: Word, last: bool) -> Query:
        in_text = last and len(word.text) >= SHORTEST_PREFIX_IN_TEXT
        return either([self._begun("name", word, last), self._begun("body", word, in_text)])

    def _nearly(self, word: Word, last: bool) -> Query:
        """The word with one letter wrong, missing, added or swapped, in what products are called.

        Not in descriptions, where every second word is a letter away from another; and not in
        numbers, of which the one next to it is a different size or year.
        """
        anywhere = self._anywhere(word, last)
        if word.run:
            pairs = grams(word.text, 2)
            few = len(pairs) < FEWEST_FUZZY_PAIRS
            return anywhere if few else either([anywhere, self._most_of(pairs)])
        if len(word.text) < SHORTEST_FUZZY_WORD or word.text.isdigit():
            return anywhere
        return either([anywhere, self._fuzzy("name", word, distance=1, prefix=last)])

    def _fuzzy(self, field: str, word: Word, distance: int, prefix: bool) -> Query:
        return Query.fuzzy_term_query(SCHEMA, field, self._own(word.text), distance, True, prefix)

    def _most_of(self, pairs: list[str]) -> Query:
        """One wrong character spoils two pairs of neighbours."""
        return Query.boolean_query(
            [(Occur.Should, self._term("name", pair)) for pair in pairs],
            minimum_number_should_match=len(pairs) - 2,
        )
