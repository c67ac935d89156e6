"""The one store of a history: SQLite in memory, stepped by hand, put back when it is over.

A history runs inside a transaction of its own and its transactions are savepoints of that, so that
the shop it began with is there again for the next one, with every prepared statement. Whole
transactions follow one another, as they do on SQLite; what PostgreSQL does between the statements
of two transactions is looked at in ``stepping.py``.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, TextClause

from tests import stores
from tests.simulation.chance import SimIds
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.sqlite_file import connect
from tradepost.platform.db.sqlite_work import SqliteReader, SqliteWork, run_to_end, translated
from tradepost.platform.db.statement import Statement
from tradepost.platform.db.work import Reader, Work
from tradepost.platform.outbox import outbox

T = TypeVar("T")
Job = Callable[[Work], Awaitable[Any]]


@dataclass
class Committed:
    """What one transaction left behind."""

    kind: str
    scope: Scope | None
    tables: set[str] = field(default_factory=set)
    facts: list[Mapping[str, Any]] = field(default_factory=list)
    effects: list[tuple[str, UUID, UUID, int]] = field(default_factory=list)
    """Consumer, event, document and number in the log of each fact that had its effect."""


@dataclass
class Played:
    """A transaction as it can be played again elsewhere."""

    kind: str
    scope: Scope | None
    job: Job
    now: datetime
    drawn: list[UUID]
    ids: SimIds
    answer: Any


@cache
def _written_by(statement: Statement) -> frozenset[str]:
    """The tables that a statement writes; those of a text by its words."""
    if statement.writes:
        return frozenset({statement.element.table.name})
    if isinstance(statement.element, TextClause):
        return frozenset(re.findall(_WRITTEN, statement.element.text, re.IGNORECASE))
    return frozenset()


_WRITTEN = r"(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)"


class SimWork(SqliteWork):
    """A transaction that notes which tables it writes and what it tells."""

    def __init__(
        self, connection: sqlite3.Connection, tenant_id: TenantId | None, left: Committed
    ) -> None:
        super().__init__(connection, tenant_id, left.scope)
        self.left = left

    def add(self, table: Table, *rows: Mapping[str, Any]) -> None:
        super().add(table, *rows)
        if rows:
            self.left.tables.add(table.name)
            if table is outbox:
                self.left.facts.extend(rows)

    async def update_rows(
        self,
        table: Table,
        keys: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        *,
        adding: bool = False,
    ) -> None:
        self.left.tables.add(table.name)
        await super().update_rows(table, keys, rows, adding=adding)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        facts = len(self.left.facts)
        try:
            async with super().attempt():
                yield
        except BaseException:
            del self.left.facts[facts:]
            raise

    async def _settle(self, statement: Statement) -> None:
        """Every statement passes here before it runs."""
        self.left.tables |= _written_by(statement)
        await super()._settle(statement)


class Disk:
    """The connection that every process's store hands its transactions to."""

    def __init__(self) -> None:
        self.connection = connect(None)
        with closing(sqlite3.connect(stores.sqlite_template())) as source:
            source.backup(self.connection)

    def begin(self) -> None:
        """From here on everything can be put back."""
        self.connection.execute("BEGIN IMMEDIATE")

    def put_back(self) -> None:
        """Everything is as it was at the beginning."""
        self.connection.execute("ROLLBACK")

    def transact(self, tenant: TenantId | None, left: Committed, job: Job, *, keep: bool) -> Any:
        """Run one transaction to its end; without ``keep`` it is undone after all."""

        async def whole(work: SimWork) -> Any:
            answer = await job(work)
            await work.flush()
            return answer

        run = self.connection.execute
        before = self.connection.total_changes
        run("SAVEPOINT sim")
        try:
            answer = run_to_end(whole(SimWork(self.connection, tenant, left)))
        except BaseException as error:
            run("ROLLBACK TO sim")
            run("RELEASE sim")
            raise (translated(error) if isinstance(error, sqlite3.Error) else error) from error
        if not keep:
            run("ROLLBACK TO sim")
        elif self.connection.total_changes == before:
            left.tables.clear()
        run("RELEASE sim")
        return answer

    def read(self, tenant: TenantId | None, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot."""
        return run_to_end(job(SqliteReader(self.connection, tenant)))
