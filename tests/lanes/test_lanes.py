"""Lanes on both stores: order, keys inside a batch, poison, bounds, callers that leave, the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from tests.lanes.pads import Broken, Desk, EmptyNote, Taken, TakeNote, Unheard, bus_of, person, told
from tradepost.kernel.ids import TenantId
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import RuleBroken, StoreBusy
from tradepost.platform.db.work import Store
from tradepost.platform.granting import Stamped
from tradepost.platform.idempotency import REPLAYED, AskedId, KeyReused
from tradepost.platform.lanes import LaneFull, LaneLimits, Lanes
from tradepost.platform.lanes.company import Company
from tradepost.platform.lanes.figures import Uncounted
from tradepost.platform.lanes.lane import Lane
from tradepost.platform.lanes.turns import Manners, Turns
from tradepost.platform.web.problem import problem_of


async def all_at_once(bus: Bus, tenant_id: TenantId, *texts: str) -> list[Any]:
    """The answers to notes of as many people, in the order in which they came."""
    sent = (
        bus.send(person(tenant_id, n), TakeNote(text), key=f"key-{n:012}")
        for n, text in enumerate(texts)
    )
    return await asyncio.gather(*sent, return_exceptions=True)


async def test_what_comes_together_is_granted_together_in_order(
    bus: Bus, desk: Desk, tenant_id: TenantId
) -> None:
    Lanes(bus)
    texts = [f"note {n}" for n in range(20)]
    answers = await all_at_once(bus, tenant_id, *texts)
    assert [answer.text for answer in answers] == texts
    assert desk.batches == [texts]
    assert [row[3] for row in await told(bus, tenant_id)] == [answer.id for answer in answers]


async def test_a_wish_that_comes_alone_is_granted_alone(
    bus: Bus, desk: Desk, tenant_id: TenantId
) -> None:
    Lanes(bus)
    for n in range(3):
        await bus.send(person(tenant_id, n), TakeNote(f"note {n}"), key=f"key-{n:012}")
    assert desk.batches == [["note 0"], ["note 1"], ["note 2"]]


async def test_facts_and_keys_stay_those_of_the_person(bus: Bus, tenant_id: TenantId) -> None:
    Lanes(bus)
    same_key = "the-same-key-for-all"
    people = [person(tenant_id, n) for n in range(5)]
    sent = (bus.send(one, TakeNote("mine"), key=same_key) for one in people)
    notes = await asyncio.gather(*sent)
    expected = [
        (one.actor.kind, one.actor.id, one.request_id, note.id)
        for one, note in zip(people, notes, strict=True)
    ]
    assert await told(bus, tenant_id) == expected
    assert await bus.send(people[3], TakeNote("mine"), key=same_key) == notes[3]


IMPOSSIBLE: dict[str, type[Exception]] = {
    "defect": Broken,
    "broken rule": RuleBroken,
    "unheard": Unheard,
    "blank": EmptyNote,
}


@pytest.mark.parametrize("place", [0, 1, 6, 11, 12])
@pytest.mark.parametrize("text", IMPOSSIBLE)
async def test_one_impossible_wish_spoils_nobody_elses(
    bus: Bus, desk: Desk, tenant_id: TenantId, text: str, place: int
) -> None:
    Lanes(bus)
    texts = [f"note {n}" for n in range(13)]
    texts[place] = text
    answers = await all_at_once(bus, tenant_id, *texts)
    assert isinstance(answers[place], IMPOSSIBLE[text])
    rest = [one for n, one in enumerate(answers) if n != place]
    assert [one.text for one in rest] == [one for one in texts if one != text]
    assert [row[3] for row in await told(bus, tenant_id)] == [one.id for one in rest]
    assert len(desk.batches) <= 9, "halves of halves: two for each time that 13 can be halved"


async def test_a_batch_of_nothing_but_poison_is_refused_one_by_one(
    bus: Bus, tenant_id: TenantId
) -> None:
    Lanes(bus)
    answers = await all_at_once(bus, tenant_id, "defect", "unheard", "broken rule", "defect")
    kinds = [type(one) for one in answers]
    assert kinds == [Broken, Unheard, RuleBroken, Broken]
    assert await told(bus, tenant_id) == []


async def test_a_key_twice_in_a_batch_has_one_effect(bus: Bus, tenant_id: TenantId) -> None:
    Lanes(bus)
    one = person(tenant_id, 1)

    async def sent(text: str, key: str) -> tuple[Any, bool]:
        answer = await bus.send(one, TakeNote(text), key=key)
        return answer, REPLAYED.get()

    key = "k" * 16
    before = await bus.send(one, TakeNote("was"), key="w" * 16)
    told_of = await asyncio.gather(
        sent("a", key),
        sent("a", key),
        sent("b", key),
        sent("was", "w" * 16),
        sent("was not", "w" * 16),
        return_exceptions=True,
    )
    (first, _), (again, _), reused, (was, replayed), was_not = told_of  # type: ignore[misc]
    assert first == again and first.text == "a"
    assert isinstance(reused, KeyReused) and isinstance(was_not, KeyReused)
    assert was == before and replayed
    assert [row[3] for row in await told(bus, tenant_id)] == [before.id, first.id]


async def test_two_shops_at_once_share_no_batch(bus: Bus, desk: Desk, tenant_id: TenantId) -> None:
    Lanes(bus)
    other = TenantId(uuid4())
    ours, theirs = await asyncio.gather(
        all_at_once(bus, tenant_id, "ours", "ours too"), all_at_once(bus, other, "theirs", "blank")
    )
    assert sorted(desk.batches) == [["ours", "ours too"], ["theirs", "blank"]]
    assert [row[3] for row in await told(bus, tenant_id)] == [one.id for one in ours]
    assert [row[3] for row in await told(bus, other)] == [theirs[0].id]


async def test_a_caller_who_leaves_undoes_nobody_elses(
    bus: Bus, desk: Desk, tenant_id: TenantId
) -> None:
    Lanes(bus)
    tasks = [
        asyncio.create_task(
            bus.send(person(tenant_id, n), TakeNote(f"note {n}"), key=f"key-{n:012}")
        )
        for n in range(6)
    ]
    await asyncio.sleep(0)
    tasks[1].cancel()  # before its batch is taken
    await asyncio.to_thread(desk.begun.wait)
    tasks[4].cancel()  # while its batch runs
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    left = [n for n, one in enumerate(answers) if isinstance(one, asyncio.CancelledError)]
    assert left in ([1, 4], [1])  # who is answered already cannot leave any more
    assert len(await told(bus, tenant_id)) == 5
    again = await bus.send(person(tenant_id, 4), TakeNote("note 4"), key=f"key-{4:012}")
    assert isinstance(again, Taken) and len(await told(bus, tenant_id)) == 5


async def test_too_many_are_told_to_come_back(bus: Bus, tenant_id: TenantId) -> None:
    Lanes(bus, LaneLimits(queue_max=3))
    answers = await all_at_once(bus, tenant_id, *(f"note {n}" for n in range(5)))
    assert [type(one) for one in answers] == [Taken, Taken, Taken, LaneFull, LaneFull]
    shown = problem_of(answers[-1])
    assert shown.status == 503 and int(shown.headers["retry-after"]) >= 1
    assert shown.body["code"] == "platform.lane_full"
    assert len(await told(bus, tenant_id)) == 3


async def test_who_has_waited_too_long_is_told_so_and_nothing_is_done(
    bus: Bus, tenant_id: TenantId
) -> None:
    Lanes(bus, LaneLimits(wait_s_max=-1.0))
    answers = await all_at_once(bus, tenant_id, "late", "too late")
    assert [type(one) for one in answers] == [LaneFull, LaneFull]
    assert await told(bus, tenant_id) == []


async def test_batches_are_no_larger_than_they_may_be(
    bus: Bus, desk: Desk, tenant_id: TenantId
) -> None:
    Lanes(bus, LaneLimits(batch_max=4))
    texts = [f"note {n}" for n in range(10)]
    await all_at_once(bus, tenant_id, *texts)
    assert desk.batches == [texts[:4], texts[4:8], texts[8:]]


async def test_whoever_waits_at_the_end_is_still_answered(bus: Bus, tenant_id: TenantId) -> None:
    lanes = Lanes(bus, LaneLimits(batch_max=2))
    sent = asyncio.create_task(all_at_once(bus, tenant_id, *(f"note {n}" for n in range(7))))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await lanes.close()
    with pytest.raises(StoreBusy):
        await bus.send(person(tenant_id, 9), TakeNote("late"), key="l" * 16)
    assert all(isinstance(one, Taken) for one in await sent)
    assert len(await told(bus, tenant_id)) == 7


async def test_two_processes_share_the_rows(store: Store, tenant_id: TenantId) -> None:
    """Each gathers for itself; a key that came to both has one effect."""
    first, second = bus_of(store, Desk()), bus_of(store, Desk())
    Lanes(first)
    Lanes(second)
    texts = [f"note {n}" for n in range(40)]
    here, there = await asyncio.gather(
        all_at_once(first, tenant_id, *texts), all_at_once(second, tenant_id, *texts)
    )
    assert here == there
    assert {row[3] for row in await told(first, tenant_id)} == {one.id for one in here}
    assert len(await told(first, tenant_id)) == 40


async def test_nobody_waits_for_ever_behind_a_lane_that_is_ended(tenant_id: TenantId) -> None:
    """Also not the second half of a batch whose first half was cut short."""

    async def grant(batch: Sequence[Stamped]) -> tuple[list[Any], set[AskedId]]:
        if len(batch) == 4:
            raise Broken
        raise asyncio.CancelledError

    turns = Turns(1, 256, Manners())
    lane = Lane("note", grant, turns.common, LaneLimits(), Uncounted(), Company())
    told = [lane.join(Stamped(TakeNote(f"note {n}"), None)) for n in range(4)]
    with pytest.raises(asyncio.CancelledError):
        await lane.run()
    assert all(isinstance(one.exception(), StoreBusy) for one in told if one.done())
    assert all(one.done() for one in told)


async def test_who_would_come_too_late_is_told_so_at_once() -> None:
    """A batch of two takes a tenth of a second here, and nobody may wait for three of them."""

    async def grant(batch: Sequence[Stamped]) -> tuple[list[Any], set[AskedId]]:
        await asyncio.sleep(0.1)
        return [None] * len(batch), set()

    limits = LaneLimits(wait_s_max=0.25)
    lane = Lane("note", grant, Turns(1, 2, Manners()).common, limits, Uncounted(), Company())
    wish = Stamped(TakeNote("note"), None)
    running = [lane.join(wish) for _ in range(6)]
    granting = asyncio.create_task(lane.run())
    await running[2]  # the first batch says nothing: it may have had to make plans
    with pytest.raises(LaneFull) as full:
        running.extend(lane.join(wish) for _ in range(20))
    assert 4 <= full.value.waiting <= 8 and full.value.retry_after_s == 1
    await granting
    await asyncio.gather(*running, return_exceptions=True)
