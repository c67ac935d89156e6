"""A worker process to be killed, forked from a server that has loaded everything already.

On PostgreSQL it consumes what the test writes. On SQLite, which one process writes, it takes the
notes itself too, each under a key, so that it can take up where it was killed.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import structlog

from tests.chaos.forking import SERVER
from tests.relay.notes import BOOK, LISTENER, TakeNotes, hear_all, note_bus
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope, Told
from tradepost.platform import failpoints
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.consumers.parked import Patience
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Store, Work
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.transport.embedded import EmbeddedTransport
from tradepost.platform.transport.port import Batch, Intake, Transport
from tradepost.platform.transport.redis import RedisTransport
from tradepost.platform.worker import Worker, WorkerPlan


class Plan(msgspec.Struct):
    """What the process is to do."""

    sqlite: str | None = None
    app_url: str = ""
    relay_url: str = ""
    redis_url: str | None = None
    tenant_id: UUID | None = None
    pads: list[UUID] = msgspec.field(default_factory=list)
    notes: int = 0
    seed: int = 0
    doubled: float = 0.1
    failing: float = 0.0
    lease_s: float = 0.5
    batch: int = 20
    many: bool = False
    """Whether facts are heard many at a time."""


class Doubling:
    """A transport that delivers some facts twice, the second time next to the first or later."""

    def __init__(self, inner: Transport, chance: float, seed: int) -> None:
        self._inner = inner
        self._chance = chance
        self._random = random.Random(seed)
        self.open, self.run, self.drain = inner.open, inner.run, inner.drain
        self.close = inner.close

    def intake(self, consumer: str) -> Intake:
        return DoublingIntake(self._inner.intake(consumer), self._chance, self._random)


class DoublingIntake:
    """Adds copies to what it fetches."""

    def __init__(self, inner: Intake, chance: float, chooser: random.Random) -> None:
        self._inner = inner
        self._chance = chance
        self._random = chooser
        self.again, self.done, self.close = inner.again, inner.done, inner.close

    async def fetch(self, positions: Mapping[int, int], limit: int, wait_s: float) -> Batch:
        batch = await self._inner.fetch(positions, limit, wait_s)
        facts = []
        for fact in batch.facts:
            facts.append(fact)
            if self._random.random() < self._chance:
                earlier = [one for one in facts if one.shard == fact.shard]
                facts.append(self._random.choice(earlier))
        return Batch(facts, batch.reached)


def transport_of(plan: Plan, store: Store, tail: LogTail) -> Transport:
    inner: Transport = EmbeddedTransport(store, tail)
    if plan.redis_url:
        inner = RedisTransport(plan.redis_url, store, tail, batch=plan.batch)
    return Doubling(inner, plan.doubled, plan.seed)


FAILURES = 12
"""How often a fact fails that does: more often than a batch can be halved, so that it parks."""


def flaky(plan: Plan) -> Consumer:
    """The listener, which does not hear some facts until they were told often enough."""
    chooser = random.Random(plan.seed)
    left: dict[UUID, int] = {}

    async def effect(bus: Bus, work: Work, told: Sequence[Told[Any]]) -> None:
        await (hear_all if plan.many else LISTENER.effect)(bus, work, told)
        for one in told:
            if one.event_id not in left:
                left[one.event_id] = FAILURES if chooser.random() < plan.failing else 0
            if left[one.event_id]:
                left[one.event_id] -= 1
                raise RuntimeError("did not hear")

    return Consumer(LISTENER.name, LISTENER.facts, effect)


async def write(bus: Bus, plan: Plan) -> None:
    """Take every note, each once however often this is begun."""
    assert plan.tenant_id is not None
    scope = Scope(TenantId(plan.tenant_id), SYSTEM)
    for nth in range(1, plan.notes + 1):
        for pad in plan.pads:
            await bus.send(scope, TakeNotes(pad, nth), key=f"{pad}-{nth}")


async def work(plan: Plan, told: Connection) -> None:
    """Work until the other end of the pipe closes or says so."""
    store: Store
    if plan.sqlite:
        store = SqliteStore(Path(plan.sqlite))
    else:
        store = await PostgresStore.open(plan.app_url, plan.relay_url, pool_size_max=4)
    bus = note_bus(store)
    patience = Patience(tries_max=1000, first_s=0.02, factor=1.0, look=timedelta(seconds=0.02))
    worker = Worker(
        bus,
        [flaky(plan)],
        plan=WorkerPlan(lease_s=plan.lease_s, patience=patience),
        book=BOOK,
        transport=partial(transport_of, plan),
    )
    running = asyncio.create_task(worker.run())
    if plan.sqlite:
        await write(bus, plan)
        told.send("written")
    with suppress(EOFError):
        await asyncio.to_thread(told.recv)
    worker.stop()
    await running
    await store.close()


def main(plan: bytes, fail_at: str, told: Connection) -> None:
    """The whole life of the process."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    failpoints.arm(fail_at)
    asyncio.run(work(msgspec.json.decode(plan, type=Plan), told))


class Process:
    """One worker process."""

    def __init__(self, plan: Plan, fail_at: str) -> None:
        self.pipe, theirs = SERVER.Pipe()
        arguments = (msgspec.json.encode(plan), fail_at, theirs)
        self.process = SERVER.Process(target=main, args=arguments)
        self.process.start()
        theirs.close()

    @property
    def died(self) -> int | None:
        """How it ended: 0, or minus the signal; none while it lives."""
        return self.process.exitcode

    async def ended(self, seconds: float) -> int | None:
        """Wait for its end, at most so long."""
        await asyncio.to_thread(self.process.join, seconds)
        return self.died

    async def says(self, seconds: float) -> bool:
        """Wait until it says something, at most so long."""
        return await asyncio.to_thread(self.pipe.poll, seconds)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def close(self) -> None:
        """Ask it to end."""
        self.pipe.close()
