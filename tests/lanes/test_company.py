"""Shoppers who ask again and again find together, and nobody waits for who is gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from tests.lanes.pads import TakeNote
from tradepost.platform.granting import Stamped
from tradepost.platform.idempotency import AskedId
from tradepost.platform.lanes import LaneLimits
from tradepost.platform.lanes.company import GATHER_S_MAX, Company
from tradepost.platform.lanes.figures import Uncounted
from tradepost.platform.lanes.lane import Lane
from tradepost.platform.lanes.turns import Manners, Turns


async def test_those_who_ask_again_find_together() -> None:
    """A batch takes 20 ms here, and the four come back one millisecond after the other."""
    sizes: list[int] = []

    async def grant(batch: Sequence[Stamped]) -> tuple[list[Any], set[AskedId]]:
        sizes.append(len(batch))
        await asyncio.sleep(0.02)
        return [None] * len(batch), set()

    turns = Turns(1, 256, Manners())
    lane = Lane("note", grant, turns.common, LaneLimits(), Uncounted(), Company())
    running: list[asyncio.Task[None]] = []

    async def shopper(number: int) -> None:
        for _ in range(20):
            await asyncio.sleep(number / 2000)
            told = lane.join(Stamped(TakeNote("note"), None))
            if not running or running[-1].done():
                running.append(asyncio.create_task(lane.run()))
            await told

    await asyncio.gather(*(shopper(number) for number in range(4)))
    await asyncio.gather(*running)
    assert sum(sizes) == 80
    assert sizes.count(4) > len(sizes) / 2, sizes


async def test_who_is_alone_waits_for_nobody() -> None:
    company = Company()
    began = time.monotonic()
    for _ in range(100):
        await company.gathered(1)
        company.over(1, 0, 1.0)
    assert time.monotonic() - began < GATHER_S_MAX * 50


async def test_who_does_not_come_again_is_waited_for_once_and_briefly() -> None:
    company = Company()
    company.over(5, 0, 1.0)
    waits: list[float] = []
    for _ in range(3):
        began = time.monotonic()
        await company.gathered(1)
        waits.append(time.monotonic() - began)
        company.over(1, 0, 1.0)
    assert waits[0] >= GATHER_S_MAX * 0.9
    assert max(waits[1:]) < GATHER_S_MAX


async def test_the_last_of_those_who_are_about_ends_the_wait() -> None:
    company = Company()
    company.over(3, 0, 1.0)
    waiting: Sequence[Any] = [asyncio.create_task(company.gathered(1))]
    await asyncio.sleep(0)
    company.joined(2)
    await asyncio.sleep(0)
    assert not waiting[0].done()
    company.joined(3)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert waiting[0].done()


async def test_a_stream_of_wishes_keeps_no_batch_waiting() -> None:
    """Somebody more in each round of a slow loop: the first are served all the same."""
    began, served = time.monotonic(), []

    async def grant(batch: Sequence[Stamped]) -> tuple[list[Any], set[AskedId]]:
        served.append((len(batch), time.monotonic() - began))
        await asyncio.sleep(0.5)
        return [None] * len(batch), set()

    turns = Turns(1, 256, Manners())
    lane = Lane("note", grant, turns.common, LaneLimits(), Uncounted(), Company())
    told = [lane.join(Stamped(TakeNote("note"), None))]
    running = asyncio.create_task(lane.run())
    for _ in range(100):
        told.append(lane.join(Stamped(TakeNote("note"), None)))
        asyncio.get_running_loop().call_soon(time.sleep, 0.002)  # what other requests take of it
        await asyncio.sleep(0)
    await asyncio.gather(running, *told)
    assert served[0][0] < 50 and served[0][1] < 0.1, served
