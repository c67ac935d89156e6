"""Reads and transactions of SQLite on one connection, run to their end without waiting."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import Table

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db import sqlite_text
from tradepost.platform.db.errors import (
    DuplicateKey,
    RuleBroken,
    StoreBusy,
    StoreError,
    StoreFull,
    TransactionGone,
    TryAgain,
)
from tradepost.platform.db.statement import Statement, expand_lists
from tradepost.platform.db.work import Look, Reader, Row, Work

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
    kind = code & 0xFF
    said: Exception = StoreError(text)
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        said = DuplicateKey(text.removeprefix("UNIQUE constraint failed: "))
    elif isinstance(error, sqlite3.IntegrityError):
        said = RuleBroken(text)
    elif kind == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
        said = StoreFull()
    elif kind == sqlite3.SQLITE_IOERR:
        said = StoreBusy(why=f"the disk failed ({text})", retry_after_s=60)
    elif kind == sqlite3.SQLITE_INTERRUPT:
        said = StoreBusy(why="it takes too long")
    elif kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        said = TryAgain(text)
    return said


class SqliteReader(Reader):
    """Reads on one connection."""

    dialect = "sqlite"

    def __init__(self, connection: sqlite3.Connection, tenant_id: TenantId | None) -> None:
        self._connection = connection
        self.tenant_id = tenant_id
        self._ahead: list[tuple[Look, list[Row]]] = []

    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        for place, (look, known) in enumerate(self._ahead):
            if look == (statement, values):
                del self._ahead[place]
                return known
        compiled = statement.compiled("sqlite")
        sql, bound = expand_lists(compiled, compiled.bind(self._with_tenant(values)))
        rows = self._rows(statement, sql, bound)
        return [compiled.decode(row) for row in rows] if compiled.decoders else rows

    async def look_ahead(self, *looks: Look) -> None:
        if len(looks) < 2:
            return
        bound = [dict(values) for _, values in looks]
        sql, values = sqlite_text.together(
            [one for one, _ in looks], [self._with_tenant(one) for one in bound]
        )
        if len(values) > sqlite_text.VALUES_MAX:
            return
        found: list[list[Row]] = [[] for _ in looks]
        forms = [one.compiled("sqlite") for one, _ in looks]
        for which, *row in self._rows(looks[0][0], sql, values):
            found[which].append(forms[which].decode(row[: forms[which].width]))
        self._ahead = list(zip(looks, found, strict=True))

    def _rows(self, first: Statement, sql: str, values: Sequence[Any]) -> list[Row]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def _failed(self, error: sqlite3.Error) -> Exception:
        return translated(error)


class SqliteWork(Work, SqliteReader):
    """One transaction on the writer's connection."""

    is_alone = True

    def __init__(
        self, connection: sqlite3.Connection, tenant_id: TenantId | None, scope: Scope | None
    ) -> None:
        Work.__init__(self)
        SqliteReader.__init__(self, connection, tenant_id)
        self.scope = scope

    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        await self._settle(statement)
        if statement.writes:  # and returns rows
            self._ahead = []
        return await SqliteReader.all(self, statement, **values)

    async def run(self, statement: Statement, **values: Any) -> int:
        await self._settle(statement)
        compiled = statement.compiled("sqlite")
        sql, bound = expand_lists(compiled, compiled.bind(self._with_tenant(values)))
        self._ahead = []
        try:
            return self._connection.execute(sql, bound).rowcount
        except sqlite3.Error as error:
            raise self._failed(error) from error

    async def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        await self._settle(statement)
        compiled = statement.compiled("sqlite")
        bound = (compiled.bind(self._with_tenant(dict(row))) for row in rows)
        self._write_each(compiled.sql, bound)

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
        together = len(rows) if 1 < len(rows) <= sqlite_text.ROWS_TOGETHER_MAX else 1
        change = sqlite_text.Change(table, tuple(rows[0]), tuple(keys), adding, together)
        sql, encoders = sqlite_text.update(change)
        bound = (sqlite_text.encoded(row, encoders) for row in rows)
        tenant = self.tenant_id.bytes if self.tenant_id else None
        if together > 1:
            self._write_each(sql, [[*chain.from_iterable(bound), tenant]])
        else:
            self._write_each(sql, ([*row, tenant] for row in bound))

    async def flush(self) -> None:
        for table, common, fresh in self._take_pending():
            rows = [{**common, **row} for row in fresh]
            together = len(rows) if len(rows) <= sqlite_text.ROWS_TOGETHER_MAX else 1
            sql, encoders = sqlite_text.insertion(table, tuple(rows[0]), together)
            bound = (sqlite_text.encoded(row, encoders) for row in rows)
            self._write_each(sql, [list(chain.from_iterable(bound))] if together > 1 else bound)

    def _write_each(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each set of values; what was looked at ahead is old now."""
        self._ahead = []
        try:
            self._connection.executemany(sql, rows)
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
            self._ahead = []
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
