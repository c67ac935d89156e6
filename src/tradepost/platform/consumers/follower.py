"""Followers of the log: readers that keep their position with what they make of it.

A search index or a cache on this machine is fed from the log itself, whatever the transport, and
says by itself how far it has come; throw it away and it begins again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

import structlog

from tradepost.kernel.errors import Refusal
from tradepost.kernel.messages import Told
from tradepost.platform.db.errors import StoreError
from tradepost.platform.facts import FactBook, UnreadableFact
from tradepost.platform.relay.log import READ_MAX, Logged
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.wake import rest

WAIT_S = 0.5
TROUBLE_FIRST_S = 0.1
TROUBLE_MAX_S = 5.0
_log = structlog.get_logger("tradepost.followers")


class Follower(Protocol):
    """Takes facts in the order of the log, all tenants mixed."""

    @property
    def name(self) -> str:
        """What it is called in logs."""
        ...

    @property
    def facts(self) -> frozenset[str]:
        """The names of the facts it wants."""
        ...

    async def position(self) -> int:
        """The number of the last fact whose effect is lasting; 0 at the beginning."""
        ...

    async def take(self, told: Sequence[Told[Any]], reached: int) -> None:
        """Take facts; everything up to ``reached`` has then been handed over.

        After a failure the same facts come again.
        """
        ...


class FollowerRunner:
    """Feeds one follower."""

    def __init__(self, follower: Follower, tail: LogTail, book: FactBook) -> None:
        self.follower = follower
        self._tail = tail
        self._book = book
        self._position: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Feed until told to stop."""
        pause = 0.0
        while not stop.is_set():
            try:
                await self.step(WAIT_S)
                pause = 0.0
            except (StoreError, Refusal, OSError) as error:
                _log.warning("a follower waits", follower=self.follower.name, error=repr(error))
                self._position = None
                pause = min(max(pause * 2, TROUBLE_FIRST_S), TROUBLE_MAX_S)
                await rest(stop, pause)

    async def step(self, wait_s: float) -> int:
        """Hand over one batch; how many facts it went over. Waits for one, at most so long."""
        if self._position is None:
            self._position = await self.follower.position()
        if not await self._tail.beyond(self._position, wait_s):
            return 0
        rows = await self._tail.read(self._position, READ_MAX)
        if rows:
            told = [told for row in rows if (told := self._told(row)) is not None]
            await self.follower.take(told, rows[-1].seq)
            self._position = rows[-1].seq
        return len(rows)

    def _told(self, row: Logged) -> Told[Any] | None:
        if row.name not in self.follower.facts:
            return None
        try:
            return row.told(self._book)
        except UnreadableFact as error:
            told = {"follower": self.follower.name, "seq": row.seq, "error": str(error)}
            _log.error("a follower cannot read a fact; feed it anew after the upgrade", **told)
            return None
