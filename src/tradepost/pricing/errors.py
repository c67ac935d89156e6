"""Why pricing says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Conflict, Invalid, Refused, TooLarge


@dataclass(eq=False)
class DaysReversed(Refused):
    """The last day {last} would be before the first day {first}.

    Give a last day that is the first day or later, or none.
    """

    first: str
    last: str


@dataclass(eq=False)
class RateOverlaps(Conflict):
    """The rate {name} holds for the same class, place and supply on some of these days.

    Close that rate on the day before the new one begins.
    """

    name: str


class ExemptionOfNobody(Invalid):
    """An exemption belongs to one customer or to one customer group.

    Name one of the two and not both.
    """


@dataclass(eq=False)
class TooManyPrices(TooLarge):
    """One command sets at most {limit} prices; this would be {count}.

    Send them in several commands.
    """

    limit: int
    count: int
