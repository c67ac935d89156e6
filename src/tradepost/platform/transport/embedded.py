"""The transport that needs nothing: consumers read the log itself, by its tail in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from tradepost.platform.db.work import Store
from tradepost.platform.relay.log import shards_after
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.transport.port import Batch, Intake


class EmbeddedTransport:
    """Readers of the log in this process, any number of processes side by side."""

    def __init__(self, store: Store, tail: LogTail) -> None:
        self._store = store
        self._tail = tail

    async def open(self) -> None:
        """It is always fit."""

    async def run(self, stop: asyncio.Event) -> None:
        """There is nothing to pass on: the log is there."""
        await stop.wait()

    async def drain(self) -> None:
        """There is nothing to pass on."""

    async def close(self) -> None:
        """Nothing is held."""

    def intake(self, consumer: str) -> Intake:
        """The same log for everybody; positions are the consumer's own."""
        return EmbeddedIntake(self._store, self._tail)


class EmbeddedIntake:
    """Reads from the lowest position of the shards on."""

    def __init__(self, store: Store, tail: LogTail) -> None:
        self._store = store
        self._tail = tail

    async def fetch(self, positions: Mapping[int, int], limit: int, wait_s: float) -> Batch:
        low = min(positions.values())
        if not await self._tail.beyond(low, wait_s):
            return Batch([], {})
        top = self._tail.top
        rows = self._tail.recent(low, limit)
        if rows is None:
            shards = list(positions)
            rows = await self._store.relay_read(lambda db: shards_after(db, shards, low, limit))
            reached = rows[-1].seq if len(rows) == limit else top
        else:
            reached = rows[-1].seq
        return Batch(
            [row for row in rows if row.seq > positions.get(row.shard, row.seq)],
            {shard: max(seq, reached) for shard, seq in positions.items()},
        )

    def again(self) -> None:
        """The position has not moved, so it comes by itself."""

    async def done(self, reached: Mapping[int, int]) -> None:
        """The position in the lease is all there is."""

    async def close(self) -> None:
        """Nothing is held."""
