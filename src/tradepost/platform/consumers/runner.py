"""Runs one consumer: takes shards, fetches facts, applies them by tenant, minds the failures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from tradepost.kernel.errors import Category, Refusal
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Told
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.consumers.inbox import apply
from tradepost.platform.consumers.leases import Fenced, Leases
from tradepost.platform.consumers.parked import Due, Parking
from tradepost.platform.consumers.tables import ParkedStream
from tradepost.platform.db.errors import OutcomeUnknown, StoreError, TryAgain
from tradepost.platform.facts import FactBook, UnreadableFact
from tradepost.platform.failpoints import reach
from tradepost.platform.idempotency import KeyRunning
from tradepost.platform.outbox import SHARDS
from tradepost.platform.relay.log import Logged, of_stream
from tradepost.platform.transport.port import Batch, Intake
from tradepost.platform.wake import rest

BATCH = 500
WAIT_S = 0.25
PARKED_READ_MAX = 100
TROUBLE_FIRST_S = 0.1
TROUBLE_MAX_S = 5.0
_log = structlog.get_logger("tradepost.consumers")


@dataclass
class Tally:
    """What a runner has done since it started."""

    handled: int = 0
    repeated: int = 0
    failed: int = 0
    dead: int = 0


class Runner:
    """One consumer in one process."""

    def __init__(
        self,
        consumer: Consumer,
        bus: Bus,
        book: FactBook,
        leases: Leases,
        intake: Intake,
        parking: Parking,
        *,
        share: Callable[[], int] = lambda: SHARDS,
        batch: int = BATCH,
    ) -> None:
        self.consumer = consumer
        self.leases = leases
        self.tally = Tally()
        self._bus = bus
        self._book = book
        self._intake = intake
        self._parking = parking
        self._share = share
        self._batch = batch
        self._unsaved = False

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until told to stop; then save positions and give the shards back."""
        pause = 0.0
        while not stop.is_set():
            try:
                await self.step(WAIT_S)
                pause = 0.0
            except Fenced:
                self.leases.forget()
                self._intake.again()
            except (StoreError, Refusal) as error:
                _log.warning("a consumer waits", consumer=self.consumer.name, error=repr(error))
                self._intake.again()
                pause = min(max(pause * 2, TROUBLE_FIRST_S), TROUBLE_MAX_S)
                await rest(stop, pause)
        with suppress(StoreError, Refusal):
            await self.rest()
        await self._intake.close()

    async def rest(self) -> None:
        """Save the positions and let others have the shards."""
        with suppress(Fenced):
            await self._save()
        await self.leases.release()

    async def step(self, wait_s: float) -> int:
        """One round: leases, what is due again, one batch; how many facts it looked at."""
        if self.leases.due:
            await self._save()
            if await self.leases.keep(self._share()):
                await self._parking.load(self.leases.held)
        if not self.leases.held:
            await asyncio.sleep(wait_s)
            return 0
        retried = await self._retry()
        wait_s = 0 if retried else wait_s
        batch = await self._intake.fetch(self.leases.positions, self._batch, wait_s)
        if batch.reached:
            await self._take(batch)
            reach("worker.before_ack")
            await self._intake.done(batch.reached)
        return len(batch.facts) + retried

    async def _take(self, batch: Batch) -> None:
        """Apply a batch tenant by tenant; the last transaction moves the position."""
        positions = self.leases.positions
        by_tenant: dict[TenantId, list[Logged]] = {}
        for row in batch.facts:
            if row.seq > positions.get(row.shard, row.seq) and self._concerns(row):
                by_tenant.setdefault(row.tenant_id, []).append(row)
        saved = False
        for left, rows in zip(reversed(range(len(by_tenant))), by_tenant.values(), strict=True):
            saved = await self._apply(rows, batch.reached if left == 0 else None)
        positions.update(batch.reached)
        self._unsaved = not saved
        if by_tenant and not saved:
            await self._save()

    def _concerns(self, row: Logged) -> bool:
        """Whether a fact is for this consumer, or nobody here can say."""
        return row.name in self.consumer.facts or row.name not in self._book.facts

    async def _apply(self, rows: list[Logged], reached: Mapping[int, int] | None) -> bool:
        """Apply facts of one tenant, halving the list to find one that fails.

        Whether the position was moved with them.
        """
        readable: list[tuple[Logged, Told[Any]]] = []
        for row in rows:
            if self._parking.waits(row):
                continue
            try:
                readable.append((row, row.told(self._book)))
            except UnreadableFact as error:
                await self._failed(row, error, 1, hopeless=True)
        if not readable:
            return False
        try:
            await self._effect([told for _, told in readable], reached)
        except Exception as error:
            if isinstance(error, Fenced) or _passes(error):
                raise
            if len(readable) == 1:
                await self._failed(readable[0][0], error, 1)
                return False
        else:
            return reached is not None
        half = len(readable) // 2
        for part in (readable[:half], readable[half:]):
            await self._apply([row for row, _ in part], None)
        return False

    async def _effect(self, told: list[Told[Any]], reached: Mapping[int, int] | None) -> None:
        fence = self.leases.fence()
        fresh = await apply(self._bus, self.consumer, told, fence, reached)
        self.tally.handled += fresh
        self.tally.repeated += len(told) - fresh

    async def _retry(self) -> int:
        """Try the parked documents whose time has come; how many facts that got through.

        Leases want renewing meanwhile: whoever walked a long queue past its lease would lose the
        shard, and the next one begin where this one began.
        """
        through = 0
        if self._parking.looks:
            for due in await self._parking.due(self.leases.held):
                through += await self._again(due)
                if self.leases.due:
                    self._parking.look_again()
                    break
        return through

    async def _again(self, due: Due) -> int:
        """Try a parked document: the fact that failed, then part by part what waits behind it.

        It goes up to where the others are, or stops where the leases are to be renewed.
        """
        parked, fence = due.parked, self.leases.fence([due.parked.shard])
        last = self.leases.positions[parked.shard]
        through, seq, limit = 0, parked.seq, 1
        while True:
            look = partial(
                of_stream,
                tenant_id=due.tenant_id,
                stream_id=parked.stream_id,
                first=seq,
                last=last,
                limit=limit,
            )
            rows = await self._bus.store.relay_read(look)
            if not rows:
                await self._parking.over(due, fence)
                return through
            if rows[0].seq > parked.seq:
                await self._parking.reached(due, rows[0], fence)
                if self.leases.due:
                    return through
            if not await self._through(list(filter(self._concerns, rows)), parked):
                return through
            through += len(rows)
            seq, limit = rows[-1].seq + 1, PARKED_READ_MAX

    async def _through(self, rows: list[Logged], parked: ParkedStream) -> bool:
        """Let facts of a parked document have their effect, up to one that fails; if none does."""
        if not rows:
            return True
        try:
            await self._effect([row.told(self._book) for row in rows], None)
        except Exception as error:
            if isinstance(error, Fenced) or _passes(error):
                raise
            if len(rows) == 1:
                tries = parked.tries if rows[0].event_id == parked.event_id else 0
                hopeless = isinstance(error, UnreadableFact)
                await self._failed(rows[0], error, tries + 1, hopeless=hopeless)
                return False
        else:
            return True
        half = len(rows) // 2
        parts = (rows[:half], rows[half:])
        return await self._through(parts[0], parked) and await self._through(parts[1], parked)

    async def _failed(
        self, row: Logged, error: Exception, tries: int, *, hopeless: bool = False
    ) -> None:
        self.tally.failed += 1
        told = {"consumer": self.consumer.name, "seq": row.seq, "tries": tries}
        _log.warning("a fact failed", **told, tenant_id=str(row.tenant_id), error=repr(error))
        fence = self.leases.fence([row.shard])
        if await self._parking.failed(row, error, tries, fence, hopeless=hopeless):
            self.tally.dead += 1

    async def _save(self) -> None:
        if self._unsaved:
            await self.leases.save()
            self._unsaved = False


def _passes(error: Exception) -> bool:
    """Whether this is trouble of the store or a server, which no fact is to blame for."""
    if isinstance(error, Refusal):
        return error.category is Category.UNAVAILABLE or isinstance(error, KeyRunning)
    return isinstance(error, TryAgain | OutcomeUnknown)
