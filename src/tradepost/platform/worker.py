"""The relay, all consumers and the sweeps of one process, started and stopped together.

An app runs it as a process of its own or beside its servers; with more than one process the
sequencer has one leader, and consumers share the shards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import TenantId
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.consumers.follower import Follower, FollowerRunner
from tradepost.platform.consumers.leases import LEASE_S, Leases
from tradepost.platform.consumers.parked import Parking, Patience
from tradepost.platform.consumers.runner import Runner
from tradepost.platform.db.errors import StoreError
from tradepost.platform.facts import FactBook, published
from tradepost.platform.relay.figures import RelayFigures, RelayGauges, relay_figures
from tradepost.platform.relay.roster import Roster
from tradepost.platform.relay.sequencer import Sequencer
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.sweeps import Sweep, Sweeper, Tenants
from tradepost.platform.transport.embedded import EmbeddedTransport
from tradepost.platform.transport.port import MakeTransport
from tradepost.platform.wake import rest

DRAIN_S = 10.0
AGAIN_S = 1.0
FIGURES_S = 5.0
_log = structlog.get_logger("tradepost.worker")


@dataclass(frozen=True)
class WorkerPlan:
    """How a worker works; all in seconds."""

    lease_s: float = LEASE_S
    drain_s: float = DRAIN_S
    figures_s: float = FIGURES_S
    patience: Patience = field(default_factory=Patience)


async def _no_tenants() -> Sequence[TenantId]:
    return ()


class Worker:
    """Sequencer, transport, consumers and sweeps over one bus."""

    def __init__(
        self,
        bus: Bus,
        consumers: Sequence[Consumer],
        *,
        sweeps: Sequence[Sweep] = (),
        tenants: Tenants = _no_tenants,
        followers: Sequence[Follower] = (),
        plan: WorkerPlan | None = None,
        book: FactBook | None = None,
        transport: MakeTransport = EmbeddedTransport,
        gauges: RelayGauges | None = None,
    ) -> None:
        self.plan = plan or WorkerPlan()
        self.owner = bus.ids.new().hex
        self.tail = LogTail(bus.store)
        self.sequencer = Sequencer(bus.store, bus.clock, on_moved=self.tail.wake.poke)
        self.transport = transport(bus.store, self.tail)
        self.roster = Roster(bus.store, bus.clock, self.owner, self.plan.lease_s)
        self.sweeper = Sweeper(bus, sweeps, tenants, lambda: self.sequencer.leads)
        self._bus = bus
        self._book = book or published()
        self._gauges = gauges
        self.runners = [self._runner(consumer) for consumer in consumers]
        self.feeders = [FollowerRunner(one, self.tail, self._book) for one in followers]
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Ask everything to come to its end."""
        self._stop.set()

    async def run(self) -> None:
        """Work until :meth:`stop`; what was begun is finished, within the drain time."""
        await self.transport.open()
        self._bus.after_commit = self.sequencer.wake.poke
        jobs = [self.tail.run, self.sequencer.run, self.transport.run, self.sweeper.run]
        jobs += [
            self._watch,
            *(one.run for one in self.runners),
            *(one.run for one in self.feeders),
        ]
        tasks = [asyncio.create_task(self._kept(job)) for job in jobs]
        try:
            await self._stop.wait()
            _, late = await asyncio.wait(tasks, timeout=self.plan.drain_s)
            if late:
                _log.warning("stopped before everything was finished", parts=len(late))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(StoreError, Refusal):
                await self.roster.leave()
            await self.transport.close()

    async def _kept(self, job: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        """Run a part, and again when a defect ends it: the others must not suffer from it."""
        while not self._stop.is_set():
            try:
                await job(self._stop)
            except Exception:
                _log.exception("a part of the worker failed", part=repr(job))
                await rest(self._stop, AGAIN_S)

    async def settle(self) -> None:
        """Move and consume everything there is, once, without running: demos, replays, tests.

        Facts that effects tell on the way are consumed too; failures wait for their time.
        """
        try:
            moving = True
            while moving:
                await self.sequencer.drain()
                while await self.tail.follow():
                    pass
                await self.transport.drain()
                moving = await self._consumed()
        finally:
            await self.sequencer.resign()
            for runner in self.runners:
                await runner.rest()

    async def figures(self) -> RelayFigures:
        """How the relay and its consumers are doing."""
        return await self._bus.store.relay_read(relay_figures)

    async def _consumed(self) -> bool:
        handled = False
        for runner in self.runners:
            while await runner.step(0):
                handled = True
        for feeder in self.feeders:
            while await feeder.step(0):
                pass
        return handled

    async def _watch(self, stop: asyncio.Event) -> None:
        """Sign the roster, and show the figures to whoever looks at the gauges."""
        loop = asyncio.get_running_loop()
        show_at = loop.time()
        pause = min(self.plan.lease_s / 3, self.plan.figures_s)
        while not stop.is_set():
            try:
                await self.roster.sign()
                if self._gauges is not None and loop.time() >= show_at:
                    self._gauges.show(await self.figures())
                    show_at = loop.time() + self.plan.figures_s
            except (StoreError, Refusal) as error:
                _log.warning("the store is in trouble", error=repr(error))
            await rest(stop, pause)

    def _runner(self, consumer: Consumer) -> Runner:
        bus, plan = self._bus, self.plan
        leases = Leases(
            bus.store,
            bus.clock,
            consumer.name,
            self.owner,
            seconds=plan.lease_s,
            alone=bus.store.dialect == "sqlite",
            from_now=consumer.from_now,
        )
        parking = Parking(bus.store, bus.clock, consumer.name, plan.patience)
        intake = self.transport.intake(consumer.name)
        share = lambda: self.roster.share  # noqa: E731  it changes as workers come and go
        return Runner(consumer, bus, self._book, leases, intake, parking, share=share)
