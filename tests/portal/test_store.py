"""The portal's own store: its revisions make what the product declares, on both databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import asyncpg
import pytest
from sqlalchemy.schema import CreateIndex, CreateTable

from tests import servers
from tradepost.platform.db.errors import SchemaBehind
from tradepost.platform.db.statement import DIALECTS
from tradepost.portal.migrations import head, migrate_postgres, migrate_sqlite
from tradepost.portal.migrations.history import VERSION_TABLE
from tradepost.portal.storage.tables import metadata

_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
 WHERE table_schema = 'public' ORDER BY 1, ordinal_position
"""
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace ORDER BY 1
"""


def _declared(dialect: str) -> list[str]:
    """What the tables say of themselves."""
    tables = metadata.sorted_tables
    indexes = sorted((one for table in tables for one in table.indexes), key=lambda x: str(x.name))
    made: list[CreateTable | CreateIndex] = [*map(CreateTable, tables), *map(CreateIndex, indexes)]
    return [str(one.compile(dialect=DIALECTS[dialect])) for one in made]


def _shape(connection: sqlite3.Connection) -> list[tuple[str, object]]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> ? ORDER BY 1",
        (VERSION_TABLE,),
    ).fetchall()
    looks = ("table_info", "foreign_key_list", "index_list")
    return [
        (name, [_rows(connection, f"PRAGMA {look}({name})") for look in looks]) for (name,) in names
    ]


def _rows(connection: sqlite3.Connection, statement: str) -> list[str]:
    """What it says, without the numbers of its lines."""
    return sorted(str(row[1:]) for row in connection.execute(statement))


def test_sqlite_is_made_once_and_as_declared() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as migrated:
        assert [migrate_sqlite(migrated) for _ in range(2)] == [head(), head()]
        with closing(sqlite3.connect(":memory:")) as declared:
            for statement in _declared("sqlite"):
                declared.execute(statement)
            assert _shape(migrated) == _shape(declared)


def test_a_store_of_a_newer_portal_is_left_alone() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate_sqlite(connection)
        connection.execute(f"INSERT INTO {VERSION_TABLE} VALUES ('9999')")
        with pytest.raises(SchemaBehind):
            migrate_sqlite(connection)


async def test_postgresql_is_made_once_and_as_declared(postgres_url: str) -> None:
    shapes = []
    for migrates in (True, False):
        url = await servers.create_database(postgres_url)
        connection = await asyncpg.connect(url)
        if migrates:
            assert [await migrate_postgres(connection) for _ in range(2)] == [head(), head()]
            await connection.execute(f"DROP TABLE {VERSION_TABLE}")
        else:
            for statement in _declared("postgresql"):
                await connection.execute(statement)
        looks = (_COLUMNS, _INDEXES, _CONSTRAINTS)
        shapes.append([[tuple(row) for row in await connection.fetch(look)] for look in looks])
        await connection.close()
        await servers.drop_database(url)
    assert shapes[0] == shapes[1]
