"""Why a search is not answered, or its index not written."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Invalid, Unavailable


@dataclass(eq=False)
class QueryTooLong(Invalid):
    """A search may be {limit_chars} characters long; this one has {chars}.

    Search for fewer words.
    """

    chars: int
    limit_chars: int


@dataclass(eq=False)
class PageTooLarge(Invalid):
    """A page of results holds 1 to {largest} products, not {asked}.

    Ask for a smaller page and go on with its cursor.
    """

    asked: int
    largest: int


@dataclass(eq=False)
class PositionUnknown(Invalid):
    """This is no position in a list of results.

    Start again without a cursor.
    """


@dataclass(eq=False)
class PriceRangeEmpty(Invalid):
    """No price is at least {lowest} and at most {highest}.

    Send the lower price as the lower limit.
    """

    lowest: int
    highest: int


@dataclass(eq=False)
class SearchTooSlow(Unavailable):
    """The search took longer than {limit_ms} ms and was given up.

    Try again in {retry_after_s} s, or search for something narrower.
    """

    limit_ms: int
    retry_after_s: int = 1


@dataclass(eq=False)
class IndexBusy(Unavailable):
    """Another process writes the search index {directory}.

    One process of a node feeds the index; stop the other one, or give this one its own directory.
    """

    directory: str
    retry_after_s: int = 5


@dataclass(eq=False)
class IndexUnreadable(Unavailable):
    """The search index {directory} cannot be read: {problem}

    Drop it and let it be rebuilt from the event log; nothing else is kept in it.
    """

    directory: str
    problem: str
    retry_after_s: int = 60
