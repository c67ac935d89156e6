"""Brief reads of SQLite, done where they are asked for.

To hand a read to a thread costs several times what most of them do, since the two take the
interpreter from each other with every row. So the event loop reads by itself, a bounded number of
SQLite's own steps; a read that would go on is begun anew in a thread, and from then on there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tradepost.kernel.ids import TenantId
from tradepost.platform.db.brief import KnownLong, TooLong
from tradepost.platform.db.sqlite_file import connect
from tradepost.platform.db.sqlite_work import SqliteReader, run_to_end
from tradepost.platform.db.statement import Statement
from tradepost.platform.db.work import Reader, Row

T = TypeVar("T")
STEPS_MAX = 100_000
"""Instructions of SQLite's machine that a brief read takes: a few milliseconds."""
STEPS_A_LOOK = 5_000
"""After so many of them it is looked at how many there have been."""
LOOKS_MAX = 32


class BriefReads:
    """Reads on a connection of the event loop's own."""

    def __init__(self, path: Path) -> None:
        self.connection = connect(path, read_only=True)
        self.connection.execute("PRAGMA busy_timeout=0")
        self.connection.set_progress_handler(self._is_too_long, STEPS_A_LOOK)
        self._long = KnownLong()
        self._steps = 0

    def read(self, tenant_id: TenantId, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot of the tenant's data.

        :raises TooLong: if it takes too much for the event loop to wait for.
        """
        self._steps = 0
        self.connection.execute("BEGIN")
        try:
            return run_to_end(job(_BriefReader(self.connection, tenant_id, self._long)))
        finally:
            self.connection.execute("ROLLBACK")

    def _is_too_long(self) -> bool:
        self._steps += STEPS_A_LOOK
        return self._steps > STEPS_MAX


class _BriefReader(SqliteReader):
    def __init__(
        self, connection: sqlite3.Connection, tenant_id: TenantId, long: KnownLong
    ) -> None:
        super().__init__(connection, tenant_id)
        self._tenant = tenant_id
        self._long = long
        self._first: Statement | None = None
        self._looks = 0

    def _rows(self, first: Statement, sql: str, values: Sequence[Any]) -> list[Row]:
        if self._first is None:
            self._long.check(self._tenant, first)
            self._first = first
        self._looks += 1
        if self._looks > LOOKS_MAX:
            self._give_up(self._first)
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code == sqlite3.SQLITE_INTERRUPT:
                self._give_up(self._first)
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):  # a thread can wait
                raise TooLong from error
            raise self._failed(error) from error

    def _give_up(self, first: Statement) -> None:
        self._long.note(self._tenant, first)
        raise TooLong
