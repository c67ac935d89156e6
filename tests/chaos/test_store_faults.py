"""Lines that break or go silent, servers that die, full pools: the answers to each."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import Text, cast, func

from tests import servers, stores
from tests.chaos.proxy import Line, line_to
from tests.chaos.waiting import until
from tests.conftest import apart
from tests.contracts.test_crashes import check_once
from tests.web.market import open_market
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import StoreBusy
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.statement import Statement, param, platform_select, scoped
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.platform.idempotency import KeyRunning
from tradepost.platform.patience import PATIENCE, RequestLimits
from tradepost.platform.web.settings import WebSettings
from tradepost.tenancy.commands import CreateStore
from tradepost.tenancy.storage import stores as stores_table
from tradepost.wiring.parts import build_bus

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.filterwarnings(  # the driver's, when it is cut off while it connects
        "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
    ),
]
HURRIED = RequestLimits(seconds_max=1.0)
STRICT = WebSettings(signing_secrets=(b"s" * 32,), limits_requests=False)
_LOCK = Statement(
    scoped(stores_table, stores_table.c.id)
    .where(stores_table.c.code == param("code"))
    .with_for_update()
)


@pytest.fixture(scope="module")
def server() -> Iterator[servers.Running]:
    """A PostgreSQL that nobody else needs."""
    with servers.running("postgres") as running:
        yield running


@pytest.fixture(scope="module")
def urls(server: servers.Running) -> tuple[str, str, str]:
    """A database of its: owner's, app's and relay's addresses."""
    return apart(stores.postgres_database(server.url))


@pytest.fixture
def scope() -> Scope:
    return Scope(TenantId(uuid4()), SYSTEM)


@asynccontextmanager
async def by_line(urls: tuple[str, str, str]) -> AsyncIterator[tuple[Line, Bus]]:
    """A bus whose store is reached by a line that can be cut."""
    async with line_to(urls[1]) as line:
        store = await PostgresStore.open(line.url(urls[1]), line.url(urls[2]), pool_size_max=2)
        yield line, build_bus(store)
        line.heal()
        await store.close()


async def test_the_answer_to_a_commit_is_lost(urls: tuple[str, str, str], scope: Scope) -> None:
    async with by_line(urls) as (line, bus):
        made = await bus.send(scope, CreateStore("a", "A store"), key="key-of-store-a-1")
        line.breaks_after = [b"the second", b"COMMIT"]
        lost = await bus.send(scope, CreateStore("b", "the second"), key="key-of-store-b-1")
        assert line.broken == 1
        again = await bus.send(scope, CreateStore("b", "the second"), key="key-of-store-b-1")
        assert made != lost == again
        assert await check_once(bus, scope, set()) == 2
        line.breaks_after = [b"the third"]
        with pytest.raises(StoreBusy):  # without a key nobody tries blindly
            await bus.send(scope, CreateStore("c", "the third"))
        assert line.broken == 2


async def test_a_line_goes_silent(urls: tuple[str, str, str], scope: Scope) -> None:
    """Whoever asks is told within the time of a request; when it heals all is well at once."""
    async with by_line(urls) as (line, bus):
        await bus.send(scope, CreateStore("a", "A store"), key="key-of-store-a-1")
        PATIENCE.set(HURRIED.of_request("public", "POST"))
        line.cut()
        began = time.monotonic()
        with pytest.raises(StoreBusy):
            await bus.send(scope, CreateStore("b", "A store"), key="key-of-store-b-1")
        assert time.monotonic() - began < 4
        line.heal()
        await bus.send(scope, CreateStore("b", "A store"), key="key-of-store-b-1")
        assert await bus.ask(scope, _codes) == ["a", "b"]


@pytest.mark.acceptance
async def test_who_is_cut_off_holds_no_row_for_long(
    urls: tuple[str, str, str], scope: Scope
) -> None:
    async with by_line(urls) as (line, bus):
        await bus.send(scope, CreateStore("a", "A store"))
        locked = asyncio.Event()

        async def sleeper(work: Work) -> None:
            await work.one(_LOCK, code="a")
            locked.set()
            await asyncio.sleep(60)

        holding = asyncio.create_task(bus.within(scope, sleeper))
        await locked.wait()
        line.cut()
        began = time.monotonic()
        other = await PostgresStore.open(*urls[1:], pool_size_max=2)
        waiter = build_bus(other)
        async with asyncio.timeout(20):
            while not await tried(waiter.within(scope, lambda work: work.one(_LOCK, code="a"))):
                pass
        freed_s = time.monotonic() - began
        sys.stdout.write(f"the row was free after {freed_s:.1f} s\n")
        assert freed_s < 10
        line.heal()
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
        await other.close()


async def tried(wish: Coroutine[Any, Any, object]) -> bool:
    """Whether something was granted, and not put off."""
    try:
        await wish
    except (StoreBusy, KeyRunning):
        return False
    return True


@pytest.mark.acceptance
async def test_one_backend_is_killed(
    server: servers.Running, urls: tuple[str, str, str], scope: Scope
) -> None:
    """PostgreSQL ends all sessions then; whoever has a key is served when it is back."""
    store = await PostgresStore.open(*urls[1:], pool_size_max=2)
    bus = build_bus(store)
    await bus.send(scope, CreateStore("a", "A store"), key="key-of-store-a-1")
    killed, witness = [await asyncpg.connect(urls[0]) for _ in range(2)]
    os.kill(await killed.fetchval("select pg_backend_pid()"), signal.SIGKILL)
    began = time.monotonic()
    await until(felt(witness), 10, every_s=0.001)  # a wish before that would meet no fault at all
    async with asyncio.timeout(30):
        wish = CreateStore("b", "A store")
        while not await tried(bus.send(scope, wish, key="key-of-store-b-1")):
            pass
    sys.stdout.write(f"served again {time.monotonic() - began:.1f} s after the kill\n")
    killed.terminate()
    await until(partial(reached, urls[0]), 30)  # who was quick was served by a session about to end
    assert await check_once(bus, scope, set()) == 2
    await store.close()


def felt(witness: asyncpg.Connection[Any]) -> Callable[[], Awaitable[bool]]:
    """Whether another session has been ended by now."""

    async def ended() -> bool:
        return bool(witness.is_closed())

    return ended


async def reached(url: str) -> bool:
    """Whether the database takes new sessions."""
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True


async def test_nothing_may_last(urls: tuple[str, str, str], scope: Scope) -> None:
    store = await PostgresStore.open(*urls[1:], pool_size_max=2, statement_s_max=5)

    async def told(db: Reader) -> dict[str, str]:
        names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
        names += ["client_connection_check_interval", "tcp_user_timeout"]
        connection = db._connection  # type: ignore[attr-defined]  # what it is told on the wire
        return {name: await connection.fetchval(f"show {name}") for name in names}

    said = await store.read(scope.tenant_id, told)
    assert list(said.values()) == ["5s", "2s", "5s", "1s", "10000"]
    PATIENCE.set(RequestLimits().of_request("admin", "GET"))
    assert (await store.read(scope.tenant_id, told))["statement_timeout"] == "1min"
    await store.close()
    PATIENCE.set(RequestLimits().of_request("public", "GET"))
    hurried = await PostgresStore.open(*urls[1:], pool_size_max=2, statement_s_max=0.1)
    with pytest.raises(StoreBusy, match="too long"):
        await hurried.read(scope.tenant_id, _slow)
    await hurried.close()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_a_long_read_of_a_file_is_interrupted(store: Store, scope: Scope) -> None:
    PATIENCE.set(RequestLimits(seconds_max=0.1).of_request("public", "GET"))

    async def endless(db: Reader) -> None:
        connection = db._connection  # type: ignore[attr-defined]  # there is no such statement
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        try:
            connection.execute(f"{numbers} SELECT max(i) FROM n")
        except sqlite3.Error as error:
            raise db._failed(error) from error  # type: ignore[attr-defined]

    with pytest.raises(StoreBusy, match="too long"):
        await store.read(scope.tenant_id, endless)
    assert await store.read(scope.tenant_id, _codes) == []


async def test_a_pool_without_a_connection_left(urls: tuple[str, str, str]) -> None:
    """Told to come back at once; the process lives, and says that it is not ready."""
    store = await PostgresStore.open(*urls[1:], pool_size_max=2)
    market = await open_market(store, STRICT)
    path = "/api/v1/products/nothing-of-the-kind"
    async with market.shopper() as guest:
        assert (await guest.get(path)).status_code == 404
        free = asyncio.Event()

        async def sit(db: Reader) -> None:
            await free.wait()

        sitting = [asyncio.create_task(store.platform_read("sit", sit)) for _ in range(2)]
        await asyncio.sleep(0.2)
        assert (store._pool.get_idle_size(), store._pool.get_size()) == (0, 2)
        began = time.monotonic()
        told = await guest.get(path)
        assert (told.status_code, told.json()["code"]) == (503, "platform.store_busy")
        assert int(told.headers["retry-after"]) >= 1
        assert 0.2 < time.monotonic() - began < 2
        assert (await guest.get("/health/live")).status_code == 200
        ready = await guest.get("/health/ready")
        assert (ready.status_code, ready.json()["checks"]) == (503, {"store": "failed"})
        free.set()
        await asyncio.gather(*sitting)
        assert (await guest.get(path)).status_code == 404
        assert (await guest.get("/health/ready")).status_code == 200
    await market.house.close()


async def _codes(db: Reader) -> list[str]:
    found = await db.all(Statement(scoped(stores_table, stores_table.c.code)))
    return sorted(row[0] for row in found)


async def _slow(db: Reader) -> None:
    await db.all(Statement(platform_select(cast(func.pg_sleep(5), Text))))
