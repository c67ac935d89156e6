"""Messages of the moment: heard by those who listen, between processes too, and kept nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest

from tradepost.kernel.ids import OrderId, TenantId
from tradepost.platform.live import Live, Position, Positions
from tradepost.platform.live.live import LAST_MAX, LAST_S
from tradepost.platform.live.positions import position_topic

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _tenant() -> TenantId:
    return TenantId(uuid4())


async def test_a_topic_is_heard_by_its_tenant_only_and_while_one_listens() -> None:
    live, here, there = Live(), _tenant(), _tenant()
    heard: list[bytes] = []
    with live.subscribe(here, "a", heard.append):
        await live.publish(here, "a", b"1")
        await live.publish(here, "b", b"2")
        await live.publish(there, "a", b"3")
    await live.publish(here, "a", b"4")
    assert heard == [b"1"]
    assert live.last(here, "a") == b"4"
    assert live.last(there, "b") is None


async def test_the_last_message_grows_old_and_can_be_ended() -> None:
    now = 0.0
    live, tenant = Live(seconds=lambda: now), _tenant()
    await live.publish(tenant, "a", b"1")
    await live.publish(tenant, "b", b"2")
    await live.end(tenant, "b")
    assert (live.last(tenant, "a"), live.last(tenant, "b")) == (b"1", None)
    now = LAST_S
    assert live.last(tenant, "a") is None


async def test_no_more_last_messages_are_kept_than_there_is_room_for() -> None:
    live, tenant = Live(), _tenant()
    for number in range(LAST_MAX + 1):
        await live.publish(tenant, str(number), b"x")
    assert live.last(tenant, "0") is None
    assert live.last(tenant, "1") == b"x"


async def test_a_listener_that_fails_harms_nobody() -> None:
    live, tenant = Live(), _tenant()
    heard: list[bytes] = []

    def fails(payload: bytes) -> None:
        raise ValueError

    with live.subscribe(tenant, "a", fails), live.subscribe(tenant, "a", heard.append):
        await live.publish(tenant, "a", b"1")
    assert heard == [b"1"]


async def test_a_position_is_told_and_ended() -> None:
    live, tenant, order = Live(), _tenant(), OrderId(uuid4())
    positions = Positions(live)
    await positions.report(tenant, order, Position(35_681_236, 139_767_125, NOON, 12))
    told = live.last(tenant, position_topic(order))
    assert told is not None
    assert msgspec.json.decode(told) == {
        "type": "position",
        "latitude_e6": 35_681_236,
        "longitude_e6": 139_767_125,
        "accuracy_m": 12,
        "at": "2026-03-01T12:00:00Z",
    }
    await positions.end(tenant, order)
    assert live.last(tenant, position_topic(order)) is None


@asynccontextmanager
async def _two_processes(url: str) -> AsyncIterator[tuple[Live, Live]]:
    from tradepost.platform.live.redis import RedisChannel

    channels = [RedisChannel.at(url), RedisChannel.at(url)]
    one, two = (Live(channel) for channel in channels)
    stop = asyncio.Event()
    jobs = [asyncio.create_task(live.run(stop)) for live in (one, two)]
    try:
        yield one, two
    finally:
        stop.set()
        await asyncio.gather(*jobs)
        for channel in channels:
            await channel.close()


async def test_over_redis_other_processes_hear_once(redis_url: str) -> None:
    tenant = _tenant()
    async with _two_processes(redis_url) as (one, two):
        near: list[bytes] = []
        far: asyncio.Queue[bytes] = asyncio.Queue()
        with (
            one.subscribe(tenant, "a", near.append),
            two.subscribe(tenant, "a", far.put_nowait),
        ):
            async with asyncio.timeout(10):
                while far.empty():  # the other has yet to begin to listen
                    await one.publish(tenant, "a", b"1")
                    await asyncio.sleep(0.02)
                told = len(near)
                await one.publish(tenant, "a", b"2")
                while await far.get() != b"2":
                    pass
        assert near == [b"1"] * told + [b"2"]
        assert two.last(tenant, "a") == b"2"
        await one.end(tenant, "a")
        async with asyncio.timeout(10):
            while two.last(tenant, "a") is not None:  # noqa: ASYNC110  nothing tells of an end
                await asyncio.sleep(0.02)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0"])
async def test_without_redis_a_process_tells_its_own(url: str) -> None:
    tenant = _tenant()
    heard: list[bytes] = []
    async with _two_processes(url) as (one, _):
        with one.subscribe(tenant, "a", heard.append):
            await one.publish(tenant, "a", {"n": 1})
    assert heard == [b'{"n":1}']
