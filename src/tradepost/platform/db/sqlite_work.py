"""Reads and transactions of SQLite on one connection, run to their end without waiting."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Table

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.errors import (
    DuplicateKey,
    RuleBroken,
    StoreBusy,
    StoreError,
    TransactionGone,
    TryAgain,
)
from tradepost.platform.db.statement import Statement, expand_lists
from tradepost.platform.db.types import StoredType
from tradepost.platform.db.work import Reader, Row, Work

T = TypeVar("T")


def run_to_end(job: Awaitable[T]) -> T:
    """Drive a coroutine that never really waits; one that does is a defect."""
    steps = job.__await__()
    try:
        next(steps)
    except StopIteration as done:
        value: T = done.value
        return value
    raise RuntimeError("a job waited for something other than its store inside a transaction")


def translated(error: sqlite3.Error) -> Exception:
    """The error of the driver in the store's own words."""
    text = str(error)
    code = getattr(error, "sqlite_errorcode", 0)
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return DuplicateKey(text.removeprefix("UNIQUE constraint failed: "))
    if isinstance(error, sqlite3.IntegrityError):
        return RuleBroken(text)
    if code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
        return StoreBusy(why="the disk is full", retry_after_s=60)
    if code & 0xFF == sqlite3.SQLITE_IOERR:
        return StoreBusy(why=f"the disk failed ({text})", retry_after_s=60)
    if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TryAgain(text)
    return StoreError(text)


class SqliteReader(Reader):
    """Reads on one connection."""

    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection, tenant_id: TenantId | None) -> None:
        self._connection = connection
        self.tenant_id = tenant_id

    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        compiled = statement.compiled("sqlite")
        sql, bound = expand_lists(compiled, compiled.bind(self._with_tenant(values)))
        try:
            rows = self._connection.execute(sql, bound).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return [compiled.decode(row) for row in rows] if compiled.decoders else rows

    def _failed(self, error: sqlite3.Error) -> Exception:
        return translated(error)


class SqliteWork(Work, SqliteReader):
    """One transaction on the writer's connection."""

    def __init__(
        self, connection: sqlite3.Connection, tenant_id: TenantId | None, scope: Scope | None
    ) -> None:
        Work.__init__(self)
        SqliteReader.__init__(self, connection, tenant_id)
        self.scope = scope

    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        await self._settle(statement)
        return await SqliteReader.all(self, statement, **values)

    async def run(self, statement: Statement, **values: Any) -> int:
        await self._settle(statement)
        compiled = statement.compiled("sqlite")
        sql, bound = expand_lists(compiled, compiled.bind(self._with_tenant(values)))
        try:
            return self._connection.execute(sql, bound).rowcount
        except sqlite3.Error as error:
            raise self._failed(error) from error

    async def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        await self._settle(statement)
        compiled = statement.compiled("sqlite")
        bound = (compiled.bind(self._with_tenant(dict(row))) for row in rows)
        try:
            self._connection.executemany(compiled.sql, bound)
        except sqlite3.Error as error:
            raise self._failed(error) from error

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
        sql, order, encoders = _update_text(table, tuple(rows[0]), tuple(keys), adding)
        tenant = self.tenant_id.bytes if self.tenant_id else None
        bound = (
            [
                *(
                    _encoded(encode, row[name])
                    for name, encode in zip(order, encoders, strict=True)
                ),
                tenant,
            ]
            for row in rows
        )
        try:
            self._connection.executemany(sql, bound)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    async def flush(self) -> None:
        for table, rows in self._take_pending():
            sql, encoders = _insert_text(table, tuple(rows[0]))
            bound = (
                [_encoded(*pair) for pair in zip(encoders, row.values(), strict=True)]
                for row in rows
            )
            try:
                self._connection.executemany(sql, bound)
            except sqlite3.Error as error:
                raise self._failed(error) from error

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        await self.flush()
        self._mark("SAVEPOINT attempt")
        try:
            yield
            await self.flush()
        except BaseException:
            self._pending = {}
            if self._connection.in_transaction:
                self._mark("ROLLBACK TO attempt")
                self._mark("RELEASE attempt")
            raise
        self._mark("RELEASE attempt")

    def _mark(self, sql: str) -> None:
        try:
            self._connection.execute(sql)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: sqlite3.Error) -> Exception:
        """The error in the store's words; when the disk is full, SQLite undoes all by itself."""
        told = translated(error)
        return told if self._connection.in_transaction else TransactionGone(told)


_INSERTS: dict[tuple[str, tuple[str, ...]], tuple[str, list[Any]]] = {}


_UPDATES: dict[Any, tuple[str, tuple[str, ...], list[Any]]] = {}


def _encoded(encode: Any, value: Any) -> Any:
    return value if encode is None or value is None else encode(value)


def _update_text(
    table: Table, names: tuple[str, ...], keys: tuple[str, ...], adding: bool
) -> tuple[str, tuple[str, ...], list[Any]]:
    found = _UPDATES.get((table.name, names, keys, adding))
    if found is None:
        written = [name for name in names if name not in keys]
        sets = ",".join(f"{name}={name}+?" if adding else f"{name}=?" for name in written)
        where = " AND ".join(f"{name}=?" for name in (*keys, "tenant_id"))
        sql = f"UPDATE {table.name} SET {sets} WHERE {where}"  # noqa: S608  names of the schema
        order = (*written, *keys)
        kinds = [table.c[name].type for name in order]
        encoders = [k.encoder("sqlite") if isinstance(k, StoredType) else None for k in kinds]
        found = _UPDATES[(table.name, names, keys, adding)] = (sql, order, encoders)
    return found


def _insert_text(table: Table, names: tuple[str, ...]) -> tuple[str, list[Any]]:
    found = _INSERTS.get((table.name, names))
    if found is None:
        marks = ",".join("?" * len(names))
        sql = f"INSERT INTO {table.name} ({','.join(names)}) VALUES ({marks})"  # noqa: S608  names of the schema
        kinds = [table.c[name].type for name in names]
        encoders = [k.encoder("sqlite") if isinstance(k, StoredType) else None for k in kinds]
        found = _INSERTS[(table.name, names)] = (sql, encoders)
    return found
