"""PostgreSQL: asyncpg, a pool for the app role and a small one for the relay's.

``begin`` and the tenant travel as one message; the tenant holds for the transaction only, so no
connection can carry it into somebody else's (docs/decisions). Fresh rows leave as one statement.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from asyncpg import exceptions as pg

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.errors import StoreBusy, StoreError
from tradepost.platform.db.postgres_work import (
    Connection,
    PostgresReader,
    PostgresWork,
    translated,
)
from tradepost.platform.db.work import Reader, RelaySession, Work

T = TypeVar("T")
POOL_SIZE_MAX = 16
RELAY_POOL_SIZE_MAX = 4
LANE_POOL_SIZE_MAX = 4
ACQUIRE_TIMEOUT_S = 2.0
CLOSE_TIMEOUT_S = 10.0
CACHED_STATEMENTS = 1024
SESSION_SETTINGS = {
    "lock_timeout": "2s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "30s",
    "jit": "off",
}
_BATCH = "; SET LOCAL plan_cache_mode = force_custom_plan"
"""A batch pays for a fresh plan of each statement; one made while a table was empty, as those of
foreign keys are, would cost it several times as much for as long as the connection lives. A single
wish has nothing to share that price with."""
Pool = Any  # asyncpg's, which is generic in its stubs only


class PostgresStore:
    """A database under row-level security, reached as roles that cannot step around it."""

    dialect = "postgresql"

    def __init__(self, pool: Pool, relay: Pool, lanes: Pool) -> None:
        self._pool = pool
        self._relay = relay
        self._lanes = lanes

    @classmethod
    async def open(
        cls,
        url: str,
        relay_url: str,
        *,
        pool_size_max: int = POOL_SIZE_MAX,
        lane_pool_size_max: int = LANE_POOL_SIZE_MAX,
    ) -> PostgresStore:
        """Connect as the app role and as the relay role; lanes connect when they are used."""
        pool = await _pool(url, pool_size_max)
        relay = await _pool(relay_url, RELAY_POOL_SIZE_MAX)
        lanes = await _pool(url, lane_pool_size_max, min_size=0)
        return cls(pool, relay, lanes)

    @asynccontextmanager
    async def _connection(
        self, pool: Pool, begin: str, tenant: TenantId | None
    ) -> AsyncIterator[Connection]:
        connection = await _acquired(pool, ACQUIRE_TIMEOUT_S)
        try:
            async with _transaction_on(connection, begin + _tenant_setting(tenant)):
                yield connection
        finally:
            await pool.release(connection)

    async def _transaction(
        self,
        pool: Pool,
        tenant: TenantId | None,
        scope: Scope | None,
        job: Callable[[Work], Awaitable[T]],
        begin: str = "BEGIN",
    ) -> T:
        async with self._connection(pool, begin, tenant) as connection:
            return await _done(PostgresWork(connection, tenant, scope), job)

    async def write(self, scope: Scope, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction of the scope's tenant."""
        return await self._transaction(self._pool, scope.tenant_id, scope, job)

    async def lane_write(
        self, scope: Scope, job: Callable[[Work], Awaitable[T]], *, alone: bool
    ) -> T:
        """As ``write``, on a connection of the lanes."""
        begin = "BEGIN" if alone else "BEGIN" + _BATCH
        return await self._transaction(self._lanes, scope.tenant_id, scope, job, begin)

    async def platform_write(self, purpose: str, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction on the platform's own tables."""
        return await self._transaction(self._pool, None, None, job)

    async def relay_write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction as the relay role."""
        return await self._transaction(self._relay, None, None, job)

    async def relay_read(self, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot as the relay role."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        async with self._connection(self._relay, begin, None) as connection:
            return await job(PostgresReader(connection, None))

    async def relay_session(self) -> RelaySession:
        """A connection of the relay role, kept out of its pool."""
        return _PostgresRelaySession(self._relay, await _acquired(self._relay, 5.0))

    async def read(self, tenant_id: TenantId, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot of the tenant's data."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        async with self._connection(self._pool, begin, tenant_id) as connection:
            return await job(PostgresReader(connection, tenant_id))

    async def platform_read(self, purpose: str, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot of the platform's own tables."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        async with self._connection(self._pool, begin, None) as connection:
            return await job(PostgresReader(connection, None))

    async def close(self) -> None:
        """Close all pools; who has not given a connection back by then loses it."""
        for pool in (self._lanes, self._pool, self._relay):
            try:
                await asyncio.wait_for(pool.close(), CLOSE_TIMEOUT_S)
            except TimeoutError:
                pool.terminate()


class _PostgresRelaySession:
    """Leads by an advisory lock, which PostgreSQL gives back when the session ends, however."""

    def __init__(self, pool: Pool, connection: Connection) -> None:
        self._pool = pool
        self._connection = connection

    async def lead(self, role: str) -> bool:
        try:
            lock = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
            return bool(await self._connection.fetchval(lock, role))
        except (pg.PostgresError, pg.InterfaceError, OSError) as error:
            raise translated(error) from error

    async def write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        async with _transaction_on(self._connection, "BEGIN"):
            return await _done(PostgresWork(self._connection, None, None), job)

    async def close(self) -> None:
        """Give up what is led; the pool drops a broken session, and what it led with it."""
        with suppress(pg.PostgresError, pg.InterfaceError, OSError):
            await self._connection.execute("SELECT pg_advisory_unlock_all()")
        await self._pool.release(self._connection)


async def _pool(url: str, size_max: int, *, min_size: int = 1) -> Pool:
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=size_max,
        statement_cache_size=CACHED_STATEMENTS,
        max_cached_statement_lifetime=0,
        server_settings=SESSION_SETTINGS,
        reset=_left_clean,
    )


async def _acquired(pool: Pool, seconds: float) -> Connection:
    """A connection of the pool; whatever keeps it from being lent, nothing has been done yet."""
    try:
        return await pool.acquire(timeout=seconds)
    except TimeoutError as error:
        raise StoreBusy(why="all connections are busy") from error
    except pg.InterfaceError as error:  # the pool is closed
        raise StoreBusy(why="the service is ending") from error
    except (OSError, pg.PostgresError) as error:
        raise StoreBusy(why="the database cannot be reached", retry_after_s=2) from error


@asynccontextmanager
async def _transaction_on(connection: Connection, begin: str) -> AsyncIterator[None]:
    try:
        await connection.execute(begin)
        try:
            yield
            # the answer to COMMIT after an error that somebody swallowed is ROLLBACK
            if await connection.execute("COMMIT") != "COMMIT":
                raise StoreError("the transaction was undone: an error in it was passed over")
        except BaseException:
            # what is raised is told, also to whom it is cancelled for, if the connection breaks now
            with suppress(pg.PostgresError, pg.InterfaceError, OSError):
                await connection.execute("ROLLBACK")
            raise
    except (pg.PostgresError, pg.InterfaceError, OSError) as error:
        raise translated(error) from error


async def _done(work: PostgresWork, job: Callable[[Work], Awaitable[T]]) -> T:
    try:
        answer = await job(work)
        await work.flush()
    except pg.PostgresError as error:
        raise translated(error) from error
    return answer


def _tenant_setting(tenant: TenantId | None) -> str:
    """The second half of the opening message.

    A message of several statements takes no parameters; what is spliced in is the canonical text
    of a UUID object, which holds nothing but hexadecimal digits and hyphens.
    """
    if tenant is None:
        return ""
    assert isinstance(tenant, UUID)
    return f"; SELECT set_config('app.tenant', '{tenant}', true)"


async def _left_clean(connection: Connection) -> None:
    """Nothing to put right: tenant and locks end with the transaction, and it has always ended.

    The driver's own reset would be one more round trip for every transaction.
    """
    assert not connection.is_in_transaction()
