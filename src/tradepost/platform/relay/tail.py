"""The newest part of the log, read once and shared by every reader of this process."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from tradepost.kernel.errors import Refusal
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.work import Store
from tradepost.platform.relay.log import READ_MAX, Logged, after
from tradepost.platform.relay.sequencer import last_seq
from tradepost.platform.wake import Wake

WINDOW = 4000
POLL_MIN_S = 0.05
"""Facts come all the time in a busy shop: a look this often costs little, and nobody waits for it
who keeps house in the same process as the sequencer."""
POLL_MAX_S = 0.1
TROUBLE_S = 1.0
_log = structlog.get_logger("tradepost.log")


class LogTail:
    """Follows the log while :meth:`run` runs; readers behind its window read the store."""

    def __init__(
        self, store: Store, *, window: int = WINDOW, poll_max_s: float = POLL_MAX_S
    ) -> None:
        self.wake = Wake()
        self.top = 0
        self.listeners: list[Callable[[Sequence[Logged]], None]] = []
        """Told what has come since whenever the log was read, also when that is nothing."""
        self._store = store
        self._rows: list[Logged] = []
        self._window = window
        self._poll_max_s = poll_max_s
        self._grown = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the log until told to stop."""
        pause = POLL_MIN_S
        while not stop.is_set():
            try:
                grew = await self.follow()
            except (StoreError, Refusal) as error:
                _log.warning("the log cannot be read", error=repr(error))
                await self.wake.wait(TROUBLE_S)
                continue
            if grew < READ_MAX:
                pause = POLL_MIN_S if grew else min(pause * 2, self._poll_max_s)
                await self.wake.wait(pause)

    async def follow(self) -> int:
        """Read what has come since; how many facts it was."""
        if not self._rows and not self.top:
            self.top = max(await self._store.relay_read(last_seq) - READ_MAX, 0)
        rows = await self._store.relay_read(lambda db: after(db, self.top, READ_MAX))
        if rows:
            self._rows += rows
            self.top = rows[-1].seq
            if len(self._rows) > 2 * self._window:
                del self._rows[: -self._window]
            self._grown.set()
            self._grown = asyncio.Event()
        for listen in self.listeners:
            listen(rows)
        return len(rows)

    async def beyond(self, seq: int, seconds: float) -> bool:
        """Wait until the log has grown beyond a number, at most so long; whether it has."""
        if self.top <= seq:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._grown.wait()
        return self.top > seq

    def recent(self, seq: int, limit: int) -> list[Logged] | None:
        """The facts that follow a number, if the window reaches back to it."""
        if seq >= self.top:
            return []
        if not self._rows or seq + 1 < self._rows[0].seq:
            return None
        start = bisect_right(self._rows, seq, key=_seq)
        return self._rows[start : start + limit]

    async def read(self, seq: int, limit: int) -> list[Logged]:
        """The facts that follow a number, from memory or from the store."""
        rows = self.recent(seq, limit)
        if rows is None:
            rows = await self._store.relay_read(lambda db: after(db, seq, limit))
        return rows


def _seq(row: Logged) -> int:
    return row.seq
