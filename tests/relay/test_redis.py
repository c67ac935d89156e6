"""Facts over Redis Streams: nothing is lost, doubled or reordered, whatever Redis forgets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from tests import servers
from tests.relay.notes import BOOK, LISTENER, TakeNotes, all_heard
from tradepost.kernel.messages import Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.statement import AcrossTenants, platform_delete, platform_update
from tradepost.platform.db.work import Work
from tradepost.platform.outbox import SHARDS, event_log
from tradepost.platform.relay.tables import leases, publisher_cursors, seq_counter
from tradepost.platform.transport.redis import RedisTransport
from tradepost.platform.transport.streams import RedisUnfit, check, connect
from tradepost.platform.worker import Worker, WorkerPlan

PLAN = WorkerPlan(lease_s=5)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """An empty database of the server."""
    client = connect(redis_url)
    await client.flushdb()
    yield client
    await client.aclose()


def redis_worker(bus: Bus, url: str) -> Worker:
    return Worker(bus, [LISTENER], plan=PLAN, book=BOOK, transport=partial(RedisTransport, url))


async def settled(bus: Bus, url: str) -> Worker:
    worker = redis_worker(bus, url)
    await worker.settle()
    await worker.transport.close()
    return worker


async def publish(bus: Bus, url: str, batch: int = 500) -> int:
    """Let facts reach Redis, and nobody consume them; how many were sent."""
    transport = partial(RedisTransport, url, batch=batch)
    worker = Worker(bus, [], plan=PLAN, book=BOOK, transport=transport)
    await worker.settle()
    await worker.transport.close()
    assert isinstance(worker.transport, RedisTransport)
    return worker.transport.publisher.published


async def take(bus: Bus, scope: Scope, pads: list[UUID], first: int, count: int) -> None:
    for pad in pads:
        await bus.send(scope, TakeNotes(pad, first, count))


def expected(pads: list[UUID], last: int) -> dict[UUID, list[int]]:
    return {pad: list(range(1, last + 1)) for pad in pads}


async def rewrite(bus: Bus, *statements: object) -> None:
    for statement in statements:
        await bus.store.relay_write(partial(run, AcrossTenants(statement)))


async def run(statement: AcrossTenants, work: Work) -> None:
    await work.run(statement)


async def test_each_note_is_heard_once_and_in_order(
    bus: Bus, scope: Scope, redis: Redis, redis_url: str
) -> None:
    pads = [uuid4() for _ in range(40)]
    for first in (1, 11, 21):
        await take(bus, scope, pads, first, 10)
        worker = await settled(bus, redis_url)
        assert worker.runners[0].tally.handled == 400
    assert await bus.ask(scope, all_heard) == expected(pads, 30)
    keys = [key async for key in redis.scan_iter("ev:1:*")]
    assert len(keys) == SHARDS
    pending = [await redis.xpending(key, LISTENER.name) for key in keys]
    assert sum(int(one["pending"]) for one in pending) == 0


async def test_a_flushed_redis_is_filled_again(
    bus: Bus, scope: Scope, redis: Redis, redis_url: str
) -> None:
    pads = [uuid4() for _ in range(20)]
    await take(bus, scope, pads, 1, 5)
    await settled(bus, redis_url)
    await take(bus, scope, pads, 6, 5)
    assert await publish(bus, redis_url) == 100
    await redis.flushdb()
    assert await publish(bus, redis_url) == 100
    assert sum([await redis.xlen(f"ev:1:{shard}") for shard in range(SHARDS)]) == 100
    await redis.flushdb()
    await settled(bus, redis_url)
    assert await bus.ask(scope, all_heard) == expected(pads, 10)
    await redis.flushdb()
    await take(bus, scope, pads, 11, 5)
    await settled(bus, redis_url)
    assert await bus.ask(scope, all_heard) == expected(pads, 15)


async def test_a_flush_of_what_everybody_has_done_with_holds_nothing_up(
    bus: Bus, scope: Scope, redis: Redis, redis_url: str
) -> None:
    done, going_on = uuid4(), uuid4()
    await take(bus, scope, [done], 1, 3)
    await take(bus, scope, [going_on], 1, 60)
    await settled(bus, redis_url)
    await redis.flushdb()
    await take(bus, scope, [going_on], 61, 60)
    assert await publish(bus, redis_url, batch=5) == 60
    assert await redis.xlen(f"ev:1:{going_on.int % SHARDS}") == 60
    await settled(bus, redis_url)
    assert (await bus.ask(scope, all_heard))[going_on] == list(range(1, 121))


async def test_what_is_missing_in_a_stream_comes_from_the_log(
    bus: Bus, scope: Scope, redis: Redis, redis_url: str
) -> None:
    pad = uuid4()
    await take(bus, scope, [pad], 1, 20)
    await publish(bus, redis_url)
    key = f"ev:1:{pad.int % SHARDS}"
    assert await redis.xdel(key, "1-0", "7-0", "8-0", "20-0") == 4
    await settled(bus, redis_url)
    assert await bus.ask(scope, all_heard) == expected([pad], 20)


async def test_what_is_sent_again_is_refused_by_redis(
    bus: Bus, scope: Scope, redis: Redis, redis_url: str
) -> None:
    pads = [uuid4() for _ in range(10)]
    await take(bus, scope, pads, 1, 10)
    await publish(bus, redis_url)
    await rewrite(bus, platform_update(publisher_cursors).values(seq=0))
    assert await publish(bus, redis_url) == 100
    assert sum([await redis.xlen(f"ev:1:{shard}") for shard in range(SHARDS)]) == 100
    worker = await settled(bus, redis_url)
    assert worker.runners[0].tally.handled == 100
    assert await bus.ask(scope, all_heard) == expected(pads, 10)


async def test_what_a_dead_reader_was_given_is_given_to_the_next(
    bus: Bus, scope: Scope, redis: Redis, redis_url: str
) -> None:
    pads = [uuid4() for _ in range(10)]
    await take(bus, scope, pads, 1, 10)
    await publish(bus, redis_url)
    dying = redis_worker(bus, redis_url)
    (runner,) = dying.runners
    await runner.leases.keep()
    got = await dying.transport.intake(LISTENER.name).fetch(runner.leases.positions, 50, 0)
    assert got.facts
    await runner.leases.release()
    await dying.transport.close()
    worker = await settled(bus, redis_url)
    assert worker.runners[0].tally.handled == 100
    assert await bus.ask(scope, all_heard) == expected(pads, 10)


async def test_streams_are_trimmed_behind_the_slowest(
    bus: Bus, scope: Scope, redis: Redis, redis_url: str
) -> None:
    pad = uuid4()
    await take(bus, scope, [pad], 1, 1000)
    await settled(bus, redis_url)
    key = f"ev:1:{pad.int % SHARDS}"
    assert await redis.xlen(key) == 1000
    await settled(bus, redis_url)
    assert await redis.xlen(key) < 200
    await rewrite(bus, platform_update(leases).values(acked_seq=0))
    worker = await settled(bus, redis_url)
    assert worker.runners[0].tally.repeated == 1000
    assert await bus.ask(scope, all_heard) == expected([pad], 1000)


async def test_a_store_from_a_copy_gets_streams_of_a_new_epoch(
    bus: Bus, scope: Scope, redis: Redis, redis_url: str
) -> None:
    pads = [uuid4() for _ in range(10)]
    await take(bus, scope, pads, 1, 10)
    await publish(bus, redis_url)
    lost = platform_delete(event_log).where(event_log.c.seq > 40)
    back = platform_update(publisher_cursors).values(seq=40)
    await rewrite(bus, lost, back, platform_update(seq_counter).values(n=40))
    other = [uuid4() for _ in range(10)]
    await take(bus, scope, other, 1, 10)
    await settled(bus, redis_url)
    await settled(bus, redis_url)
    assert await bus.ask(scope, all_heard) == expected(pads[:4] + other, 10)
    assert [key async for key in redis.scan_iter("ev:1:*")] == []


async def test_a_redis_that_may_forget_is_refused(tmp_path: Path) -> None:
    with servers.running("redis") as own:
        client = connect(own.url)
        await check(client)
        await client.config_set("maxmemory-policy", "allkeys-lru")
        with pytest.raises(RedisUnfit, match="allkeys-lru"):
            await check(client)
        await client.aclose()


async def test_without_redis_the_shop_goes_on_and_facts_wait_in_the_log(
    bus: Bus, scope: Scope, redis_url: str
) -> None:
    pad = uuid4()
    worker = redis_worker(bus, f"redis://127.0.0.1:{servers.free_port()}")
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        for nth in range(1, 11):
            await bus.send(scope, TakeNotes(pad, nth))
        while not await worker.tail.beyond(9, 1):
            pass
    worker.stop()
    await asyncio.wait_for(running, 8)
    assert await bus.ask(scope, all_heard) == {}
    await settled(bus, redis_url)
    assert await bus.ask(scope, all_heard) == expected([pad], 10)
