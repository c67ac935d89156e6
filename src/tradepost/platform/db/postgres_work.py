"""Reads and transactions of PostgreSQL on one connection; rows that are written leave together."""

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
    StoreFull,
    TryAgain,
)
from tradepost.platform.db.statement import Statement
from tradepost.platform.db.work import Look, Reader, Row, Work

Connection = Any  # the pool lends a proxy that speaks like a connection

_AGAIN = (
    pg.DeadlockDetectedError,
    pg.SerializationError,
    pg.LockNotAvailableError,
    pg.IdleInTransactionSessionTimeoutError,
)
_FULL_UP = (pg.TooManyConnectionsError, pg.CannotConnectNowError)
_BROKEN = (
    pg.PostgresConnectionError,
    pg.AdminShutdownError,
    pg.CrashShutdownError,
    pg.IdleSessionTimeoutError,
    pg.InterfaceError,
    OSError,
)


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
        said = StoreFull()
    elif isinstance(error, pg.QueryCanceledError):
        said = StoreBusy(why="it takes too long")
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
        self._ahead: list[tuple[Look, list[Row]]] = []

    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        for place, (look, known) in enumerate(self._ahead):
            if look == (statement, values):
                del self._ahead[place]
                return known
        compiled = statement.compiled("postgresql")
        bound = compiled.bind(self._with_tenant(values))
        rows = await self._fetch(statement, compiled.sql, bound)
        return [compiled.decode(row) for row in rows]

    async def look_ahead(self, *looks: Look) -> None:
        """Ask for what locks nothing; a lock taken here would be taken too early."""
        looks = tuple(one for one in looks if not one[0].locks)
        if len(looks) < 2:
            return
        forms = [statement.compiled("postgresql") for statement, _ in looks]
        bound: list[Any] = []
        for form, (_, values) in zip(forms, looks, strict=True):
            bound += form.bind(self._with_tenant(dict(values)))
        (found,) = await self._fetch(looks[0][0], postgres_text.together(forms), bound)
        rows = [[form.decode(row) for row in part] for form, part in zip(forms, found, strict=True)]
        self._ahead = list(zip(looks, rows, strict=True))

    async def _fetch(self, first: Statement, sql: str, values: Sequence[Any]) -> list[Any]:
        """Run a text that a statement, and perhaps others after it, was made into."""
        try:
            rows: list[Any] = await self._connection.fetch(sql, *values)
        except (pg.PostgresError, pg.InterfaceError, OSError) as error:
            raise translated(error) from error
        return rows


class PostgresWork(Work, PostgresReader):
    """One transaction that may write."""

    def __init__(
        self, connection: Connection, tenant_id: TenantId | None, scope: Scope | None
    ) -> None:
        Work.__init__(self)
        PostgresReader.__init__(self, connection, tenant_id)
        self.scope = scope
        self._changes: dict[Table, postgres_text.Change] = {}

    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        await self._settle(statement)
        if statement.writes or statement.locks:  # may wait: what was read before is old then
            self._ahead = []
        return await PostgresReader.all(self, statement, **values)

    async def look_ahead(self, *looks: Look) -> None:
        for statement, _ in looks:
            await self._settle(statement)
        await PostgresReader.look_ahead(self, *looks)

    async def _settle(self, statement: Statement) -> None:
        if any(table in self._changes for table in statement.tables):
            await self.flush()
        await Work._settle(self, statement)

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
            self._ahead = []
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
        if table in self._pending or table in self._changes:
            await self.flush()  # one statement changes no row twice
        self._changes[table] = postgres_text.Change(table, tuple(keys), rows, adding)

    async def flush(self) -> None:
        pending, changes = self._take_pending(), list(self._changes.values())
        self._changes = {}
        if pending or changes:
            sql, values = postgres_text.written(pending, changes, self.tenant_id)
            await self._execute(sql, *values)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        await self.flush()
        await self._execute("SAVEPOINT attempt")
        try:
            yield
            await self.flush()
        except BaseException:
            self._pending, self._changes = {}, {}
            await self._execute("ROLLBACK TO SAVEPOINT attempt")
            raise
        finally:
            await self._execute("RELEASE SAVEPOINT attempt")

    async def _execute(self, sql: str, *values: Any) -> str:
        self._ahead = []
        try:
            said: str = await self._connection.execute(sql, *values)
        except (pg.PostgresError, pg.InterfaceError, OSError) as error:
            raise translated(error) from error
        return said
