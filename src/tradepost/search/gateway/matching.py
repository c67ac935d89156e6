"""How words become tantivy's queries: built from parts, never parsed from what was typed.

None stands for a query that nothing can match, because the index lacks a term of it: asking which
terms there are costs a tenth of a search.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tantivy import Occur, Query, Searcher

from tradepost.search.gateway.schema import SCHEMA, TenantTerms
from tradepost.search.gateway.slips import is_slip, swapped
from tradepost.search.gateway.text import Word, grams

SHORTEST_FUZZY_WORD: Final = 4
FEWEST_FUZZY_PAIRS: Final = 4
"""Five characters in a row: with two pairs spoilt, two still have to be there."""
SHORTEST_PREFIX_IN_TEXT: Final = 3
"""One or two letters begin some word of nearly every description."""
_MOST_BEGUN: Final = 8
"""From so many words on with one beginning the index finds them faster by itself."""
_MOST_ALIKE: Final = 500
"""So many words with one half in common are compared here; of more the index finds the slips."""


def every(queries: Iterable[Query | None]) -> Query | None:
    """What matches all of these."""
    parts = list(queries)
    if any(part is None for part in parts):
        return None
    wanted = [(Occur.Must, part) for part in parts if part]
    return wanted[0][1] if len(wanted) == 1 else Query.boolean_query(wanted)


def either(queries: Iterable[Query | None]) -> Query | None:
    """What matches at least one of these."""
    possible = [(Occur.Should, query) for query in queries if query]
    if len(possible) < 2:
        return possible[0][1] if possible else None
    return Query.boolean_query(possible)


class Matching:
    """What one tenant's products are matched by, in one state of the index."""

    def __init__(self, searcher: Searcher, own: TenantTerms) -> None:
        self._searcher = searcher
        self._own = own

    def term(self, field: str, value: str) -> Query | None:
        """What bears a term in a field."""
        term = self._own(value)
        if not self._searcher.doc_freq(field, term):
            return None
        return Query.term_query(SCHEMA, field, term, "basic")

    def exact(self, word: Word) -> Query | None:
        """What bears the word in its name."""
        return self._exact("name", word)

    def begun(self, word: Word, last: bool) -> Query | None:
        """The same, or, while it is being typed, what the word may become."""
        return self._begun("name", word, last)

    def anywhere(self, word: Word, last: bool) -> Query | None:
        """The same, in the name or the description."""
        if last and len(word.text) < SHORTEST_PREFIX_IN_TEXT:
            return either([self._begun("name", word, last), self._exact("text", word)])
        return self._begun("text", word, last)

    def nearly(self, word: Word, last: bool) -> Query | None:
        """The same, or the word with one letter wrong, missing, added or swapped in the name.

        Not in descriptions, where every second word is a letter away from another; and not in
        numbers, of which the one next to it is a different size or year.
        """
        anywhere = self.anywhere(word, last)
        if word.run:
            pairs = grams(word.text, 2)
            few = len(pairs) < FEWEST_FUZZY_PAIRS
            return anywhere if few else either([anywhere, self._most_of(pairs)])
        if len(word.text) < SHORTEST_FUZZY_WORD or word.text.isdigit():
            return anywhere
        return either([anywhere, self._slips(word.text, last)])

    def _exact(self, field: str, word: Word) -> Query | None:
        if not word.run or len(word.text) <= 3:
            return self.term(field, word.text)
        return every(self.term(field, gram) for gram in grams(word.text, 3))

    def _begun(self, field: str, word: Word, last: bool) -> Query | None:
        if word.run or not last:
            return self._exact(field, word)
        prefix = self._own(word.text)
        found = self._searcher.terms_with_prefix(field, prefix, limit=_MOST_BEGUN)
        if len(found) < _MOST_BEGUN:
            return either(Query.term_query(SCHEMA, field, term, "basic") for term, _ in found)
        return Query.fuzzy_term_query(SCHEMA, field, prefix, 0, True, True)

    def _slips(self, typed: str, last: bool) -> Query | None:
        alike = None if last else self._alike(typed)
        if alike is not None:
            meant = [word for word in alike if is_slip(word, typed)]
            return either(self.term("name", word) for word in sorted(meant))
        # A slip may be in any letter of a term, so it could be in the tenant's as well.
        mine = Query.term_query(SCHEMA, "scope", self._own.tenant, "basic")
        return every(
            [mine, Query.fuzzy_term_query(SCHEMA, "name", self._own(typed), 1, True, last)]
        )

    def _alike(self, typed: str) -> set[str] | None:
        """The names' words that may be meant, found by the half of what was typed that is right.

        None when they are too many. A swap across the middle spoils both halves.
        """
        half = len(typed) // 2
        begun = self._sharing("name", typed[:half])
        ended = self._sharing("ending", typed[half:][::-1])
        if begun is None or ended is None:
            return None
        return {swapped(typed, half - 1), *begun, *(word[::-1] for word in ended)}

    def _sharing(self, field: str, beginning: str) -> list[str] | None:
        prefix = self._own(beginning)
        found = self._searcher.terms_with_prefix(field, prefix, limit=_MOST_ALIKE)
        if len(found) >= _MOST_ALIKE:
            return None
        length = len(prefix) - len(beginning)
        return [term[length:] for term, _ in found]

    def _most_of(self, pairs: list[str]) -> Query:
        """One wrong character spoils two pairs of neighbours."""
        return Query.boolean_query(
            [
                (Occur.Should, Query.term_query(SCHEMA, "name", self._own(pair), "basic"))
                for pair in pairs
            ],
            minimum_number_should_match=len(pairs) - 2,
        )
