"""Fifty thousand facts through kills at every step, flushes and sleepers: each once, in order."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from uuid import uuid4

import pytest

from tests.chaos.history import sequence_faults
from tests.chaos.process import Plan
from tests.chaos.test_killed import EFFECT, PARK, PUBLISH, RELAY, Trial, begun, rewound
from tests.chaos.waiting import until
from tests.relay.notes import TakeNotes, all_heard
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.letters import list_dead_letters, list_parked
from tradepost.platform.db.postgres import ASLEEP_S
from tradepost.platform.relay.figures import relay_figures
from tradepost.platform.relay.log import after
from tradepost.platform.transport.streams import connect

FACTS = 50_000
PADS = 100
BURST = 100
FLUSHES = 4
KILLED_ANYWHERE = 5
CAUGHT_UP_S_MAX = 240


@pytest.mark.acceptance
@pytest.mark.timeout(900)
async def test_fifty_thousand_facts(database: tuple[Plan, Bus], redis_url: str) -> None:
    plan, bus = database
    plan.redis_url, plan.many = redis_url, True
    trial = begun(plan, "fifty thousand")
    trial.pads, trial.reach_s_max = [uuid4() for _ in range(PADS)], 120
    redis = connect(redis_url)
    await redis.flushdb()
    began = time.monotonic()
    steps = [*RELAY, *PUBLISH, *EFFECT, *PARK]
    trial.chooser.shuffle(steps)
    flushes = trial.chooser.sample(range(len(steps)), FLUSHES)
    for number, step in enumerate(steps):
        plan.failing = 0.05 if step in PARK else 0.0
        await trial.killed_at(step, bus)
        if number in flushes:
            await redis.flushdb()
        await rewound(bus)
    plan.failing, plan.batch = 0.0, 500
    for _ in range(KILLED_ANYWHERE):
        async with trial.worker() as victim, trial.worker():
            await several(trial, bus, 4)
            await asyncio.sleep(trial.chooser.random())
            victim.signal(signal.SIGKILL)
            await victim.ended(10)
    over_s = await a_leader_falls_asleep(trial, bus)
    async with trial.worker(), trial.worker():
        while sum(trial.written.values()) < FACTS:
            await several(trial, bus, 10)
        await redis.flushdb()
        await several(trial, bus, 1)
        await until(lambda: caught_up(bus), CAUGHT_UP_S_MAX, 0.5)
    await redis.aclose()
    await judged(trial, bus)
    told = {
        "facts": sum(trial.written.values()),
        "kills": len(steps) + KILLED_ANYWHERE,
        "flushes": FLUSHES + 1,
        "sleepers": 1,
        "took over after s": round(over_s, 1),
        "seconds": round(time.monotonic() - began),
    }
    sys.stdout.write(f"{told}: 0 lost, 0 doubled, 0 out of order\n")


async def several(trial: Trial, bus: Bus, times: int) -> None:
    """Take many notes on some pads."""
    for _ in range(times):
        for pad in trial.chooser.sample(trial.pads, 3):
            first = trial.written.get(pad, 0) + 1
            await bus.send(trial.scope, TakeNotes(pad, first, BURST))
            trial.written[pad] = first + BURST - 1


async def a_leader_falls_asleep(trial: Trial, bus: Bus) -> float:
    """It keeps its connections and says nothing; another one leads. Seconds until it does."""
    async with trial.worker() as sleeper:
        await several(trial, bus, 2)
        await until(lambda: moved(trial, bus), 60)
        async with trial.worker():
            sleeper.signal(signal.SIGSTOP)
            began = time.monotonic()
            await several(trial, bus, 2)
            try:
                await until(lambda: moved(trial, bus), 10 * ASLEEP_S)
                over_s = time.monotonic() - began
            finally:
                sleeper.signal(signal.SIGCONT)
            await several(trial, bus, 2)
            await asyncio.sleep(1)
    return over_s


async def moved(trial: Trial, bus: Bus) -> bool:
    """Whether every fact that was written has its number."""
    now = await bus.store.relay_read(relay_figures)
    return now.outbox_depth == 0 and now.last_seq == sum(trial.written.values())


async def caught_up(bus: Bus) -> bool:
    """Whether nothing waits any more."""
    now = await bus.store.relay_read(relay_figures)
    return not (now.outbox_depth or any(now.lag.values()) or now.parked_streams)


async def judged(trial: Trial, bus: Bus) -> None:
    """The log is dense, every fact had its effect once and in the order of its document."""
    tally = sequence_faults(await bus.ask(trial.scope, all_heard), trial.written)
    assert tally.sound, tally
    assert tally.expected == sum(trial.written.values()) >= FACTS
    rows = await bus.store.relay_read(lambda db: after(db, 0, 10_000_000))
    assert [row.seq for row in rows] == list(range(1, tally.expected + 1))
    assert len({row.event_id for row in rows}) == tally.expected
    versions: dict[object, list[int]] = {}
    for row in rows:
        versions.setdefault(row.stream_id, []).append(row.version)
    assert sequence_faults(versions, trial.written).sound
    assert await bus.ask(trial.scope, list_dead_letters) == []
    assert await bus.ask(trial.scope, list_parked) == []
