"""PostgreSQL fails and comes back under a running worker, which goes on by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from tests import servers
from tests.chaos.proxy import line_to
from tests.relay.conftest import fresh_postgres
from tests.relay.notes import BOOK, LISTENER, TakeNotes, all_heard, note_bus
from tests.relay.test_worker import Diary
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.relay.log import after
from tradepost.platform.transport.embedded import EmbeddedTransport
from tradepost.platform.transport.port import MakeTransport
from tradepost.platform.transport.redis import RedisTransport
from tradepost.platform.worker import Worker, WorkerPlan

pytestmark = pytest.mark.acceptance

PADS = 5
RESTARTS = 2
GOES_ON_MAX_S = 30
CUT_OFF_S = 3.0


@pytest.fixture
def server() -> Iterator[servers.Running]:
    """A server that nobody else needs."""
    with servers.running("postgres") as running:
        yield running


@pytest.fixture
async def bus(server: servers.Running) -> AsyncIterator[Bus]:
    _, app, relay = await fresh_postgres(server.url)
    store = await PostgresStore.open(app, relay, pool_size_max=4)
    yield note_bus(store)
    await store.close()


class Writer:
    """Takes notes all the time; what fails is sent again under its key."""

    def __init__(self, bus: Bus, scope: Scope) -> None:
        self.pads = [uuid4() for _ in range(PADS)]
        self.written = 0
        self.failures = 0
        self._bus = bus
        self._scope = scope

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            for pad in self.pads:
                await self._take(pad, self.written + 1)
            self.written += 1
            await asyncio.sleep(0.01)

    async def _take(self, pad: UUID, nth: int) -> None:
        while True:
            try:
                await self._bus.send(self._scope, TakeNotes(pad, nth), key=f"{pad}-{nth}")
            except (StoreError, Refusal):
                self.failures += 1
                await asyncio.sleep(0.05)
            else:
                return


def transport_of(kind: str, request: pytest.FixtureRequest) -> MakeTransport:
    if kind == "embedded":
        return EmbeddedTransport
    return partial(RedisTransport, request.getfixturevalue("redis_url"))


@pytest.mark.parametrize("kind", ["embedded", "redis"])
async def test_a_worker_outlives_its_database(
    kind: str, bus: Bus, server: servers.Running, request: pytest.FixtureRequest
) -> None:
    scope = Scope(TenantId(uuid4()), SYSTEM)
    diary = Diary()
    worker = Worker(
        bus,
        [LISTENER],
        plan=WorkerPlan(lease_s=1),
        book=BOOK,
        followers=[diary],
        transport=transport_of(kind, request),
    )
    writer, stop = Writer(bus, scope), asyncio.Event()
    with capture_logs() as logs:
        jobs = [asyncio.create_task(worker.run()), asyncio.create_task(writer.run(stop))]
        for _ in range(RESTARTS):
            await heard_beyond(bus, scope, writer)
            await asyncio.to_thread(server.restart)
        await heard_beyond(bus, scope, writer)
        stop.set()
        await jobs[1]
        await caught_up(worker, diary)
        worker.stop()
        await jobs[0]
    assert [one for one in logs if one["log_level"] == "error"] == []
    assert writer.failures
    expected = {pad: list(range(1, writer.written + 1)) for pad in writer.pads}
    assert await bus.ask(scope, all_heard) == expected
    rows = await bus.store.relay_read(lambda db: after(db, 0, 1_000_000))
    assert [row.seq for row in rows] == list(range(1, PADS * writer.written + 1))
    assert sorted({seq for seq, _ in diary.read}) == [row.seq for row in rows]


async def test_a_worker_cut_off_from_its_database_goes_on_where_it_was(
    server: servers.Running,
) -> None:
    _, app, relay = await fresh_postgres(server.url)
    ours = await PostgresStore.open(app, relay, pool_size_max=4)
    async with line_to(server.url) as line:
        theirs = await PostgresStore.open(line.url(app), line.url(relay), pool_size_max=4)
        bus, scope = note_bus(ours), Scope(TenantId(uuid4()), SYSTEM)
        diary = Diary()
        plan = WorkerPlan(lease_s=1)
        worker = Worker(note_bus(theirs), [LISTENER], plan=plan, book=BOOK, followers=[diary])
        writer, stop = Writer(bus, scope), asyncio.Event()
        jobs = [asyncio.create_task(worker.run()), asyncio.create_task(writer.run(stop))]
        await heard_beyond(bus, scope, writer)
        line.cut()
        await asyncio.sleep(CUT_OFF_S)
        behind = writer.written
        line.heal()
        await heard_beyond(bus, scope, writer)
        stop.set()
        await jobs[1]
        await caught_up(worker, diary)
        worker.stop()
        await jobs[0]
        await theirs.close()
    assert behind > 1 and not writer.failures
    expected = {pad: list(range(1, writer.written + 1)) for pad in writer.pads}
    assert await bus.ask(scope, all_heard) == expected
    await ours.close()


async def test_a_worker_begins_though_redis_is_down(
    server: servers.Running, redis_url: str
) -> None:
    _, app, relay = await fresh_postgres(server.url)
    store = await PostgresStore.open(app, relay, pool_size_max=4)
    bus, scope = note_bus(store), Scope(TenantId(uuid4()), SYSTEM)
    port = servers.free_port()
    nowhere = f"redis://127.0.0.1:{port}{urlsplit(redis_url).path}"
    diary = Diary()
    worker = Worker(
        bus,
        [LISTENER],
        plan=WorkerPlan(lease_s=1),
        book=BOOK,
        followers=[diary],
        transport=partial(RedisTransport, nowhere),
    )
    writer, stop = Writer(bus, scope), asyncio.Event()
    jobs = [asyncio.create_task(worker.run()), asyncio.create_task(writer.run(stop))]
    await asyncio.sleep(CUT_OFF_S)
    assert not jobs[0].done() and await bus.ask(scope, all_heard) == {}
    async with line_to(redis_url, port):
        await heard_beyond(bus, scope, writer)
        stop.set()
        await jobs[1]
        await caught_up(worker, diary)
        worker.stop()
        await jobs[0]
    assert not writer.failures  # who sells never waits for Redis
    expected = {pad: list(range(1, writer.written + 1)) for pad in writer.pads}
    assert await bus.ask(scope, all_heard) == expected
    await store.close()


async def heard_beyond(bus: Bus, scope: Scope, writer: Writer) -> None:
    """Wait until something is heard that was written after now."""
    last = writer.written + 1
    async with asyncio.timeout(GOES_ON_MAX_S):
        while True:
            try:
                heard = await bus.ask(scope, all_heard)
            except (StoreError, Refusal):
                heard = {}
            if heard and all(notes[-1] > last for notes in heard.values()):
                return
            await asyncio.sleep(0.1)


async def caught_up(worker: Worker, diary: Diary) -> None:
    async with asyncio.timeout(GOES_ON_MAX_S):
        while True:
            now = await worker.figures()
            behind = now.outbox_depth or any(now.lag.values()) or diary.kept < now.last_seq
            if not behind:
                return
            await asyncio.sleep(0.05)
