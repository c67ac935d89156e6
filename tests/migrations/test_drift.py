"""The migrations make exactly the tables that the contexts declare, on both databases."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from tests import servers, stores
from tradepost.migrations import authoring, history
from tradepost.migrations.postgres import statements_since
from tradepost.migrations.sqlite import upgrade_connection
from tradepost.platform.db.schema import metadata
from tradepost.platform.db.sqlite_file import connect
from tradepost.platform.db.statement import DIALECTS
from tradepost.platform.db.types import DayType, IdType

REMEDY = "write a revision: bin/migration"


def declared(dialect: str) -> list[str]:
    """The statements that make the declared tables from nothing."""
    made: list[str] = []
    for table in metadata.sorted_tables:
        if table.name in stores.TABLES:
            made.append(str(CreateTable(table).compile(dialect=DIALECTS[dialect])))
            indexes = sorted(table.indexes, key=lambda index: str(index.name))
            made += [str(CreateIndex(one).compile(dialect=DIALECTS[dialect])) for one in indexes]
    return made


def _sqlite_shape(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Every table and index with the parts of its statement, whose order means nothing."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    shape = set()
    for name, sql in rows:
        for part in re.split(r",?\s*\n\s*", sql):
            shape.add((name, " ".join(part.replace('"', "").split())))
    return {item for item in shape if item[0] not in {history.VERSION_TABLE, "sqlite_sequence"}}


def test_sqlite_has_what_the_contexts_declare() -> None:
    with closing(connect(None)) as migrated, closing(connect(None)) as made:
        upgrade_connection(migrated)
        for statement in declared("sqlite"):
            made.execute(statement)
        ours, theirs = _sqlite_shape(migrated), _sqlite_shape(made)
    assert len(theirs) > 300, "the comparison sees tables and columns"
    assert ours == theirs, REMEDY


_POSTGRES_SHAPE = """
SELECT 'column', c.relname, a.attname,
       format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text || ' '
       || a.attidentity::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'sequence', sequencename, cache_size::text, data_type::text FROM pg_sequences
"""


async def _postgres_shape(url: str) -> set[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        rows = [tuple(row) for row in await connection.fetch(_POSTGRES_SHAPE)]
    finally:
        await connection.close()
    return {row for row in rows if row[1] != history.VERSION_TABLE}


async def test_postgresql_has_what_the_contexts_declare(postgres_url: str) -> None:
    migrated, _, _ = await stores.postgres_database(postgres_url)
    made = await servers.create_database(postgres_url)
    connection = await asyncpg.connect(made)
    try:
        for statement in declared("postgresql"):
            await connection.execute(statement)
    finally:
        await connection.close()
    ours, theirs = await _postgres_shape(migrated), await _postgres_shape(made)
    assert len(theirs) > 300, "the comparison sees tables and columns"
    assert ours == theirs, REMEDY


def test_names_of_files_tell_the_newest_revision() -> None:
    scripts = ScriptDirectory.from_config(history.alembic_config())
    assert scripts.get_heads() == [history.head()]
    for revision in scripts.walk_revisions():
        assert Path(revision.path).name.startswith(f"v{revision.revision}_")


def _declared() -> MetaData:
    """The product's own tables apart from what tests declare."""
    copied = MetaData()
    for name in stores.TABLES:
        metadata.tables[name].to_metadata(copied)
    return copied


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    assert authoring.write_next(_declared(), "nothing", tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def _changed() -> MetaData:
    """The tables with one more, an index, a column more and one that may now be empty."""
    changed = _declared()
    stores_ = changed.tables["stores"]
    stores_.append_column(Column("opened_on", DayType(), nullable=True))
    stores_.c.name.nullable = True
    Index("stores_opened_on_ix", stores_.c.tenant_id, stores_.c.opened_on)
    Table(
        "wishlists",
        changed,
        Column("tenant_id", IdType(), nullable=False),
        Column("id", IdType(), nullable=False),
        Column("store_id", IdType(), nullable=False),
        PrimaryKeyConstraint("tenant_id", "id", name="wishlists_pk"),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["stores.tenant_id", "stores.id"]),
    )
    return changed


async def test_what_changed_is_written_and_runs_on_both(postgres_url: str, tmp_path: Path) -> None:
    written = authoring.write_next(_changed(), "add wishlists", tmp_path)
    assert written is not None
    assert "batch_alter_table" in written.read_text()
    with closing(connect(None)) as connection:
        upgrade_connection(connection)
        connection.execute("PRAGMA foreign_keys=OFF")
        upgrade_connection(connection, further=tmp_path)
        columns = {row[1]: row[3] for row in connection.execute("PRAGMA table_info(stores)")}
        assert columns["opened_on"] == columns["name"] == 0
        assert connection.execute("SELECT count(*) FROM wishlists").fetchone() == (0,)
    url, _, _ = await stores.postgres_database(postgres_url)
    owner = await asyncpg.connect(url)
    try:
        for statement in statements_since(history.head(), further=tmp_path):
            await owner.execute(statement)
        assert await owner.fetchval("SELECT count(opened_on) FROM stores") == 0
        assert await owner.fetchval("SELECT count(*) FROM wishlists") == 0
    finally:
        await owner.close()
