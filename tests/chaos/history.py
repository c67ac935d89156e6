"""What clients saw, and whether a sound shop can have shown it: checkers that know "unknown".

An operation is invoked, and then it is done (``ok``), refused (``fail``), or nobody knows
(``info``): the line broke, or time was over. What nobody knows may have happened, now or later; a
checker that took it for a failure would find faults that are none, and miss those that are.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any


class Kind(StrEnum):
    """What became of an operation."""

    INVOKE = "invoke"
    OK = "ok"
    FAIL = "fail"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Event:
    """``key`` tells the operation from all others, ``what`` what it is about."""

    kind: Kind
    process: int
    at_s: float
    key: str
    what: str
    value: Any = None


@dataclass
class History:
    """Events in the order in which they were seen."""

    events: list[Event] = field(default_factory=list)

    def note(self, kind: Kind, process: int, key: str, what: str, value: Any = None) -> None:
        """Something was seen now."""
        self.events.append(Event(kind, process, time.monotonic(), key, what, value))

    def ends(self) -> dict[str, tuple[Event, Kind]]:
        """Of each operation: how it was first invoked, and what is known of it in the end.

        A word that is certain counts more than a later doubt: tries go on under the same key.
        """
        found: dict[str, tuple[Event, Kind]] = {}
        for event in self.events:
            if event.kind is Kind.INVOKE:
                found.setdefault(event.key, (event, Kind.INFO))
            elif event.kind in {Kind.OK, Kind.FAIL}:
                invoked, known = found[event.key]
                assert known in {Kind.INFO, event.kind}, f"{event.key}: {known}, then {event.kind}"
                found[event.key] = (invoked, event.kind)
        return found

    def first_ok_after(self, at_s: float) -> float | None:
        """Seconds from an instant to the first that was done after it: how long recovery took."""
        later = (one.at_s for one in self.events if one.kind is Kind.OK and one.at_s > at_s)
        first = next(later, None)
        return None if first is None else first - at_s


@dataclass(frozen=True, slots=True)
class Interval:
    """At least and at most so many."""

    low: int
    high: int

    def __contains__(self, count: int) -> bool:
        return self.low <= count <= self.high


def taken(history: History) -> dict[str, Interval]:
    """Units taken of each thing: what was told, and what may have been taken besides."""
    low: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for invoked, known in history.ends().values():
        low[invoked.what] += invoked.value if known is Kind.OK else 0
        unknown[invoked.what] += invoked.value if known is Kind.INFO else 0
    return {what: Interval(low[what], low[what] + unknown[what]) for what in low | unknown}


def counter_faults(
    history: History, supply: Mapping[str, int], sold: Mapping[str, int]
) -> list[str]:
    """Of each thing no more was taken than there was, and what the shop says is what people saw."""
    faults = []
    for what, seen in taken(history).items():
        if seen.low > supply[what]:
            faults.append(f"{what}: {seen.low} taken of {supply[what]}")
        if sold.get(what, 0) not in seen:
            faults.append(f"{what}: {sold.get(what, 0)} sold, {seen.low} to {seen.high} seen")
    return faults


def set_faults(history: History, final: Iterable[str]) -> list[str]:
    """What was told to be there is there, nothing twice, and nothing that nobody wished or got."""
    there = Counter(final)
    ends = history.ends()
    faults = [f"{key}: {count} times" for key, count in there.items() if count > 1]
    faults += [f"{key}: never wished" for key in there if key not in ends]
    for key, (_, known) in ends.items():
        if known is Kind.OK and key not in there:
            faults.append(f"{key}: lost")
        if known is Kind.FAIL and key in there:
            faults.append(f"{key}: refused, and there")
    return faults


def sequence_faults(found: Mapping[Any, Sequence[int]], last: Mapping[Any, int]) -> Tally:
    """What was heard of each document is 1 to its last version, in that order."""
    tally = Tally()
    for document, upto in last.items():
        versions = found.get(document, [])
        tally.expected += upto
        tally.lost += len(set(range(1, upto + 1)) - set(versions))
        tally.doubled += len(versions) - len(set(versions))
        tally.out_of_order += sum(b < a for a, b in pairwise(versions))
    tally.unasked = sum(len(versions) for one, versions in found.items() if one not in last)
    return tally


@dataclass
class Tally:
    """How many facts there should be, and what is wrong with those there are."""

    expected: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    unasked: int = 0

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not (self.lost or self.doubled or self.out_of_order or self.unasked)
