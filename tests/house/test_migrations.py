"""No table changes without its revision: a quick look; tests/migrations compares to the last."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests import stores
from tradepost.migrations.sqlite import upgrade_connection
from tradepost.platform.db.sqlite_file import connect


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def test_the_migrations_make_the_tables_that_are_declared() -> None:
    with closing(connect(None)) as connection:
        upgrade_connection(connection)
        made = {name: _columns(connection, name) for name in stores.TABLES}
        indexes = {row[1] for row in connection.execute("SELECT type, name FROM sqlite_master")}
    declared = {name: set(table.c.keys()) for name, table in stores.TABLES.items()}
    assert made == declared, "write a revision: bin/migration --first"
    for table in stores.TABLES.values():
        assert {index.name for index in table.indexes} <= indexes, "bin/migration --first"
