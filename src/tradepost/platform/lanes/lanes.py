"""All lanes of a process: one for each tenant and kind of wish, there while somebody waits in it.

An usher may part a kind, so that nobody waits behind a row that many want.

Every process gathers what arrives at it. Nobody owns a row: processes meet at the rows' locks,
which all of them take in the same order.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tradepost.kernel.errors import Refusal
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import StoreBusy
from tradepost.platform.granting import Stamped
from tradepost.platform.idempotency import REPLAYED, AskedId
from tradepost.platform.lanes.company import Company
from tradepost.platform.lanes.figures import LaneFigures, Uncounted
from tradepost.platform.lanes.lane import Lane, LaneLimits
from tradepost.platform.lanes.turns import Manners, Turns
from tradepost.platform.lanes.usher import Usher
from tradepost.platform.patience import PATIENCE, STEP_ASIDE

SQLITE_BATCH_MAX = 64
"""One writer serves everybody, so that a batch must not keep it for long."""

COMPANIES_MAX = 4096
"""Lanes whose shoppers are remembered; with more, all are forgotten at once."""
MANNERS = Manners()
_Key = tuple[Any, type, bool, str]


class Lanes:
    """Stands before a bus: wishes of kinds that can be granted together are."""

    def __init__(
        self,
        bus: Bus,
        limits: LaneLimits | None = None,
        figures: LaneFigures | None = None,
        usher: Usher | None = None,
        manners: Manners = MANNERS,
    ) -> None:
        limits = limits or LaneLimits()
        if bus.store.dialect == "sqlite":
            limits = replace(limits, batch_max=min(limits.batch_max, SQLITE_BATCH_MAX))
        self._bus = bus
        self._limits = limits
        self._figures = figures or Uncounted()
        self._usher = usher
        self._turns = Turns(limits.connections, limits.batch_max, manners)
        self._lanes: dict[_Key, Lane] = {}
        self._companies: dict[_Key, Company] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        bus.lane = self.send

    async def send(self, wish: Stamped) -> Any:
        """Have a wish granted with others of its kind; its answer.

        Whoever is cancelled while waiting leaves the queue; from then on that its batch has begun
        the wish is granted all the same, and the answer stays under its key.

        :raises LaneFull: if too many wait.
        """
        if self._usher is None:
            return await self._stand(wish, "")
        since = time.monotonic()
        part = await self._usher.before(wish)
        if isinstance(part, Refusal):
            return part
        answer = None
        try:
            answer = await self._stand(wish, part)
        finally:
            self._usher.after(wish, answer, since)
        return answer

    async def _stand(self, wish: Stamped, part: str) -> Any:
        if self._closing:
            raise StoreBusy(why="the service is ending")
        # Wishes without keys cannot be repeated when a connection breaks: they stay apart.
        kind = self._bus.kind_of(wish.command)
        key = (wish.command.by.tenant_id, kind, wish.asked is None, part)
        if part:  # its turn comes when others have had theirs: they need room meanwhile
            STEP_ASIDE.get()()
        lane = self._lanes.get(key)
        told = lane.join(wish) if lane else self._opened(key).join(wish)
        try:
            async with asyncio.timeout(PATIENCE.get().write_s):
                answer, replayed = await told
        except TimeoutError as error:
            raise StoreBusy(why="it takes too long") from error
        if replayed:
            REPLAYED.set(True)
        return answer

    def _opened(self, key: _Key) -> Lane:
        kind = f"{key[1].__name__} {key[3]}".rstrip()
        turn, limits = self._turns.common, self._limits
        if key[3]:
            turn = self._turns.parted
            limits = replace(limits, queue_max=min(limits.queue_max, limits.parted_queue_max))
        lane = Lane(kind, self._granted, turn, limits, self._figures, self._company(key))
        self._lanes[key] = lane
        # a context of its own: what is logged in a batch belongs to no single request
        running = asyncio.get_running_loop().create_task(
            self._run(key, lane), name=f"lane {kind}", context=contextvars.Context()
        )
        self._tasks.add(running)
        running.add_done_callback(self._tasks.discard)
        return lane

    def _company(self, key: _Key) -> Company:
        """Who is about; a lane ends whenever nobody waits, and they outlast it."""
        if len(self._companies) >= COMPANIES_MAX:
            self._companies.clear()
        return self._companies.setdefault(key, Company())

    async def _run(self, key: _Key, lane: Lane) -> None:
        try:
            with self._turns.present(parted=bool(key[3])):
                await lane.run()
        finally:
            # in the very step in which the lane found nobody: the next to come opens a new one
            del self._lanes[key]
            lane.leave()

    async def _granted(self, batch: Sequence[Stamped]) -> tuple[list[Any], set[AskedId]]:
        return await self._bus.grant_batch(batch, lane=True)

    async def close(self) -> None:
        """Take no more wishes, and see those granted that wait."""
        self._closing = self._turns.ending = True
        while self._tasks:
            await asyncio.wait(self._tasks)
