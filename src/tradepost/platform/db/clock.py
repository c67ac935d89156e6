"""The time of a store with a machine of its own: what all processes over it go by.

Expiry, leases and trading days would differ from process to process if each believed its own
machine. The difference is measured at the start and every few seconds; between two measurements
the machine's clock goes on by itself.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import BigInteger, cast, func

from tradepost.kernel.clock import Clock, SystemClock, from_micros
from tradepost.kernel.errors import Refusal
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.statement import Statement, platform_select
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.wake import rest

SYNC_EVERY_S = 5.0
PLAY = timedelta(milliseconds=100)
"""What the way to the store may take; a smaller difference is no reason to change anything."""
_NOW = Statement(
    platform_select(
        cast(func.date_part("epoch", func.clock_timestamp()) * 1_000_000, BigInteger).label("now")
    )
)
_log = structlog.get_logger("tradepost.clock")


class StoreClock:
    """A machine's clock, put right by the store's."""

    def __init__(self, store: Store, machine: Clock | None = None) -> None:
        self.machine = machine or SystemClock()
        self.ahead = timedelta()
        """By how much the store's clock is ahead of the machine's."""
        self._store = store

    def now(self) -> datetime:
        """The store's time."""
        return self.machine.now() + self.ahead

    async def sync(self) -> None:
        """Measure the difference anew."""
        began = self.machine.now()
        told = await store_time(self._store)
        ended = self.machine.now()
        ahead = told - (began + (ended - began) / 2)
        if abs(ahead - self.ahead) > PLAY:
            self.ahead = ahead if abs(ahead) > PLAY else timedelta()

    async def run(self, stop: asyncio.Event) -> None:
        """Measure every few seconds until told to stop."""
        while not stop.is_set():
            try:
                await self.sync()
            except (StoreError, Refusal) as error:
                _log.warning("the store does not tell its time", error=repr(error))
            await rest(stop, SYNC_EVERY_S)


async def store_time(store: Store) -> datetime:
    """The time of the store's own machine."""

    async def look(db: Reader) -> int:
        return int(await db.value(_NOW))

    return from_micros(await store.platform_read("see what time it is", look))
