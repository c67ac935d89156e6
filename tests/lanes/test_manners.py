"""What many want gives way to the rest: small batches, rests in between, a shorter queue."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.lanes.pads import Desk, Taken, TakeNote, person
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import TenantId
from tradepost.platform.bus import Bus
from tradepost.platform.granting import Stamped
from tradepost.platform.lanes import LaneFull, LaneLimits, Lanes, Manners
from tradepost.platform.patience import STEP_ASIDE

HOT = "hot"


class ByText:
    """Parts the notes that say they are hot."""

    async def before(self, wish: Stamped) -> str | Refusal:
        assert isinstance(wish.command, TakeNote)
        return HOT if wish.command.text.startswith(HOT) else ""

    def after(self, wish: Stamped, answer: Any, since: float) -> None: ...


def sent(bus: Bus, tenant_id: TenantId, text: str, count: int) -> list[asyncio.Task[Any]]:
    """So many notes of as many people, all at once."""
    return [
        asyncio.create_task(
            bus.send(person(tenant_id, n), TakeNote(f"{text} {n}"), key=f"{text}-key-{n:012}")
        )
        for n in range(count)
    ]


def hot_batches(desk: Desk) -> list[int]:
    return [len(batch) for batch in desk.batches if batch[0].startswith(HOT)]


async def test_what_is_hot_holds_back_only_beside_others(
    bus: Bus, desk: Desk, tenant_id: TenantId
) -> None:
    Lanes(bus, usher=ByText(), manners=Manners(batch_max=8, rest_times=1000.0, rest_s_max=0.05))
    await asyncio.gather(*sent(bus, tenant_id, HOT, 64))
    assert hot_batches(desk) == [64], "nobody else is there"
    desk.batches.clear()
    await asyncio.gather(*sent(bus, tenant_id, "cold", 1), *sent(bus, tenant_id, "hot too", 24))
    assert hot_batches(desk) == [8, 8, 8]


async def test_who_waits_for_what_is_hot_takes_no_room_from_others(
    bus: Bus, desk: Desk, tenant_id: TenantId
) -> None:
    stepped_aside: list[str] = []
    STEP_ASIDE.set(lambda: stepped_aside.append("one"))
    Lanes(bus, usher=ByText())
    await asyncio.gather(*sent(bus, tenant_id, "cold", 3))
    assert stepped_aside == []
    await asyncio.gather(*sent(bus, tenant_id, HOT, 5))
    assert stepped_aside == ["one"] * 5


async def test_others_are_served_while_what_is_hot_rests(
    bus: Bus, desk: Desk, tenant_id: TenantId
) -> None:
    Lanes(bus, usher=ByText(), manners=Manners(batch_max=4, rest_times=1000.0, rest_s_max=0.2))
    first = sent(bus, tenant_id, "cold", 1)
    hot = sent(bus, tenant_id, HOT, 12)
    await asyncio.gather(*first)
    for n in range(3):
        await bus.send(person(tenant_id, n), TakeNote("cold again"))
    assert not all(one.done() for one in hot), "the others did not wait for it"
    answers = await asyncio.gather(*hot)
    assert [one.text for one in answers] == [f"hot {n}" for n in range(12)]


async def test_what_is_hot_cannot_fill_the_house(bus: Bus, desk: Desk, tenant_id: TenantId) -> None:
    Lanes(bus, LaneLimits(queue_max=20, parted_queue_max=5), usher=ByText())
    hot, cold = sent(bus, tenant_id, HOT, 8), sent(bus, tenant_id, "cold", 8)
    answers = await asyncio.gather(*hot, *cold, return_exceptions=True)
    assert [type(one) for one in answers] == [Taken] * 5 + [LaneFull] * 3 + [Taken] * 8
    assert isinstance(answers[5], LaneFull) and answers[5].retry_after_s >= 1


async def test_nobody_rests_at_the_end(bus: Bus, desk: Desk, tenant_id: TenantId) -> None:
    manners = Manners(batch_max=1, rest_times=1e9, rest_s_max=60.0)
    lanes = Lanes(bus, usher=ByText(), manners=manners)
    answers = [*sent(bus, tenant_id, "cold", 1), *sent(bus, tenant_id, HOT, 5)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await lanes.close()
    assert all(isinstance(one.result(), Taken) for one in answers)
