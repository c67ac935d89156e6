"""Workers killed at every named step, Redis flushed, facts doubled: each effect once, in order."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.chaos.process import Plan, Process
from tests.house.source import ROOT
from tests.relay.conftest import fresh_sqlite
from tests.relay.notes import LISTENER, TakeNotes, all_heard, note_bus
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.letters import list_dead_letters, list_parked
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.statement import AcrossTenants, platform_update
from tradepost.platform.failpoints import VARIABLE
from tradepost.platform.relay.figures import relay_figures
from tradepost.platform.relay.log import after
from tradepost.platform.relay.tables import leases
from tradepost.platform.transport.streams import connect

pytestmark = pytest.mark.acceptance

SEED = int(os.environ.get("TRADEPOST_TEST_SEED") or random.SystemRandom().randrange(2**32))
RELAY = ["relay.before_move", "relay.mid_move", "relay.before_commit", "relay.after_move"]
EFFECT = ["worker.before_effect", "worker.before_commit", "worker.before_ack"]
PARK = ["worker.before_park", "worker.after_park"]
PUBLISH = [f"publisher.{step}" for step in ("mid_send", "before_send", "after_send", "after_store")]
BURSTS = (1, 1, 1, 6)
"""Notes on each pad at a time; now and then so many that the publisher sends in two halves."""
REACH_MAX_S = 20
FINISH_MAX_S = 30


@dataclass
class Trial:
    """One scenario: what was written so far, and what is to be heard of it."""

    plan: Plan
    scope: Scope
    chooser: random.Random
    pads: list[UUID]
    written: dict[UUID, int] = field(default_factory=dict)
    reach_s_max: float = REACH_MAX_S

    @asynccontextmanager
    async def worker(self, fail_at: str = "") -> AsyncIterator[Process]:
        """A worker process that dies where it is told to; ended with the block."""
        self.plan.seed = self.chooser.randrange(2**32)
        process = Process(self.plan, fail_at)
        try:
            yield process
            process.close()
            await process.ended(15)
        finally:
            if process.died is None:
                process.signal(signal.SIGKILL)
                await process.ended(5)

    async def write(self, bus: Bus, count: int = 1) -> None:
        """Take notes on some of the pads."""
        for pad in self.chooser.sample(self.pads, 3):
            first = self.written.get(pad, 0) + 1
            await bus.send(self.scope, TakeNotes(pad, first, count))
            self.written[pad] = first + count - 1

    async def killed_at(self, step: str, bus: Bus) -> None:
        """Have a worker die at a step, while notes are taken."""
        times = self.chooser.randint(1, 2)
        async with self.worker(f"{step}:{times}") as process:
            async with asyncio.timeout(self.reach_s_max):
                while process.died is None:
                    await self.write(bus, self.chooser.choice(BURSTS))
                    await process.ended(0.05)
            assert process.died == -signal.SIGKILL, step

    def expected(self) -> dict[UUID, list[int]]:
        return {pad: list(range(1, last + 1)) for pad, last in self.written.items()}


async def caught_up(bus: Bus) -> None:
    """Wait until nothing waits any more."""
    async with asyncio.timeout(FINISH_MAX_S):
        while True:
            now = await bus.store.relay_read(relay_figures)
            if not now.outbox_depth and not any(now.lag.values()) and not now.parked_streams:
                return
            await asyncio.sleep(0.05)


async def rewound(bus: Bus) -> None:
    """Let the next worker be given again what was done last."""
    back = platform_update(leases).values(acked_seq=leases.c.acked_seq * 9 / 10)
    await bus.store.relay_write(lambda work: work.run(AcrossTenants(back)))


async def check(trial: Trial, bus: Bus) -> None:
    """Every note was heard once, in the order of its pad; the log is dense; nothing is left."""
    assert await bus.ask(trial.scope, all_heard) == trial.expected()
    rows = await bus.store.relay_read(lambda db: after(db, 0, 1_000_000))
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert len({row.event_id for row in rows}) == len(rows) == sum(trial.written.values())
    assert await bus.ask(trial.scope, list_dead_letters) == []
    assert await bus.ask(trial.scope, list_parked) == []


def begun(plan: Plan, name: str) -> Trial:
    seed = f"{SEED}-{name}"
    sys.stdout.write(f"TRADEPOST_TEST_SEED={SEED}\n")
    tenant_id = TenantId(uuid4())
    plan.tenant_id = tenant_id
    pads = [uuid4() for _ in range(12)]
    return Trial(plan, Scope(tenant_id, SYSTEM), random.Random(seed), pads)


async def test_postgresql_and_redis(database: tuple[Plan, Bus], redis_url: str) -> None:
    plan, bus = database
    plan.redis_url, plan.failing = redis_url, 0.002
    trial = begun(plan, "redis")
    redis = connect(redis_url)
    await redis.flushdb()
    steps = [*RELAY, *PUBLISH, *EFFECT, *PARK]
    trial.chooser.shuffle(steps)
    flushes = trial.chooser.sample(range(len(steps)), 2)
    for number, step in enumerate(steps):
        plan.failing = 0.05 if step in PARK else 0.002
        await trial.killed_at(step, bus)
        if number in flushes:
            await redis.flushdb()
        await rewound(bus)
    plan.failing = 0.0
    async with trial.worker(), trial.worker():
        for _ in range(10):
            await trial.write(bus, 3)
        await redis.flushdb()
        await trial.write(bus, 3)
        await caught_up(bus)
    await redis.aclose()
    await check(trial, bus)


async def test_postgresql_embedded(database: tuple[Plan, Bus]) -> None:
    plan, bus = database
    trial = begun(plan, "embedded")
    for step in trial.chooser.sample([*RELAY, *EFFECT, *PARK], 4):
        plan.failing = 0.05 if step in PARK else 0.002
        await trial.killed_at(step, bus)
        await rewound(bus)
    plan.failing = 0.0
    async with trial.worker():
        await trial.write(bus, 3)
        await caught_up(bus)
    await check(trial, bus)


async def test_a_sleeper_that_wakes_does_no_harm(database: tuple[Plan, Bus]) -> None:
    plan, bus = database
    trial = begun(plan, "sleeper")
    async with trial.worker() as sleeper, trial.worker():
        for number in range(60):
            await trial.write(bus, 2)
            await asyncio.sleep(0.02)
            if number == 15:
                sleeper.signal(signal.SIGSTOP)
            if number == 45:
                sleeper.signal(signal.SIGCONT)
        await caught_up(bus)
    await check(trial, bus)


def test_a_process_dies_where_its_environment_says() -> None:
    code = "from tradepost.platform.failpoints import reach; [reach(n) for n in 'xyyx']"
    for fail_at, died in (("y:2", -signal.SIGKILL), ("y:3,z", 0), ("", 0)):
        environment = {**os.environ, VARIABLE: fail_at, "PYTHONPATH": "src"}
        done = subprocess.run([sys.executable, "-c", code], env=environment, check=False, cwd=ROOT)
        assert done.returncode == died


async def test_sqlite_embedded(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    await (await fresh_sqlite(path)).close()
    trial = begun(Plan(sqlite=str(path), notes=40), "sqlite")
    plan = trial.plan
    plan.pads = trial.pads[:5]
    steps = [*RELAY, *EFFECT, *PARK]
    trial.chooser.shuffle(steps)
    for step in steps:
        plan.failing = 0.05 if step in PARK else 0.002
        times = trial.chooser.randint(1, 3)
        async with trial.worker(f"{step}:{times}") as process:
            assert await process.ended(REACH_MAX_S) == -signal.SIGKILL, step
        plan.notes += 5
    plan.failing = 0.0
    async with trial.worker() as process:
        assert await process.says(FINISH_MAX_S)
        await asyncio.sleep(1)
    trial.written = dict.fromkeys(plan.pads, plan.notes)
    store = SqliteStore(path)
    bus = note_bus(store)
    await caught_up(bus)
    await check(trial, bus)
    assert LISTENER.name in (await store.relay_read(relay_figures)).lag
    await store.close()
