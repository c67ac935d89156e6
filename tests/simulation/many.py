"""Many histories, counted together; what a process of many plays."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import structlog

from tests.simulation.history import Outcome, play
from tests.simulation.script import written
from tests.simulation.shops import SETTINGS

PIECE = 10
"""Histories that a process plays before it is heard of again."""


@dataclass
class Tally:
    """What histories came to."""

    histories: int = 0
    commands: int = 0
    commits: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    trace: str = ""
    failed: int | None = None
    """The seed of the first that broke a law."""

    def add(self, other: Tally) -> None:
        """Count these too."""
        self.histories += other.histories
        self.commands += other.commands
        self.commits += other.commits
        self.struck += other.struck
        self.trace = hashlib.sha256((self.trace + other.trace).encode()).hexdigest()
        self.failed = other.failed if self.failed is None else self.failed


def pieces(first: int, histories: int) -> Iterator[tuple[int, int]]:
    """Where to begin and how many to play, again and again."""
    for start in count(0, PIECE):
        if start >= histories:
            return
        yield first + start, min(PIECE, histories - start)


def play_piece(first: int, histories: int) -> Tally:
    """Play a few, up to one that breaks a law."""
    tally = Tally()
    for seed in range(first, first + histories):
        outcome = played(seed)
        failed = seed if outcome.broken else None
        tally.add(
            Tally(1, outcome.commands, outcome.commits, outcome.struck, outcome.trace, failed)
        )
        if failed is not None:
            break
    return tally


def played(seed: int) -> Outcome:
    """Play the history of a seed."""
    return play(written(seed, list(SETTINGS)))


def quiet() -> None:
    """Leave out what servers and workers log of their troubles."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
