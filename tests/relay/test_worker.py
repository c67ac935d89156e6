"""Several workers share the work; sweeps and followers run; figures tell what waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from tests.relay.notes import BOOK, LISTENER, Ear, NoteHeard, NoteTaken, TakeNotes, all_heard
from tests.relay.test_consuming import QUICK, by_hand
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope, Told
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer, facts_of
from tradepost.platform.consumers.letters import list_dead_letters, list_parked, replay_dead_letter
from tradepost.platform.outbox import SHARDS
from tradepost.platform.relay.figures import RelayGauges
from tradepost.platform.sweeps import Sweep, Sweeper, sweeping
from tradepost.platform.worker import Worker, WorkerPlan

only_postgresql = pytest.mark.parametrize("store", ["postgresql"], indirect=True)


@only_postgresql
async def test_workers_share_the_shards_and_the_rest_go_on_when_one_leaves(
    bus: Bus, scope: Scope
) -> None:
    plan = WorkerPlan(lease_s=0.6)
    crew = [Worker(bus, [LISTENER], plan=plan, book=BOOK) for _ in range(2)]
    running = [asyncio.create_task(worker.run()) for worker in crew]
    pads = [uuid4() for _ in range(30)]
    first, second = (worker.runners[0].leases for worker in crew)
    async with asyncio.timeout(15):
        while not (len(first.held) == len(second.held) == SHARDS // 2):
            await bus.send(scope, TakeNotes(uuid4(), 1))
            await asyncio.sleep(0.02)
    assert set(first.held) | set(second.held) == set(range(SHARDS))
    for pad in pads:
        await bus.send(scope, TakeNotes(pad, 1, 5))
    crew[0].stop()
    await running[0]
    for pad in pads:
        await bus.send(scope, TakeNotes(pad, 6, 5))
    async with asyncio.timeout(15):
        figures = await crew[1].figures()
        while figures.outbox_depth or any(figures.lag.values()):
            await asyncio.sleep(0.05)
            figures = await crew[1].figures()
    crew[1].stop()
    await running[1]
    heard = await bus.ask(scope, all_heard)
    assert {pad: heard[pad] for pad in pads} == {pad: list(range(1, 11)) for pad in pads}


async def test_a_long_queue_behind_a_failure_is_walked_in_parts(bus: Bus, scope: Scope) -> None:
    pad = uuid4()
    Ear.deaf = {"mumble"}
    await bus.send(scope, TakeNotes(pad, 1, text="mumble"))
    await bus.send(scope, TakeNotes(pad, 2, 1000))
    plan = WorkerPlan(lease_s=0.02, patience=replace(QUICK.patience, tries_max=1))
    await Worker(bus, [LISTENER], plan=plan, book=BOOK).settle()
    (letter,) = await bus.ask(scope, list_dead_letters)
    Ear.deaf = set()
    await bus.within(scope, partial(by_hand, replay_dead_letter, letter))
    seen = [(await bus.ask(scope, list_parked))[0].seq]
    repeated = 0
    for _ in range(2):  # whoever takes the shard over goes on where the last one was
        worker = Worker(bus, [LISTENER], plan=plan, book=BOOK)
        await worker.tail.follow()
        await worker.runners[0].step(0)
        seen.append((await bus.ask(scope, list_parked))[0].seq)
        repeated += worker.runners[0].tally.repeated
        await worker.runners[0].rest()
    assert sorted(set(seen)) == seen
    await Worker(bus, [LISTENER], plan=plan, book=BOOK).settle()
    assert repeated == 0
    assert await bus.ask(scope, list_parked) == []
    assert await bus.ask(scope, all_heard) == {pad: list(range(1, 1002))}


class Diary:
    """Follows the log and remembers how far it came."""

    name = "diary"
    facts = frozenset({NoteTaken.name})

    def __init__(self) -> None:
        self.read: list[tuple[int, int]] = []
        self.kept = 0
        self.torn = 1

    async def position(self) -> int:
        return self.kept

    async def take(self, told: Sequence[Told[Any]], reached: int) -> None:
        self.read += [(one.seq, one.fact.nth) for one in told]
        if self.torn:
            self.torn -= 1
            raise OSError("the pen broke")
        self.kept = reached


async def test_a_follower_is_fed_in_order_and_again_after_a_failure(bus: Bus, scope: Scope) -> None:
    await bus.send(scope, TakeNotes(uuid4(), 1, 3))
    diary = Diary()
    worker = Worker(bus, [], plan=QUICK, book=BOOK, followers=[diary])
    running = asyncio.create_task(worker.run())
    await bus.send(scope, TakeNotes(uuid4(), 4, 3))
    async with asyncio.timeout(10):
        while diary.kept < 6:
            await worker.tail.beyond(worker.tail.top, 0.02)
    worker.stop()
    await running
    assert [nth for _, nth in diary.read][-6:][-3:] == [4, 5, 6]
    assert {seq for seq, _ in diary.read} == set(range(1, 7))
    assert len(diary.read) > 6


async def test_sweeps_go_tenant_by_tenant_and_trouble_in_one_stops_no_other(bus: Bus) -> None:
    tenants = [TenantId(uuid4()) for _ in range(3)]
    pads = {tenant: uuid4() for tenant in tenants}
    left = dict.fromkeys(tenants, 2)

    async def piece(bus: Bus, scope: Scope) -> int:
        if scope.tenant_id == tenants[0]:
            raise RuntimeError("broken")
        left[scope.tenant_id] -= 1
        await bus.send(scope, TakeNotes(pads[scope.tenant_id], 1))
        return left[scope.tenant_id]

    once = sweeping("once", 3600, lambda: TakeNotes(uuid4(), 1, 0))
    sweeps = [Sweep("pieces", 3600, piece), once]

    async def all_of_them() -> Sequence[TenantId]:
        return tenants

    sweeper = Sweeper(bus, sweeps, all_of_them, lambda: True)
    assert await sweeper.step() == 2
    assert left == {tenants[0]: 2, tenants[1]: 0, tenants[2]: 0}
    assert await sweeper.step() == 0


async def test_what_falls_due_between_two_rounds_is_swept_then(bus: Bus) -> None:
    tenants = [TenantId(uuid4()) for _ in range(2)]
    ends: dict[TenantId, list[float | None]] = {
        tenants[0]: [0.3, 0.0, 7200.0],
        tenants[1]: [None],
    }
    over, stop = asyncio.Event(), asyncio.Event()
    swept: list[TenantId] = []

    async def piece(bus: Bus, scope: Scope) -> int:
        swept.append(scope.tenant_id)
        return 0

    async def following(bus: Bus, scope: Scope) -> float | None:
        in_s = ends[scope.tenant_id].pop(0)
        if not any(ends.values()):
            over.set()
        return in_s

    async def all_of_them() -> Sequence[TenantId]:
        return tenants

    sweeper = Sweeper(bus, [Sweep("ends", 3600, piece, following)], all_of_them, lambda: True)
    running = asyncio.create_task(sweeper.run(stop))
    async with asyncio.timeout(20):
        await over.wait()
    stop.set()
    await running
    assert swept == [tenants[0], tenants[1], tenants[0], tenants[0]]


async def test_figures_tell_what_waits_and_what_died(bus: Bus, scope: Scope) -> None:
    Ear.deaf = {"mumble"}
    worker = Worker(bus, [LISTENER], plan=QUICK, book=BOOK)
    await worker.settle()
    await bus.send(scope, TakeNotes(uuid4(), 1, 2))
    assert (await worker.figures()).outbox_depth == 2
    await worker.sequencer.drain()
    await worker.sequencer.resign()
    figures = await worker.figures()
    assert (figures.outbox_depth, figures.last_seq, figures.lag) == (0, 2, {LISTENER.name: 2})
    await bus.send(scope, TakeNotes(uuid4(), 1, text="mumble"))
    for _ in range(6):
        await worker.settle()
        await asyncio.sleep(0.003)
    figures = await worker.figures()
    assert figures.lag == {LISTENER.name: 0}
    assert figures.dead_letters == {LISTENER.name: 1} == figures.parked_streams
    registry = CollectorRegistry()
    RelayGauges(registry).show(figures)
    shown = registry.get_sample_value("tradepost_dead_letters", {"consumer": LISTENER.name})
    assert shown == 1


async def test_a_consumer_from_now_leaves_history_alone(bus: Bus, scope: Scope) -> None:
    await bus.send(scope, TakeNotes(uuid4(), 1, 3))
    await Worker(bus, [], book=BOOK).settle()
    late = Consumer("test.late", LISTENER.facts, LISTENER.effect, from_now=True)
    worker = Worker(bus, [late], plan=QUICK, book=BOOK)
    await worker.settle()
    assert await bus.ask(scope, all_heard) == {}
    pad = uuid4()
    await bus.send(scope, TakeNotes(pad, 1, 2))
    await worker.settle()
    assert await bus.ask(scope, all_heard) == {pad: [1, 2]}


def test_a_reaction_says_by_its_hint_which_facts_it_is_for() -> None:
    def either(told: Told[NoteTaken | NoteHeard]) -> None: ...
    def other(told: Told[NoteTaken] | Told[NoteHeard]) -> None: ...

    assert facts_of(either) == [NoteTaken, NoteHeard] == facts_of(other)
