"""Reads and transactions of PostgreSQL on one connection; fresh rows leave as one statement."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from asyncpg import exceptions as pg
from sqlalchemy import Table

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db import postgres_text
from tradepost.platform.db.errors import (
    DuplicateKey,
    OutcomeUnknown,
    RuleBroken,
    StoreBusy,
    StoreError,
    TryAgain,
)
from tradepost.platform.db.statement import Statement
from tradepost.platform.db.work import Look, Reader, Row, Work

Connection = Any  # the pool lends a proxy that speaks like a connection

_AGAIN = (pg.DeadlockDetectedError, pg.SerializationError, pg.LockNotAvailableError)
_FULL_UP = (pg.TooManyConnectionsError, pg.CannotConnectNowError)
_BROKEN = (pg.PostgresConnectionError, pg.AdminShutdownError, pg.InterfaceError, OSError)


def translated(error: Exception) -> Exception:
    """The error of the driver in the store's own words."""
    said: Exception = error
    if isinstance(error, pg.UniqueViolationError):
        said = DuplicateKey(error.constraint_name or str(error))
    elif isinstance(error, pg.IntegrityConstraintViolationError):
        said = RuleBroken(str(error))
    elif isinstance(error, _AGAIN):
        said = TryAgain(str(error))
    elif isinstance(error, pg.DiskFullError):
        said = StoreBusy(why="the disk is full", retry_after_s=60)
    elif isinstance(error, _FULL_UP):
        said = StoreBusy(why="the database takes no more connections", retry_after_s=2)
    elif isinstance(error, _BROKEN):
        said = OutcomeUnknown(str(error))
    elif isinstance(error, pg.PostgresError):
        said = StoreError(f"{error.sqlstate}: {error}")
    return said


class PostgresReader(Reader):
    """Reads inside one transaction."""

    dialect = "postgresql"

    def __init__(self, connection: Connection, tenant_id: TenantId | None) -> None:
        self._connection = connection
        self.tenant_id = tenant_id

    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        compiled = statement.compiled("postgresql")
        bound = compiled.bind(self._with_tenant(values))
        try:
            rows = await self._connection.fetch(compiled.sql, *bound)
        except (pg.PostgresError, pg.InterfaceError, OSError) as error:
            raise translated(error) from error
        return [compiled.decode(row) for row in rows]

    async def look_ahead(self, *looks: Look) -> None:
        """Nothing: a lock taken here would be taken too early."""


class PostgresWork(Work, PostgresReader):
    """One transaction that may write."""

    def __init__(
        self, connection: Connection, tenant_id: TenantId | None, scope: Scope | None
    ) -> None:
        Work.__init__(self)
        PostgresReader.__init__(self, connection, tenant_id)
        self.scope = scope

    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        await self._settle(statement)
        return await PostgresReader.all(self, statement, **values)

    async def run(self, statement: Statement, **values: Any) -> int:
        await self._settle(statement)
        compiled = statement.compiled("postgresql")
        said = await self._execute(compiled.sql, *compiled.bind(self._with_tenant(values)))
        last = said.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0

    async def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        await self._settle(statement)
        compiled = statement.compiled("postgresql")
        bound = [compiled.bind(self._with_tenant(dict(row))) for row in rows]
        if len(bound) == 1:
            await self._execute(compiled.sql, *bound[0])
        elif bound:
            try:
                await self._connection.executemany(compiled.sql, bound)
            except (pg.PostgresError, pg.InterfaceError, OSError) as error:
                raise translated(error) from error

    async def update_rows(
        self,
        table: Table,
        keys: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        *,
        adding: bool = False,
    ) -> None:
        if not rows:
            return
        if table in self._pending:
            await self.flush()
        sql, values = postgres_text.update(table, tuple(keys), rows, adding=adding)
        await self._execute(sql, *values, self.tenant_id)

    async def flush(self) -> None:
        pending = self._take_pending()
        if not pending:
            return
        sql, values = postgres_text.insertion(pending)
        await self._execute(sql, *values)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        await self.flush()
        await self._execute("SAVEPOINT attempt")
        try:
            yield
            await self.flush()
        except BaseException:
            self._pending = {}
            await self._execute("ROLLBACK TO SAVEPOINT attempt")
            raise
        finally:
            await self._execute("RELEASE SAVEPOINT attempt")

    async def _execute(self, sql: str, *values: Any) -> str:
        try:
            said: str = await self._connection.execute(sql, *values)
        except (pg.PostgresError, pg.InterfaceError, OSError) as error:
            raise translated(error) from error
        return said
