"""One lane: the wishes of one kind for one tenant, in the order in which they came.

It takes whatever waits as soon as a connection is free, and those who are about to come
(:mod:`company`); a wish that comes alone is granted alone, and at once.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from tradepost.kernel.errors import Refusal, Unavailable
from tradepost.platform.db.errors import StoreBusy
from tradepost.platform.granting import Stamped
from tradepost.platform.idempotency import AskedId, KeyRunning
from tradepost.platform.lanes.company import GATHER_S_MAX, Company
from tradepost.platform.lanes.figures import LaneFigures

RETRY_AFTER_S_MAX = 30
ROUNDS_STILL = 2
"""A request that the loop has read in one round asks in the next."""


@dataclass(eq=False)
class LaneFull(Unavailable):
    """{waiting} others wait for the same; nothing was done.

    Send the same request with the same key again after {retry_after_s} seconds.
    """

    waiting: int
    retry_after_s: int = 1


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """How many wishes may wait in a lane (in one that was parted from the common one: fewer, so
    that those who want something hot leave room for others) and for how long, how many one batch
    takes, and how many batches of all lanes may run at once, each on a connection of its own."""

    queue_max: int = 2000
    parted_queue_max: int = 240
    wait_s_max: float = 5.0
    batch_max: int = 256
    connections: int = 4


@dataclass(slots=True)
class _Waiting:
    """A wish, since when it waits, and who is told: the answer, and whether it is a repetition."""

    wish: Stamped
    since: float
    told: asyncio.Future[tuple[Any, bool]]


Turn = Callable[[], AbstractAsyncContextManager[int]]
"""Waits until a batch may be granted; brings how many wishes it may have."""
GrantBatch = Callable[[Sequence[Stamped]], Awaitable[tuple[list[Any], set[AskedId]]]]


class Lane:
    """Gathers wishes into batches, has them granted one after the other, tells the answers."""

    def __init__(
        self,
        kind: str,
        grant: GrantBatch,
        turn: Turn,
        limits: LaneLimits,
        figures: LaneFigures,
        company: Company,
    ) -> None:
        self._kind = kind
        self._grant = grant
        self._turn = turn
        self._limits = limits
        self._figures = figures
        self._company = company
        self._queue: deque[_Waiting] = deque()
        self._count_max = limits.batch_max
        self._cycle_s: float | None = None

    def join(self, wish: Stamped) -> asyncio.Future[tuple[Any, bool]]:
        """Stand in the queue; what comes of it is told to the future.

        :raises LaneFull: if too many stand there already, or it would be too late for this one.
        """
        waiting = len(self._queue)
        if waiting >= self._limits.queue_max or self._ahead_s(waiting) > self._limits.wait_s_max:
            self._figures.turned_away(self._kind, 1)
            raise self._full(waiting)
        one = _Waiting(wish, time.monotonic(), asyncio.get_running_loop().create_future())
        self._queue.append(one)
        self._figures.waiting(self._kind, 1)
        self._company.joined(waiting + 1)
        return one.told

    async def run(self) -> None:
        """Grant until nobody waits."""
        while self._queue:
            began = time.monotonic()
            async with self._turn() as self._count_max:
                # only now: whoever came while all connections were busy goes with this batch
                await self._arrived()
                batch = self._take()
                if batch:
                    await self._begun(batch)
            self._reckon(time.monotonic() - began)

    async def _arrived(self) -> None:
        """Let those in who are at the door: for the loop's next rounds, and a moment at most."""
        still, waiting = 0, len(self._queue)
        until = time.monotonic() + GATHER_S_MAX
        while (
            still < ROUNDS_STILL and len(self._queue) < self._count_max and time.monotonic() < until
        ):
            await asyncio.sleep(0)
            still = still + 1 if len(self._queue) == waiting else 0
            waiting = len(self._queue)
        await self._company.gathered(waiting)

    def _reckon(self, took_s: float) -> None:
        """Know how long a batch takes; the first says nothing, since all is new to it."""
        if self._cycle_s is None:
            self._cycle_s = 0.0
        else:
            weight = 8 if self._cycle_s and took_s > self._cycle_s else 1
            self._cycle_s += (took_s - self._cycle_s) / weight

    def leave(self) -> None:
        """Turn away whoever still waits, where a lane has to end before its time."""
        if self._queue:
            left = list(self._queue)
            self._queue.clear()
            self._figures.waiting(self._kind, -len(left))
            _fail(left, StoreBusy(why="the service is ending"))

    def _take(self) -> list[_Waiting]:
        """The next wishes in order, without those whose callers left and those it is too late for.

        Nothing has been done for these, and nothing will be.
        """
        count = min(len(self._queue), self._count_max)
        taken = [self._queue.popleft() for _ in range(count)]
        self._figures.waiting(self._kind, -count)
        oldest = time.monotonic() - self._limits.wait_s_max
        late = [one for one in taken if one.since < oldest and not one.told.done()]
        for one in late:
            one.told.set_exception(self._full(len(self._queue)))
        if late:
            self._figures.turned_away(self._kind, len(late))
        return [one for one in taken if not one.told.done()]

    async def _begun(self, batch: list[_Waiting]) -> None:
        began = time.monotonic()
        self._figures.batch(self._kind, len(batch), began - batch[0].since)
        try:
            await self._settle(batch)
            self._company.over(len(batch), len(self._queue), time.monotonic() - began)
        except BaseException:
            _fail(batch, StoreBusy(why="the service is ending"))
            raise

    async def _settle(self, batch: list[_Waiting]) -> None:
        """Grant a batch and tell the answers; one that fails as a whole is tried in halves."""
        try:
            answers, replayed = await self._grant([one.wish for one in batch])
        except Exception as error:
            if len(batch) == 1 or not _may_be_poison(error):
                _fail(batch, error)
                return
            self._figures.bisected(self._kind)
            middle = len(batch) // 2
            await self._settle(batch[:middle])
            await self._settle(batch[middle:])
            return
        for one, answer in zip(batch, answers, strict=True):
            if not one.told.done():
                one.told.set_result((answer, one.wish.id in replayed))

    def _full(self, waiting: int) -> LaneFull:
        seconds = int(self._ahead_s(waiting)) + 1
        return LaneFull(waiting, min(seconds, RETRY_AFTER_S_MAX))

    def _ahead_s(self, waiting: int) -> float:
        """How long the batches of those will take who wait already; a guess, and a low one."""
        return waiting // self._count_max * (self._cycle_s or 0.0)


def _may_be_poison(error: Exception) -> bool:
    """Whether a single wish may be to blame; a store that is busy or away is nobody's fault."""
    return not isinstance(error, Unavailable | KeyRunning)


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    """Tell all of them; each gets a refusal of its own, since it is raised in each one's task."""
    alone = len(batch) == 1 or not isinstance(error, Refusal)
    for one in batch:
        if not one.told.done():
            one.told.set_exception(error if alone else _again(error))


def _again(error: Exception) -> Refusal:
    assert isinstance(error, Refusal)
    return type(error)(**error.facts())
