"""Every fact has its effect once, in the order of its document, whatever is delivered twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from tests.relay.notes import BOOK, LISTENER, Ear, TakeNotes, all_heard
from tradepost.kernel.clock import EPOCH, SystemClock
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.leases import Fenced
from tradepost.platform.consumers.letters import (
    dead_letter,
    list_dead_letters,
    list_parked,
    pass_dead_letter,
    replay_dead_letter,
)
from tradepost.platform.consumers.parked import Patience
from tradepost.platform.consumers.tables import DeadLetter
from tradepost.platform.db.statement import AcrossTenants, platform_update
from tradepost.platform.db.work import Work
from tradepost.platform.outbox import event_log
from tradepost.platform.relay.tables import leases
from tradepost.platform.worker import Worker, WorkerPlan

QUICKLY = Patience(tries_max=3, first_s=0.001, factor=1.0, look=timedelta(0))
QUICK = WorkerPlan(lease_s=5, patience=QUICKLY)
_REWIND = AcrossTenants(platform_update(leases).values(acked_seq=0))


def worker_of(bus: Bus, plan: WorkerPlan = QUICK) -> Worker:
    return Worker(bus, [LISTENER], plan=plan, book=BOOK)


async def settle(worker: Worker, times: int = 8) -> None:
    """Settle again and again, so that what failed is tried as often as it may be."""
    for _ in range(times):
        await worker.settle()
        await asyncio.sleep(0.003)


async def by_hand(change: Callable[..., Awaitable[object]], letter: DeadLetter, work: Work) -> None:
    await change(work, letter.consumer, letter.event_id, SystemClock().now())


async def test_each_note_is_heard_once_and_in_order(bus: Bus) -> None:
    scopes = [Scope(TenantId(uuid4()), SYSTEM) for _ in range(3)]
    pads = [uuid4() for _ in range(10)]
    for first in (1, 11, 21):
        for scope in scopes:
            for pad in pads:
                await bus.send(scope, TakeNotes(pad, first, 10))
    worker = worker_of(bus)
    await worker.settle()
    for scope in scopes:
        assert await bus.ask(scope, all_heard) == {pad: list(range(1, 31)) for pad in pads}
    assert worker.runners[0].tally.handled == 900


async def test_facts_delivered_again_have_no_second_effect(bus: Bus, scope: Scope) -> None:
    pad = uuid4()
    await bus.send(scope, TakeNotes(pad, 1, 7))
    await worker_of(bus).settle()
    await bus.store.relay_write(lambda work: work.run(_REWIND))
    again = worker_of(bus)
    await again.settle()
    assert again.runners[0].tally.repeated == 7
    assert await bus.ask(scope, all_heard) == {pad: list(range(1, 8))}


async def test_a_failing_fact_holds_back_its_document_only(bus: Bus, scope: Scope) -> None:
    bad, good = uuid4(), uuid4()
    Ear.deaf = {"mumble"}
    for nth in range(1, 5):
        await bus.send(scope, TakeNotes(bad, nth, text="mumble" if nth == 2 else ""))
        await bus.send(scope, TakeNotes(good, nth))
    worker = worker_of(bus)
    await settle(worker)
    assert await bus.ask(scope, all_heard) == {bad: [1], good: [1, 2, 3, 4]}
    (letter,) = await bus.ask(scope, list_dead_letters)
    assert (letter.consumer, letter.seq, letter.tries) == ("test.listener", 3, 3)
    assert "Nobody can hear mumble" in letter.error
    view = await bus.ask(scope, dead_letter, letter.consumer, letter.event_id)
    assert '"nth":2' in view.body

    Ear.deaf = set()
    await settle(worker, 2)
    assert await bus.ask(scope, all_heard) == {bad: [1], good: [1, 2, 3, 4]}
    await bus.within(scope, partial(by_hand, replay_dead_letter, letter))
    await worker.settle()
    assert await bus.ask(scope, all_heard) == {bad: [1, 2, 3, 4], good: [1, 2, 3, 4]}
    assert await bus.ask(scope, list_dead_letters) == []
    assert await bus.ask(scope, list_parked) == []
    await bus.send(scope, TakeNotes(bad, 5))
    await worker.settle()
    assert (await bus.ask(scope, all_heard))[bad] == [1, 2, 3, 4, 5]


async def test_a_dead_letter_can_be_let_pass(bus: Bus, scope: Scope) -> None:
    pad = uuid4()
    Ear.deaf = {"mumble", "again"}
    for nth, text in enumerate(["", "mumble", "", "again", ""], 1):
        await bus.send(scope, TakeNotes(pad, nth, text=text))
    worker = worker_of(bus)
    for heard in ([1, 3], [1, 3, 5]):
        await settle(worker)
        (letter,) = await bus.ask(scope, list_dead_letters)
        await bus.within(scope, partial(by_hand, pass_dead_letter, letter))
        await worker.settle()
        assert await bus.ask(scope, all_heard) == {pad: heard}
    assert await bus.ask(scope, list_dead_letters) == []
    assert await bus.ask(scope, list_parked) == []


async def test_another_tenant_does_not_see_dead_letters(bus: Bus, scope: Scope) -> None:
    Ear.deaf = {"mumble"}
    await bus.send(scope, TakeNotes(uuid4(), 1, text="mumble"))
    await settle(worker_of(bus))
    assert len(await bus.ask(scope, list_dead_letters)) == 1
    other = Scope(TenantId(uuid4()), SYSTEM)
    assert await bus.ask(other, list_dead_letters) == []
    assert await bus.ask(other, list_parked) == []


@pytest.mark.parametrize("change", [{"name": "note.folded"}, {"schema": 2}, {"body": "{}"}])
async def test_what_cannot_be_read_is_a_dead_letter(
    bus: Bus, scope: Scope, change: dict[str, object]
) -> None:
    pad, other = uuid4(), uuid4()
    await bus.send(scope, TakeNotes(pad, 1, 2))
    await bus.send(scope, TakeNotes(other, 1, 2))
    worker = worker_of(bus)
    await worker.sequencer.drain()
    spoil = platform_update(event_log).where(event_log.c.seq == 2).values(**change)
    await bus.store.relay_write(lambda work: work.run(AcrossTenants(spoil)))
    await worker.settle()
    (letter,) = await bus.ask(scope, list_dead_letters)
    assert letter.seq == 2
    assert await bus.ask(scope, all_heard) == {pad: [1], other: [1, 2]}


async def test_a_worker_whose_lease_has_passed_changes_nothing(bus: Bus, scope: Scope) -> None:
    pad = uuid4()
    await bus.send(scope, TakeNotes(pad, 1, 3))
    sleeper = worker_of(bus)
    await sleeper.sequencer.drain()
    await sleeper.sequencer.resign()
    await sleeper.tail.follow()
    (runner,) = sleeper.runners
    await runner.leases.keep()
    taken = platform_update(leases).values(owner="", epoch=leases.c.epoch + 1, until_at=EPOCH)
    await bus.store.relay_write(lambda work: work.run(AcrossTenants(taken)))
    with pytest.raises(Fenced):
        await runner.step(0)
    assert await bus.ask(scope, all_heard) == {}
    await worker_of(bus).settle()
    assert await bus.ask(scope, all_heard) == {pad: [1, 2, 3]}


async def test_a_worker_runs_and_stops(bus: Bus, scope: Scope) -> None:
    worker = worker_of(bus)
    running = asyncio.create_task(worker.run())
    pad = uuid4()
    for nth in range(1, 21):
        await bus.send(scope, TakeNotes(pad, nth))
    async with asyncio.timeout(10):
        while len((await bus.ask(scope, all_heard)).get(pad, [])) < 20:
            await worker.tail.beyond(worker.tail.top, 0.02)
    assert await bus.ask(scope, all_heard) == {pad: list(range(1, 21))}
    worker.stop()
    await asyncio.wait_for(running, 5)
    assert worker.runners[0].leases.held == {}
