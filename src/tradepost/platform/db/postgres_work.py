"""Reads and transactions of PostgreSQL on one connection; fresh rows leave as one statement."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from asyncpg import exceptions as pg
from sqlalchemy import Table

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.errors import (
    DuplicateKey,
    OutcomeUnknown,
    RuleBroken,
    StoreBusy,
    StoreError,
    TryAgain,
)
from tradepost.platform.db.statement import DIALECTS, Statement
from tradepost.platform.db.types import StoredType
from tradepost.platform.db.work import Look, Reader, Row, Work

Connection = Any  # the pool lends a proxy that speaks like a connection

_AGAIN = (pg.DeadlockDetectedError, pg.SerializationError, pg.LockNotAvailableError)
_FULL_UP = (pg.TooManyConnectionsError, pg.CannotConnectNowError)
_BROKEN = (pg.PostgresConnectionError, pg.AdminShutdownError, pg.InterfaceError, ConnectionError)


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
        names = tuple(rows[0])
        sql, encoders = _update_text(table, names, tuple(keys), adding)
        arrays = [_column(rows, name, encode) for name, encode in zip(names, encoders, strict=True)]
        await self._execute(sql, *arrays, self.tenant_id)

    async def flush(self) -> None:
        pending = self._take_pending()
        if not pending:
            return
        sql, encoders = _insert_text(tuple((table, tuple(rows[0])) for table, rows in pending))
        arrays: list[list[Any]] = []
        for (table, rows), kinds in zip(pending, encoders, strict=True):
            for name, encode in zip(rows[0], kinds, strict=True):
                arrays.append(_column(rows, name, encode))
            assert all(len(row) == len(kinds) for row in rows), table.name
        await self._execute(sql, *arrays)

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


def _column(rows: Sequence[Mapping[str, Any]], name: str, encode: Any) -> list[Any]:
    if encode is None:
        return [row[name] for row in rows]
    return [None if row[name] is None else encode(row[name]) for row in rows]


_UPDATES: dict[Any, tuple[str, list[Any]]] = {}


def _update_text(
    table: Table, names: tuple[str, ...], keys: tuple[str, ...], adding: bool
) -> tuple[str, list[Any]]:
    """One statement that writes many rows; each column travels as an array."""
    found = _UPDATES.get((table.name, names, keys, adding))
    if found is None:
        dialect = DIALECTS["postgresql"]
        kinds = [table.c[name].type for name in names]
        casts = [kind.dialect_impl(dialect).compile(dialect=dialect) for kind in kinds]
        marks = ",".join(f"${i}::{cast}[]" for i, cast in enumerate(casts, start=1))
        before = f"{table.name}.{{0}}+" if adding else ""
        written = [name for name in names if name not in keys]
        sets = ",".join(f"{name}={before.format(name)}v.{name}" for name in written)
        where = " AND ".join(f"{table.name}.{name}=v.{name}" for name in keys)
        sql = (
            f"UPDATE {table.name} SET {sets} FROM unnest({marks}) AS v({','.join(names)})"  # noqa: S608  names of the schema
            f" WHERE {table.name}.tenant_id=${len(names) + 1} AND {where}"
        )
        encoders = [k.encoder("postgresql") if isinstance(k, StoredType) else None for k in kinds]
        found = _UPDATES[(table.name, names, keys, adding)] = (sql, encoders)
    return found


_Shape = tuple[tuple[Table, tuple[str, ...]], ...]
_INSERTS: dict[tuple[tuple[str, tuple[str, ...]], ...], tuple[str, list[list[Any]]]] = {}


def _insert_text(shape: _Shape) -> tuple[str, list[list[Any]]]:
    """One statement that inserts into several tables; each column travels as an array."""
    key = tuple((table.name, names) for table, names in shape)
    found = _INSERTS.get(key)
    if found is not None:
        return found
    dialect = DIALECTS["postgresql"]
    parts: list[str] = []
    encoders: list[list[Any]] = []
    mark = 0
    for table, names in shape:
        kinds = [table.c[name].type for name in names]
        casts = [kind.dialect_impl(dialect).compile(dialect=dialect) for kind in kinds]
        marks = ",".join(f"${mark + i + 1}::{cast}[]" for i, cast in enumerate(casts))
        mark += len(names)
        parts.append(
            f"INSERT INTO {table.name} ({','.join(names)}) SELECT * FROM unnest({marks})"  # noqa: S608  names of the schema
        )
        encoders.append(
            [k.encoder("postgresql") if isinstance(k, StoredType) else None for k in kinds]
        )
    *first, last = parts
    ctes = ", ".join(f"i{i} AS ({part})" for i, part in enumerate(first))
    sql = f"WITH {ctes} {last}" if first else last
    found = _INSERTS[key] = (sql, encoders)
    return found
