"""Checkouts over HTTP from processes that are killed at every step: each key has one order."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.chaos.house import House, Shoppers, opened

pytestmark = pytest.mark.acceptance

STEPS = ("before_work", "before_flush", "before_commit", "after_commit")
"""Nothing begun; stock taken, rows to be written; all written; committed and not answered."""
CROWD = 200
STOCK = 150


@pytest.fixture(params=["sqlite", "postgresql"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """A shop with a little of two articles."""
    kind = request.param
    url = None if kind == "sqlite" else request.getfixturevalue("postgres_url")
    async with opened(kind, tmp_path, url, {"mug": 1000, "lamp": STOCK}) as made:
        yield made


@pytest.mark.parametrize(
    ("house", "steps"),
    [("sqlite", ["before_flush"]), ("postgresql", ["after_commit"])],
    indirect=["house"],
)
async def test_a_checkout_is_killed(house: House, steps: list[str]) -> None:
    await killed(house, steps)


@pytest.mark.acceptance
async def test_a_checkout_is_killed_at_every_step(house: House) -> None:
    await killed(house, STEPS)


async def killed(house: House, steps: Sequence[str]) -> None:
    """A process dies at each step, then one with two hundred waiting; then everybody comes back."""
    shoppers = Shoppers(house, [0])
    keys = {step: f"killed-{step}-0001" for step in steps}
    for step, key in keys.items():
        async with house.serving(f"bus.{step}@PlaceOrder") as server:
            shoppers.ports = [server.port]
            assert await shoppers.once(key, "mug", 2) is None
            assert await server.ended() == -signal.SIGKILL
    crowd = [f"crowd-{n:04}-of-the-sale" for n in range(CROWD)]
    async with house.serving("bus.before_commit@PlaceOrder") as server:
        shoppers.ports = [server.port]
        unheard = await asyncio.gather(*(shoppers.once(key, "lamp") for key in crowd))
        assert all(one is None or one.status == 503 for one in unheard)
        assert await server.ended() == -signal.SIGKILL
    async with house.serving() as server:
        shoppers.ports = [server.port]
        sys.stdout.write(f"{house.kind}: {await first_answer_s(server.began, shoppers):.2f} s\n")
        for step, key in keys.items():
            await come_back(shoppers, key, done_before=step == "after_commit")
        answers = await asyncio.gather(*(shoppers.order(key, "lamp") for key in crowd))
    statuses = [one.status for one in answers if one is not None]
    assert (statuses.count(201), statuses.count(409)) == (STOCK, CROWD - STOCK)
    ids = {one.json["id"] for one in answers if one is not None and one.status == 201}
    assert len(ids) == STOCK
    assert await house.broken_laws() == []


async def first_answer_s(began: float, shoppers: Shoppers) -> float:
    """Seconds from the start of a process to its first order."""
    answer = await shoppers.once("the-first-answer-1", "mug")
    assert answer is not None and answer.status == 201, answer
    return time.monotonic() - began


async def come_back(shoppers: Shoppers, key: str, *, done_before: bool) -> None:
    """Ask again under a key, and again: the order is there once, and told alike."""
    answer = await shoppers.once(key, "mug", 2)
    assert answer is not None and answer.status == 201
    assert answer.headers.get("idempotent-replayed") == ("true" if done_before else None)
    again = await shoppers.once(key, "mug", 2)
    assert again is not None and again.body == answer.body
    assert again.headers["idempotent-replayed"] == "true"
