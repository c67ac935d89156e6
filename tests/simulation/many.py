"""Many histories, counted together and played by several processes."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count, islice

import structlog

from tests.simulation.history import Outcome, play
from tests.simulation.script import written
from tests.simulation.shops import SETTINGS

PIECE = 25
"""Histories that a process plays before it is heard of again."""


@dataclass
class Tally:
    """What histories came to."""

    histories: int = 0
    commands: int = 0
    commits: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    wishes_min: int = sys.maxsize
    faults_min: int = sys.maxsize
    trace: str = ""
    failed: int | None = None
    """The seed of the first that broke a law."""

    def __str__(self) -> str:
        broken = "no law broken" if self.failed is None else "a law is broken"
        return (
            f"{self.histories} histories of at least {self.wishes_min} wishes and "
            f"{self.faults_min} faults, {self.commands} wishes, {self.commits} commits, "
            f"{self.struck.total()} faults, {broken}"
        )

    def add(self, other: Tally) -> None:
        """Count these too."""
        self.histories += other.histories
        self.commands += other.commands
        self.commits += other.commits
        self.struck += other.struck
        self.wishes_min = min(self.wishes_min, other.wishes_min)
        self.faults_min = min(self.faults_min, other.faults_min)
        self.trace = hashlib.sha256((self.trace + other.trace).encode()).hexdigest()
        self.failed = other.failed if self.failed is None else self.failed


def pieces(first: int, histories: int) -> Iterator[tuple[int, int]]:
    """Where to begin and how many to play, again and again."""
    for start in count(0, PIECE):
        if start >= histories:
            return
        yield first + start, min(PIECE, histories - start)


def play_piece(first: int, histories: int) -> Tally:
    """Play a few, up to one that breaks a law.

    What a history leaves behind is collected when it is over, while it is still in the
    processor's cache; what was there before is not looked at again.
    """
    tally = Tally()
    gc.freeze()
    gc.disable()
    for seed in range(first, first + histories):
        tally.add(_tally(played(seed)))
        gc.collect()
        if tally.failed is not None:
            break
    gc.enable()
    return tally


def _tally(outcome: Outcome) -> Tally:
    return Tally(
        histories=1,
        commands=outcome.commands,
        commits=outcome.commits,
        struck=outcome.struck,
        wishes_min=outcome.commands,
        faults_min=outcome.struck.total(),
        trace=outcome.trace,
        failed=outcome.script.seed if outcome.broken else None,
    )


def played(seed: int) -> Outcome:
    """Play the history of a seed."""
    return play(written(seed, list(SETTINGS)))


def quiet() -> None:
    """Leave out what servers and workers log of their troubles."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


class Run:
    """Histories from a seed on, played by several processes until they or the time run out."""

    def __init__(self, first: int, histories: int, seconds: float, processes: int) -> None:
        self.histories = histories
        self.seconds = seconds
        self._processes = processes
        self._pieces = pieces(first, histories)
        self._began = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    def tallies(self) -> Iterator[Tally]:
        """What all came to so far, again and again; it ends with the first broken law.

        Processes take their imports from this one where the machine can do that.
        """
        can_fork = "fork" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if can_fork else "spawn")
        running: deque[Future[Tally]] = deque()
        tally = Tally()
        with ProcessPoolExecutor(self._processes, context, initializer=quiet) as pool:
            while True:
                if tally.failed is None and self.elapsed_s < self.seconds:
                    more = islice(self._pieces, 2 * self._processes - len(running))
                    running.extend(pool.submit(play_piece, *piece) for piece in more)
                if not running:
                    return
                tally.add(running.popleft().result())
                yield tally
