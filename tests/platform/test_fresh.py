"""A memory that asks once, is never too old, and never too large."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tradepost.platform.fresh import Fresh


class Source:
    """Counts how often it is asked; answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.values: dict[str, int] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.knocked = asyncio.Event()

    def of(self, key: str) -> Callable[[], Awaitable[int | None]]:
        async def look() -> int | None:
            self.asked.append(key)
            self.knocked.set()
            value = self.values.get(key)
            await self.gate.wait()
            return value

        return look


class Watch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_value_is_as_old_as_its_question() -> None:
    source, watch = Source(), Watch()
    fresh: Fresh[str, int] = Fresh(5.0, seconds=watch)
    source.values["a"] = 1
    source.gate.clear()
    waiting = asyncio.create_task(fresh.get("a", source.of("a")))
    await source.knocked.wait()
    watch.seconds = 3.0
    source.values["a"] = 2
    source.gate.set()
    assert await waiting == 1
    watch.seconds = 4.9
    assert await fresh.get("a", source.of("a")) == 1
    watch.seconds = 5.0
    assert await fresh.get("a", source.of("a")) == 2
    assert source.asked == ["a", "a"]


async def test_what_expires_while_it_is_looked_up_is_not_kept() -> None:
    source = Source()
    fresh: Fresh[str, int] = Fresh(5.0)
    source.values["a"] = 1
    source.gate.clear()
    waiting = asyncio.create_task(fresh.get("a", source.of("a")))
    await source.knocked.wait()
    fresh.expire("a")
    source.values["a"] = 2
    source.gate.set()
    assert await waiting == 1
    assert await fresh.get("a", source.of("a")) == 2


async def test_nothing_is_kept_only_where_it_is_wanted() -> None:
    source = Source()
    fresh: Fresh[str, int] = Fresh(5.0)
    wanted: Fresh[str, int] = Fresh(5.0, nothing=True)
    for memory in (fresh, fresh, wanted, wanted):
        assert await memory.get("a", source.of("a")) is None
    assert len(source.asked) == 3
    wanted.expire_where(lambda value: value is None)
    assert await wanted.get("a", source.of("a")) is None
    assert len(source.asked) == 4


async def test_a_failure_is_told_to_all_and_not_kept() -> None:
    fresh: Fresh[str, int] = Fresh(5.0)
    tries = 0

    async def fail() -> int:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0)
        raise OSError("away")

    answers = await asyncio.gather(
        *(fresh.get("a", fail) for _ in range(3)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [OSError] * 3
    with pytest.raises(OSError, match="away"):
        await fresh.get("a", fail)
    assert tries == 2


async def test_who_gives_up_waiting_spoils_it_for_nobody() -> None:
    source = Source()
    source.values["a"] = 1
    source.gate.clear()
    fresh: Fresh[str, int] = Fresh(5.0)
    first = asyncio.create_task(fresh.get("a", source.of("a")))
    second = asyncio.create_task(fresh.get("a", source.of("a")))
    await source.knocked.wait()
    first.cancel()
    source.gate.set()
    assert await second == 1
    assert source.asked == ["a"]


async def test_the_oldest_make_room() -> None:
    source, watch = Source(), Watch()
    fresh: Fresh[str, int] = Fresh(5.0, kept_max=3, seconds=watch)
    for number in range(10):
        source.values[str(number)] = number
        assert await fresh.get(str(number), source.of(str(number))) == number
        assert len(fresh) <= 3
    assert fresh.last("9") == 9
    assert fresh.last("0") is None
