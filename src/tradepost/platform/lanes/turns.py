"""Whose turn it is: so many batches at once, and lanes for what many want after the others.

A lane that was parted from the common one never runs short of wishes. Beside others it takes
small batches, one at a time, and rests after each for longer than that took: so it has a share of
the time, and whoever wants anything else is served nearly as if nobody wanted that. While nobody
else is there it neither rests nor holds back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """How parted lanes behave beside others: wishes in a batch, rests as multiples of the time
    that the batch took (twenty: a twentieth of the time is theirs), the longest rest, and how
    long they still reckon with who was there."""

    batch_max: int = 16
    rest_times: float = 20.0
    rest_s_max: float = 0.5
    beside_s: float = 0.25


class Turns:
    """Gives the lanes of a process their turns."""

    def __init__(self, connections: int, batch_max: int, manners: Manners) -> None:
        self._connections = asyncio.Semaphore(connections)
        self._one_parted = asyncio.Lock()
        self._batch_max = batch_max
        self._manners = manners
        self._common = 0
        self._common_left = float("-inf")
        self.ending = False
        """No more rests: whoever waits is to be granted soon."""

    @contextmanager
    def present(self, *, parted: bool) -> Iterator[None]:
        """A lane is there for as long as somebody waits in it or is being granted."""
        if parted:
            yield
            return
        self._common += 1
        try:
            yield
        finally:
            self._common -= 1
            self._common_left = time.monotonic()

    @asynccontextmanager
    async def common(self) -> AsyncIterator[int]:
        """The turn of an ordinary lane, with how many wishes it may take."""
        async with self._connections:
            yield self._batch_max

    @asynccontextmanager
    async def parted(self) -> AsyncIterator[int]:
        """The turn of a lane that gives way."""
        manners = self._manners
        async with self._one_parted, self._connections:
            began = time.monotonic()
            beside = self._beside(began)
            yield min(self._batch_max, manners.batch_max) if beside else self._batch_max
        over = time.monotonic()
        if not self.ending and (beside or self._beside(over)):
            rest_s = min((over - began) * manners.rest_times, manners.rest_s_max)
            await asyncio.sleep(rest_s)  # others that are parted may have their turn meanwhile

    def _beside(self, now: float) -> bool:
        """Whether anybody else is there, or was until just now."""
        return self._common > 0 or self._common_left > now - self._manners.beside_s
