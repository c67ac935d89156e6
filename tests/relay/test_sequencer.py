"""Facts get dense numbers in the order of their documents, whoever fails on the way."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.relay.notes import TakeNotes
from tradepost.kernel.clock import SystemClock
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store, Work
from tradepost.platform.outbox import shard_of
from tradepost.platform.relay import sequencer as module
from tradepost.platform.relay.log import Logged, after
from tradepost.platform.relay.sequencer import Sequencer, last_seq
from tradepost.platform.relay.tail import LogTail

only_postgresql = pytest.mark.parametrize("store", ["postgresql"], indirect=True)
"""What a store with one writer cannot show: writers side by side."""


async def whole_log(store: Store) -> list[Logged]:
    return await store.relay_read(lambda db: after(db, 0, 100_000))


def test_outbox_numbers_are_drawn_one_by_one() -> None:
    from tradepost.platform.outbox import outbox

    identity = outbox.c.id.identity
    assert identity is not None and identity.cache == 1


async def test_facts_are_numbered_densely_in_order(bus: Bus, scope: Scope) -> None:
    store = bus.store
    pads = [uuid4() for _ in range(20)]
    for first in range(1, 60, 5):
        await asyncio.gather(*(bus.send(scope, TakeNotes(pad, first, 5)) for pad in pads))
    sequencer = Sequencer(store, SystemClock(), batch=64)
    assert await sequencer.drain() == 20 * 60
    rows = await whole_log(store)
    assert [row.seq for row in rows] == list(range(1, 20 * 60 + 1))
    for pad in pads:
        mine = [row for row in rows if row.stream_id == pad]
        assert [row.version for row in mine] == list(range(1, 61))
        assert {row.shard for row in mine} == {shard_of(pad)}
    assert await sequencer.move() == 0
    assert await store.relay_read(last_seq) == len(rows)
    await sequencer.resign()


async def test_an_undone_move_leaves_no_gap(
    bus: Bus, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bus.send(scope, TakeNotes(uuid4(), 1, 10))
    sequencer = Sequencer(bus.store, SystemClock())
    assert await sequencer.lead()
    with monkeypatch.context() as patched:

        def burst(name: str) -> None:
            if name == "relay.before_commit":
                raise OSError("the disk is gone")

        patched.setattr(module, "reach", burst)
        with pytest.raises(Exception, match="disk is gone"):
            await sequencer.move()
    assert await whole_log(bus.store) == []
    assert await sequencer.drain() == 10
    assert [row.seq for row in await whole_log(bus.store)] == list(range(1, 11))
    await sequencer.resign()


@only_postgresql
async def test_a_slow_transaction_is_late_but_never_lost(bus: Bus, scope: Scope) -> None:
    """Its outbox number is lower than those of others that are in the log already."""
    begun, go_on = asyncio.Event(), asyncio.Event()
    slow_pad, fast_pad = uuid4(), uuid4()

    async def slowly(work: Work) -> None:
        await bus.grant(work, scope, [TakeNotes(slow_pad, 1, 1, at=SystemClock().now())])
        await work.flush()
        begun.set()
        await go_on.wait()

    slow = asyncio.create_task(bus.within(scope, slowly))
    await begun.wait()
    await bus.send(scope, TakeNotes(fast_pad, 1, 1))
    sequencer = Sequencer(bus.store, SystemClock())
    assert await sequencer.drain() == 1
    go_on.set()
    await slow
    assert await sequencer.drain() == 1
    rows = await whole_log(bus.store)
    assert [(row.seq, row.stream_id) for row in rows] == [(1, fast_pad), (2, slow_pad)]
    await sequencer.resign()


@only_postgresql
async def test_one_leads_and_the_next_takes_over(store: Store) -> None:
    first = Sequencer(store, SystemClock())
    second = Sequencer(store, SystemClock())
    assert await first.lead()
    assert not await second.lead()
    await first.resign()
    assert await second.lead()
    await second.resign()


async def test_it_runs_by_itself_and_wakes_the_tail(bus: Bus) -> None:
    tail = LogTail(bus.store)
    sequencer = Sequencer(bus.store, SystemClock(), on_moved=tail.wake.poke)
    bus.after_commit = sequencer.wake.poke
    stop = asyncio.Event()
    running = [asyncio.create_task(part.run(stop)) for part in (tail, sequencer)]
    for nth in range(1, 31):
        scope = Scope(TenantId(uuid4()), SYSTEM)
        await bus.send(scope, TakeNotes(uuid4(), 1))
        assert await tail.beyond(nth - 1, 5)
    assert [row.seq for row in await tail.read(0, 100)] == list(range(1, 31))
    assert [row.seq for row in await tail.read(28, 100)] == [29, 30]
    stop.set()
    await asyncio.gather(*running)
