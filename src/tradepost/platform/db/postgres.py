"""PostgreSQL: asyncpg, a pool for the app role and a small one for the relay's.

``begin`` and the tenant travel as one message; the tenant holds for the transaction only, so no
connection can carry it into somebody else's (docs/decisions). Fresh rows leave as one statement.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar
from uuid import UUID

from asyncpg import exceptions as pg

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.brief import KnownLong, TooLong
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.postgres_brief import BriefReader
from tradepost.platform.db.postgres_plans import PlanAges
from tradepost.platform.db.postgres_pool import Pool, acquired, pool_of
from tradepost.platform.db.postgres_work import (
    Connection,
    PostgresReader,
    PostgresWork,
    translated,
)
from tradepost.platform.db.work import Reader, RelaySession, Work
from tradepost.platform.patience import OF_LANES, OF_RELAY, PATIENCE, STATEMENT_S, Patience
from tradepost.platform.retrying import retried

T = TypeVar("T")
POOL_SIZE_MAX = 16
RELAY_POOL_SIZE_MAX = 4
LANE_POOL_SIZE_MAX = 4
CLOSE_TIMEOUT_S = 10.0
STATEMENT_S_MAX = 60.0
ASLEEP_S = 8.0
"""A leader that has said nothing for so long leads no more."""
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
MANY = 8
"""From so many wishes on a batch pays for plans of its own."""
_MADE_FOR_MANY = "; SET LOCAL plan_cache_mode = force_custom_plan"
"""A plan that is kept reckons with lists of ten. For eight times as many one that is made for them
saves more than it costs; planning was a third of what few wishes cost the database."""


class PostgresStore:
    """A database under row-level security, reached as roles that cannot step around it."""

    dialect = "postgresql"

    def __init__(self, pool: Pool, relay: Pool, lanes: Pool) -> None:
        self._pool = pool
        self._relay = relay
        self._lanes = lanes
        self._long = KnownLong()
        self._plans = PlanAges()

    @classmethod
    async def open(
        cls,
        url: str,
        relay_url: str,
        *,
        pool_size_max: int = POOL_SIZE_MAX,
        lane_pool_size_max: int = LANE_POOL_SIZE_MAX,
        statement_s_max: float = STATEMENT_S_MAX,
    ) -> PostgresStore:
        """Connect as the app role and as the relay role; lanes connect when they are used."""
        pool = await pool_of(url, pool_size_max, statement_s_max)
        relay = await pool_of(relay_url, RELAY_POOL_SIZE_MAX, STATEMENT_S_MAX)
        lanes = await pool_of(url, lane_pool_size_max, statement_s_max, min_size=0)
        return cls(pool, relay, lanes)

    @asynccontextmanager
    async def _connection(
        self, pool: Pool, begin: str, tenant: TenantId | None
    ) -> AsyncIterator[Connection]:
        """A connection in a transaction."""
        patience = self._patience(pool)
        seconds = patience.read_s if begin.startswith(_SNAPSHOT) else patience.write_s
        async with (
            self._lent(pool, patience, seconds) as connection,
            _transaction_on(
                connection, begin + self._plans.due(connection) + _tenant_setting(tenant)
            ),
        ):
            yield connection

    @asynccontextmanager
    async def _lent(
        self, pool: Pool, patience: Patience, seconds: float | None
    ) -> AsyncIterator[Connection]:
        """A connection, which is cut off if what it is wanted for is not over in time."""
        connection = await acquired(pool, patience.connection_s)
        # cut, not cancelled: a cancelled statement waits for a server that may be out of reach
        loop = asyncio.get_running_loop()
        late = None if seconds is None else loop.call_later(seconds, connection.terminate)
        try:
            yield connection
        finally:
            if late is not None:
                late.cancel()
            await pool.release(connection)

    def _patience(self, pool: Pool) -> Patience:
        if pool is self._pool:
            return PATIENCE.get()
        return OF_LANES if pool is self._lanes else OF_RELAY

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
        self, scope: Scope, job: Callable[[Work], Awaitable[T]], *, wishes: int
    ) -> T:
        """As ``write``, on a connection of the lanes."""
        begin = "BEGIN" if wishes < MANY else "BEGIN" + _MADE_FOR_MANY
        return await self._transaction(self._lanes, scope.tenant_id, scope, job, begin)

    async def platform_write(self, purpose: str, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction on the platform's own tables."""
        return await self._transaction(self._pool, None, None, job)

    async def relay_write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction as the relay role."""
        return await self._transaction(self._relay, None, None, job)

    async def relay_read(self, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot as the relay role: of one statement by itself, or of a transaction."""
        with suppress(TooLong):
            async with self._lent(self._relay, OF_RELAY, OF_RELAY.read_s) as connection:
                return await job(BriefReader(connection, None, self._long))
        async with self._connection(self._relay, _SNAPSHOT, None) as connection:
            return await job(PostgresReader(connection, None))

    async def relay_session(self) -> RelaySession:
        """A connection of the relay role, kept out of its pool."""
        connection = await acquired(self._relay, OF_RELAY.connection_s)
        session = _PostgresRelaySession(self._relay, connection, self._plans)
        try:
            await session.open()
        except StoreError:
            await session.close()
            raise
        return session

    async def read(self, tenant_id: TenantId, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot of the tenant's data: of one statement by itself, or of a transaction."""
        patience = PATIENCE.get()
        if patience.read_s is None or patience.read_s <= STATEMENT_S:

            async def briefly() -> T:
                async with self._lent(self._pool, patience, patience.read_s) as connection:
                    return await job(BriefReader(connection, tenant_id, self._long))

            with suppress(TooLong):
                return await retried(briefly, keyed=True)
        return await self._snapshot(tenant_id, job)

    async def platform_read(self, purpose: str, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot of the platform's own tables."""
        return await self._snapshot(None, job)

    async def _snapshot(self, tenant: TenantId | None, job: Callable[[Reader], Awaitable[T]]) -> T:
        seconds = PATIENCE.get().read_s
        begin = _SNAPSHOT
        if seconds is not None and seconds > STATEMENT_S:
            begin += f"; SET LOCAL statement_timeout = {round(seconds * 1000)}"

        async def once() -> T:
            async with self._connection(self._pool, begin, tenant) as connection:
                return await job(PostgresReader(connection, tenant))

        return await retried(once, keyed=True)  # reading twice does no harm

    async def close(self) -> None:
        """Close all pools; who has not given a connection back by then loses it."""
        for pool in (self._lanes, self._pool, self._relay):
            try:
                await asyncio.wait_for(pool.close(), CLOSE_TIMEOUT_S)
            except TimeoutError:
                pool.terminate()


class _PostgresRelaySession:
    """Leads by an advisory lock, which PostgreSQL gives back when the session ends, however."""

    def __init__(self, pool: Pool, connection: Connection, plans: PlanAges) -> None:
        self._pool = pool
        self._connection = connection
        self._plans = plans
        self._hold_at = 0.0

    async def open(self) -> None:
        """Have PostgreSQL end the session of a sleeper, so that somebody else can lead."""
        await self._said(f"SET idle_session_timeout = {round(ASLEEP_S * 1000)}")

    async def hold(self) -> None:
        """A word every few seconds is enough."""
        now = time.monotonic()
        if now >= self._hold_at:
            await self._said("SELECT 1")
            self._hold_at = now + ASLEEP_S / 4

    async def _said(self, sql: str) -> None:
        try:
            await self._connection.execute(sql)
        except (pg.PostgresError, pg.InterfaceError, OSError) as error:
            raise translated(error) from error

    async def lead(self, role: str) -> bool:
        try:
            lock = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
            return bool(await self._connection.fetchval(lock, role))
        except (pg.PostgresError, pg.InterfaceError, OSError) as error:
            raise translated(error) from error

    async def write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        begin = "BEGIN" + self._plans.due(self._connection)
        async with _transaction_on(self._connection, begin):
            return await _done(PostgresWork(self._connection, None, None), job)

    async def close(self) -> None:
        """Give up what is led; the pool drops a broken session, and what it led with it."""
        with suppress(pg.PostgresError, pg.InterfaceError, OSError):
            await self._connection.execute("RESET idle_session_timeout")
            await self._connection.execute("SELECT pg_advisory_unlock_all()")
        await self._pool.release(self._connection)


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
