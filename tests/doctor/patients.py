"""A store full of trade, and copies of it that can be damaged without anybody minding."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import asyncpg

from tests import stores
from tests.doctor.trade import open_trade
from tradepost.kernel.clock import SystemClock, to_micros
from tradepost.kernel.ids import TenantId
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.postgres_work import PostgresReader
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.sqlite_file import connect
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.relay.sequencer import Sequencer
from tradepost.wiring.doctor import Readable

T = TypeVar("T")
Job = Callable[[Reader], Awaitable[T]]
_copies = count()
OLD = UUID("01800000-0000-7000-8000-000000000001")


@dataclass(frozen=True)
class Damage:
    """What is done to a copy with plain SQL; the tables in ``unbound`` lose their constraints.

    In a statement ``{fresh}`` stands for an identifier nobody has, ``{old}`` for one made long
    ago, ``{now}`` for this instant.
    """

    statements: tuple[str, ...]
    unbound: tuple[str, ...] = ()

    def texts(self, fresh: str, old: str) -> Iterator[str]:
        """The statements for a store, by its words for identifiers."""
        now = to_micros(SystemClock().now())
        return (statement.format(fresh=fresh, old=old, now=now) for statement in self.statements)


SOUND = Damage(())


class Patient(ABC):
    """A store that trade went through."""

    @abstractmethod
    def copy(self, damage: Damage = SOUND) -> AbstractAsyncContextManager[Readable]:
        """A copy with the damage done to it, reached as the doctor reaches a live store."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of what is held."""


class SqlitePatient(Patient):
    """A file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    async def treated(cls, folder: Path) -> SqlitePatient:
        """A file with two shops in it."""
        path = folder / "template.sqlite"
        store = await stores.sqlite_store(path)
        await trade_in(store)
        await store.close()
        return cls(path)

    async def close(self) -> None:
        """Nothing is held."""

    @asynccontextmanager
    async def copy(self, damage: Damage = SOUND) -> AsyncIterator[Readable]:
        path = self.path.with_name(f"copy{next(_copies)}.sqlite")
        with closing(connect(path)) as copy, closing(connect(self.path, read_only=True)) as whole:
            whole.backup(copy)
            copy.execute("PRAGMA foreign_keys=OFF")
            for table in damage.unbound:
                copy.execute(f"CREATE TABLE bare AS SELECT * FROM {table}")
                copy.execute(f"DROP TABLE {table}")
                copy.execute(f"ALTER TABLE bare RENAME TO {table}")
            for statement in damage.texts("randomblob(16)", f"X'{OLD.hex}'"):
                done = copy.execute(statement)
                assert done.rowcount > 0, f"damages nothing: {statement}"
        store = SqliteStore(path, read_only=True)
        yield store
        await store.close()


class PostgresPatient(Patient):
    """A database of its own; its copies live in a transaction that is never committed.

    Copying a database and preparing every law anew took ten times as long.
    """

    def __init__(self, url: str, connection: asyncpg.Connection) -> None:
        self.url = url
        self._connection = connection

    @classmethod
    async def treated(cls, superuser_url: str) -> PostgresPatient:
        """A database with two shops in it."""
        url, app, relay = await stores.postgres_database(superuser_url)
        store = await PostgresStore.open(app, relay)
        await trade_in(store)
        await store.close()
        return cls(url, await asyncpg.connect(url, statement_cache_size=1024))

    @asynccontextmanager
    async def copy(self, damage: Damage = SOUND) -> AsyncIterator[Readable]:
        await self._connection.execute("BEGIN; SET LOCAL session_replication_role = replica")
        try:
            await self._damage(self._connection, damage)
            yield _OneConnection(self._connection)
        finally:
            await self._connection.execute("ROLLBACK")

    async def close(self) -> None:
        await self._connection.close()

    async def _damage(self, connection: asyncpg.Connection, damage: Damage) -> None:
        for table in damage.unbound:
            names = await connection.fetch(
                "SELECT conname FROM pg_constraint WHERE contype IN ('u', 'c')"
                f" AND conrelid = '{table}'::regclass"
            )
            for (name,) in names:
                await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for statement in damage.texts("gen_random_uuid()", f"CAST('{OLD}' AS uuid)"):
            done = await connection.execute(statement)
            assert not done.endswith(" 0"), f"damages nothing: {statement}"


class _OneConnection:
    """Reads of each role inside one transaction of the superuser, which nobody commits."""

    dialect = "postgresql"

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def _read(self, role: str, tenant_id: TenantId | None, job: Job[T]) -> T:
        tenant = str(tenant_id or "")
        await self._connection.execute(
            f"SET LOCAL ROLE {role}; SELECT set_config('app.tenant', '{tenant}', true)"
        )
        try:
            return await job(PostgresReader(self._connection, tenant_id))
        finally:
            await self._connection.execute("RESET ROLE")

    async def read(self, tenant_id: TenantId, job: Job[T]) -> T:
        return await self._read(stores.APP_ROLE, tenant_id, job)

    async def platform_read(self, purpose: str, job: Job[T]) -> T:
        return await self._read(stores.APP_ROLE, None, job)

    async def relay_read(self, job: Job[T]) -> T:
        return await self._read(stores.RELAY_ROLE, None, job)


async def trade_in(store: Store) -> None:
    """Two shops side by side; the facts of the first are in the log, of the second on their way."""
    await open_trade(store)
    sequencer = Sequencer(store, SystemClock())
    assert await sequencer.drain()
    await sequencer.resign()
    await open_trade(store)
