"""Redis full, evicting, killed, cut off in the middle of an answer, trimmed under a reader."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from tests import servers
from tests.chaos.proxy import line_to
from tests.chaos.waiting import until
from tests.relay.notes import LISTENER, all_heard
from tests.relay.test_redis import expected, publish, redis_worker, settled, take
from tradepost.kernel.messages import Scope
from tradepost.platform.bus import Bus
from tradepost.platform.outbox import SHARDS
from tradepost.platform.relay.figures import relay_figures
from tradepost.platform.transport.redis import RedisTransport
from tradepost.platform.transport.streams import RedisUnfit, connect
from tradepost.platform.worker import Worker

pytestmark = pytest.mark.filterwarnings(  # of the drivers, when their lines are cut
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What a test leaves of cut lines is found in it, not in another that allows none."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def own() -> Iterator[servers.Running]:
    """A Redis that may be spoilt."""
    with servers.running("redis") as running:
        yield running


@pytest.fixture
async def redis(own: servers.Running) -> AsyncIterator[Redis]:
    client = connect(own.url)
    await client.flushall()
    await client.config_set("maxmemory-policy", "noeviction")
    await client.config_set("maxmemory", "0")
    yield client
    await client.aclose()


async def entries(redis: Redis) -> int:
    """How many facts lie in all streams."""
    return sum([await redis.xlen(f"ev:1:{shard}") for shard in range(SHARDS)])


async def heard(bus: Bus, scope: Scope, wanted: dict[UUID, list[int]]) -> None:
    """Wait until everything is heard, once and in order."""

    async def all_of_it() -> bool:
        found = await bus.ask(scope, all_heard)
        assert all(found[pad] == list(range(1, len(found[pad]) + 1)) for pad in found)
        return found == wanted

    await until(all_of_it, 30)


async def ended(worker: Worker, running: asyncio.Task[None]) -> None:
    worker.stop()
    await asyncio.wait_for(running, 20)


@pytest.mark.acceptance
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_full_evicting_and_killed(
    bus: Bus, scope: Scope, redis: Redis, own: servers.Running
) -> None:
    """Facts wait in the log while Redis cannot take them, and go on by themselves."""
    pads = [uuid4() for _ in range(4)]
    worker = redis_worker(bus, own.url)
    running = asyncio.create_task(worker.run())
    await take(bus, scope, pads, 1, 5)
    await heard(bus, scope, expected(pads, 5))

    await redis.config_set("maxmemory", "1")  # every XADD is refused
    await take(bus, scope, pads, 6, 5)

    async def lags() -> bool:
        return any((await bus.store.relay_read(relay_figures)).lag.values())

    await until(lags, 20)
    await asyncio.sleep(0.5)
    assert await bus.ask(scope, all_heard) == expected(pads, 5), "nothing was lost or made up"
    await redis.config_set("maxmemory", "0")
    await heard(bus, scope, expected(pads, 10))

    await asyncio.to_thread(own.restart)  # by SIGKILL; its file has what the kernel was given
    await take(bus, scope, pads, 11, 5)
    await heard(bus, scope, expected(pads, 15))
    await ended(worker, running)

    await redis.config_set("maxmemory-policy", "allkeys-lru")
    evicted = redis_worker(bus, own.url)
    with pytest.raises(RedisUnfit, match="allkeys-lru"):
        await evicted.run()
    transport = redis_worker(bus, own.url).transport
    assert isinstance(transport, RedisTransport)
    with pytest.raises(RedisUnfit):  # also when it comes back like that under a worker
        await transport.publisher.lead()
    await transport.publisher.resign()
    await transport.close()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_an_answer_that_is_lost_is_no_second_entry(
    bus: Bus, scope: Scope, redis: Redis, own: servers.Running
) -> None:
    """Redis has the facts and the publisher does not know: it sends them again, and is refused."""
    pads = [uuid4() for _ in range(6)]
    await take(bus, scope, pads, 1, 1)
    await publish(bus, own.url)
    await take(bus, scope, pads, 2, 4)
    async with line_to(own.url) as line:
        line.breaks_after = [b"EVALSHA"]
        worker = Worker(
            bus, [], transport=lambda store, tail: RedisTransport(line.url(own.url), store, tail)
        )
        running = asyncio.create_task(worker.run())

        async def whole() -> bool:
            return await entries(redis) == 30

        await until(whole, 20)
        await ended(worker, running)
        assert line.broken == 1
    assert await entries(redis) == 30
    await settled(bus, own.url)
    assert await bus.ask(scope, all_heard) == expected(pads, 5)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_what_was_given_is_trimmed_before_it_is_done(
    bus: Bus, scope: Scope, redis: Redis, own: servers.Running
) -> None:
    """The next reader finds entries without a body, and takes the facts from the log."""
    pad = uuid4()
    await take(bus, scope, [pad], 1, 40)
    await publish(bus, own.url)
    dying = redis_worker(bus, own.url)
    (runner,) = dying.runners
    await runner.leases.keep()
    got = await dying.transport.intake(LISTENER.name).fetch(runner.leases.positions, 100, 0)
    assert got.facts
    await runner.leases.release()
    await dying.transport.close()
    key = f"ev:1:{pad.int % SHARDS}"
    assert await redis.xtrim(key, maxlen=3, approximate=False) > 0
    pending = await redis.xpending(key, LISTENER.name)
    assert int(pending["pending"]) > 3
    worker = redis_worker(bus, own.url)
    running = asyncio.create_task(worker.run())
    await heard(bus, scope, expected([pad], 40))
    await ended(worker, running)
    names = await redis.xinfo_consumers(key, LISTENER.name)
    assert [one["name"] for one in names] == [b"holder"], "the names of the dead do not pile up"
