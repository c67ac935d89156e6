"""Workers of the house, given their facts late, twice, and in small pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, cast

from tests.simulation.disk import SimWork
from tests.simulation.machines import SimStore, Stage
from tests.simulation.script import Script
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Told
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.consumers.parked import Patience
from tradepost.platform.db.work import Store, Work
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.sweeps import Sweep
from tradepost.platform.transport.embedded import EmbeddedTransport
from tradepost.platform.transport.port import Batch, Intake
from tradepost.platform.worker import Worker, WorkerPlan
from tradepost.tenancy.queries import TenantProfiles
from tradepost.wiring.parts import gathered
from tradepost.wiring.worker import all_consumers

CUT, TWICE, OLD = 0.2, 0.1, 0.1
CONSUMERS = tuple(all_consumers())
IDLE_SWEEPS = ("identity.sign_ins", "inventory.cooling", "inventory.holders")
"""They find nothing in a small history."""
REQUESTS = ("inventory.requests", "inventory.hot_requests")
REPORTS = ("reporting.order_timeline", "reporting.sales_by_day")
PLAN = WorkerPlan(patience=Patience(look=timedelta(seconds=3)))
_SWEEPS: dict[str, Sweep] = gathered("SWEEPS")


def consumers_of(script: Script) -> list[Consumer]:
    """Who hears of facts; in a small history nobody is forgotten, and one report is enough."""
    if script.size.is_whole:
        return list(CONSUMERS)
    report = REPORTS[script.seed % len(REPORTS)]
    return [one for one in CONSUMERS if one.name in (*REQUESTS, report)]


def made_worker(bus: Bus, stage: Stage) -> Worker:
    """A worker whose consumers write down what they hear, and which sweeps often."""
    profiles, script = TenantProfiles(bus.store), stage.script
    sweeps = [
        one for name, one in _SWEEPS.items() if script.size.is_whole or name not in IDLE_SWEEPS
    ]

    async def tenants() -> Sequence[TenantId]:
        return [profile.id for profile in await profiles.every()]

    return Worker(
        bus,
        [heard(one) for one in consumers_of(stage.script)],
        sweeps=[replace(one, every_s=script.sweep_every_s) for one in sweeps],
        tenants=tenants,
        transport=partial(SimTransport, stage.chance),
        plan=PLAN,
    )


def heard(consumer: Consumer) -> Consumer:
    """A consumer that writes down in its transaction what has its effect there."""

    async def effect(bus: Bus, work: Work, told: Sequence[Told[Any]]) -> None:
        await consumer.effect(bus, work, told)
        notes = [(consumer.name, one.event_id, one.stream_id, one.seq) for one in told]
        if isinstance(work, SimWork):
            work.left.effects += notes

    return replace(consumer, effect=effect)


class SimTransport(EmbeddedTransport):
    """The embedded transport with the faults that any transport may have."""

    def __init__(self, chance: Random, store: Store, tail: LogTail) -> None:
        super().__init__(store, tail)
        self._chance = chance
        self._worker = cast(SimStore, store).process

    def intake(self, consumer: str) -> Intake:
        return SimIntake(self._chance, self._worker, super().intake(consumer))


class SimIntake:
    """Brings facts of the log as a transport may: in pieces, twice, old ones again."""

    def __init__(self, chance: Random, worker: str, inner: Intake) -> None:
        self.worker = worker
        self._chance = chance
        self._inner = inner
        self._before: Batch | None = None

    async def fetch(self, positions: Mapping[int, int], limit: int, wait_s: float) -> Batch:
        batch = await self._inner.fetch(positions, limit, wait_s)
        chance = self._chance.random
        if len(batch.facts) > 1 and chance() < CUT:
            batch = _cut(batch, positions, self._chance.randrange(1, len(batch.facts)))
        if batch.facts and chance() < TWICE:
            batch = Batch([one for fact in batch.facts for one in (fact, fact)], batch.reached)
        before, self._before = self._before, batch
        if batch.facts and before and chance() < OLD:
            batch = Batch(before.facts + batch.facts, batch.reached)
        return batch

    def again(self) -> None:
        self._inner.again()

    async def done(self, reached: Mapping[int, int]) -> None:
        await self._inner.done(reached)

    async def close(self) -> None:
        await self._inner.close()


def _cut(batch: Batch, positions: Mapping[int, int], count: int) -> Batch:
    """The first few of the facts; the others come later."""
    facts = batch.facts[:count]
    last = facts[-1].seq
    reached = {shard: max(positions[shard], min(seq, last)) for shard, seq in batch.reached.items()}
    return Batch(facts, reached)
