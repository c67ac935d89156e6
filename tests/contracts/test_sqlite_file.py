"""A SQLite file among other processes, full disks, crashes and people who move files."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from tests import stores
from tests.contracts.test_store import kept, names, shop
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.errors import (
    LogMissing,
    StoreDamaged,
    StoreFull,
    StoreInUse,
    StoreMissing,
    StoreReadOnly,
)
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Work
from tradepost.tenancy.storage import STORES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store lies."""
    return tmp_path / "store.sqlite"


@pytest.fixture
def scope() -> Scope:
    """Work for a tenant."""
    return Scope(TenantId(uuid4()), SYSTEM)


def crash(path: Path, scope: Scope) -> None:
    """A process of its own writes a row, and dies before it could close the store."""
    program = (
        "import asyncio, os, signal, sys\n"
        "from pathlib import Path\n"
        "from uuid import UUID\n"
        "from tradepost.kernel.ids import TenantId\n"
        "from tradepost.kernel.messages import SYSTEM, Scope\n"
        "from tradepost.platform.db.sqlite import SqliteStore\n"
        "from tests.contracts.test_store import kept, shop\n"
        "scope = Scope(TenantId(UUID(sys.argv[2])), SYSTEM)\n"
        "asyncio.run(kept(SqliteStore(Path(sys.argv[1])), scope, shop('c', 'crashed')))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    arguments = [sys.executable, "-c", program, str(path), str(scope.tenant_id)]
    done = os.spawnv(os.P_WAIT, sys.executable, arguments)
    assert done == -9


async def made(path: Path, scope: Scope) -> None:
    """A store with a row that has long been in its file."""
    store = await stores.sqlite_store(path)
    await kept(store, scope, shop("a", "first"))
    await store.close()
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name, f"{path.name}.lock"]


async def test_a_second_writer_is_refused_with_the_first_ones_number(path: Path) -> None:
    store = await stores.sqlite_store(path)
    try:
        with pytest.raises(StoreInUse) as raised:
            SqliteStore(path)
        assert raised.value.pid == os.getpid()
        assert str(path) in raised.value.message
    finally:
        await store.close()


async def test_a_reader_reads_beside_the_writer_and_writes_nothing(
    path: Path, scope: Scope
) -> None:
    with pytest.raises(StoreMissing):
        SqliteStore(path, read_only=True)
    store = await stores.sqlite_store(path)
    reader = SqliteStore(path, read_only=True)
    try:
        assert await names(reader, scope) == []
        await kept(store, scope, shop("a", "first"))
        assert await names(reader, scope) == ["first"]
        with pytest.raises(StoreReadOnly):
            await kept(reader, scope, shop("b"))
    finally:
        await reader.close()
        await store.close()


async def test_nothing_committed_is_lost_when_the_writer_dies(path: Path, scope: Scope) -> None:
    await made(path, scope)
    crash(path, scope)
    store = SqliteStore(path)
    try:
        assert await names(store, scope) == ["first", "crashed"]
    finally:
        await store.close()


async def test_a_log_that_was_taken_away_is_told_and_can_be_put_back(
    path: Path, scope: Scope
) -> None:
    await made(path, scope)
    crash(path, scope)
    log = path.with_name(f"{path.name}-wal")
    away = log.rename(path.with_name("away"))
    for _ in range(2):  # the refusal itself makes nothing worse
        with pytest.raises(LogMissing) as raised:
            SqliteStore(path)
        assert f"{path}.lock" in raised.value.remedy
    away.rename(log)
    store = SqliteStore(path)
    try:
        assert await names(store, scope) == ["first", "crashed"]
    finally:
        await store.close()


def damage(path: Path) -> bytes:
    """Spoil most pages of a file; what it was before."""
    whole, page = path.read_bytes(), 4096
    with path.open("r+b") as file:
        for n in range(2, len(whole) // page - 1):
            file.seek(n * page)
            file.write(b"\xff" * 64)
    return whole


async def test_damage_is_told_before_anything_is_written(path: Path, scope: Scope) -> None:
    await made(path, scope)
    crash(path, scope)
    whole = await asyncio.to_thread(damage, path)
    for _ in range(2):
        with pytest.raises(StoreDamaged, match="damaged"):
            SqliteStore(path)
    await asyncio.to_thread(path.write_bytes, whole)
    store = SqliteStore(path)
    try:
        assert await names(store, scope) == ["first", "crashed"]
    finally:
        await store.close()


async def test_a_full_disk_refuses_writes_keeps_reads_and_heals(path: Path, scope: Scope) -> None:
    store = await stores.sqlite_store(path)

    def room(connection: sqlite3.Connection, pages: int) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    try:
        await kept(store, scope, shop("a", "first"))
        await store.run_script(lambda connection: room(connection, 1))
        with pytest.raises(StoreFull, match="is full") as raised:
            await kept(store, scope, shop("b", "x" * 100_000))
        assert raised.value.retry_after_s == 60
        assert await names(store, scope) == ["first"]
        await store.run_script(lambda connection: room(connection, 1000))
        await kept(store, scope, shop("b", "second"))
        assert await names(store, scope) == ["first", "second"]
    finally:
        await store.close()


async def test_a_disk_that_fills_up_inside_an_attempt_undoes_it_all(
    path: Path, scope: Scope
) -> None:
    """SQLite rolls the whole transaction back by itself; nobody goes on as if it had not."""
    store = await stores.sqlite_store(path)

    def room(connection: sqlite3.Connection, pages: int) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    async def job(work: Work) -> None:
        STORES.add(work, shop("b", "before"))
        for count in range(20):
            with suppress(Refusal):  # as the bus does with one of many commands
                async with work.attempt():
                    STORES.add(work, shop(f"c{count}", "x" * 100_000))
        STORES.add(work, shop("d", "after"))

    try:
        await kept(store, scope, shop("a", "first"))
        for pages in (0, 1, 40):
            await store.run_script(partial(room, pages=pages))
            with pytest.raises(StoreFull, match="is full"):
                await store.write(scope, job)
            assert await names(store, scope) == ["first"]
            assert not await store.run_script(lambda connection: connection.in_transaction)
        await store.run_script(partial(room, pages=10_000))
        await store.write(scope, job)
        assert len(await names(store, scope)) == 23
    finally:
        await store.close()


async def test_a_copy_without_its_lock_file_is_opened(path: Path, scope: Scope) -> None:
    await made(path, scope)
    copy = path.with_name("copy.sqlite")
    await asyncio.to_thread(shutil.copyfile, path, copy)
    store = SqliteStore(copy)
    try:
        assert await names(store, scope) == ["first"]
    finally:
        await store.close()
