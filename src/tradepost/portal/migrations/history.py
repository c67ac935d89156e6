"""Runs what a store lacks, all of it or nothing, whichever of the two databases it is.

A revision is a module ``vNNNN_what.py`` of ``versions`` with an ``upgrade`` of Alembic operations;
they are written out as statements and run on the store's own connection.
"""

from __future__ import annotations

import io
import sqlite3
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from tradepost.platform.db.errors import SchemaBehind

VERSION_TABLE: Final = "portal_version"
NOTHING: Final = "0000"
LOCK_KEY: Final = int.from_bytes(b"tp-portal"[:8], "big") >> 1
VERSIONS: Final = Path(__file__).with_name("versions")
_MADE = f"CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (number TEXT PRIMARY KEY)"
_FOUND = f"SELECT max(number) FROM {VERSION_TABLE}"  # noqa: S608  a constant of ours


def head() -> str:
    """The newest revision."""
    return max(path.name[1:5] for path in VERSIONS.glob("v[0-9]*.py"))


def statements_since(number: str, dialect: str) -> list[str]:
    """What the revisions after one say to a database."""
    said: list[str] = []
    for path in sorted(VERSIONS.glob("v[0-9]*.py")):
        if path.name[1:5] > number:
            said += _written(f"{__package__}.versions.{path.stem}", dialect)
            said.append(_reached(path.name[1:5]))
    return said


def _reached(number: str) -> str:
    return f"INSERT INTO {VERSION_TABLE} VALUES ('{number}')"  # noqa: S608


def _written(module: str, dialect: str) -> list[str]:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    taken: list[str] = []

    class Taker(io.StringIO):
        def write(self, text: str) -> int:
            taken.append(text.strip())
            return len(text)

    context = MigrationContext.configure(
        dialect_name=dialect, opts={"as_sql": True, "output_buffer": Taker()}
    )
    with Operations.context(context):
        import_module(module).upgrade()
    return [statement for statement in taken if statement]


def migrate_sqlite(connection: sqlite3.Connection) -> str:
    """Bring a file up to date on its writer's connection; where it stands then."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_MADE)
        (found,) = connection.execute(_FOUND).fetchone()
        for statement in statements_since(_checked(found), "sqlite"):
            connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return head()


async def migrate_postgres(connection: Any) -> str:
    """Bring a database up to date; of several processes one does, the others wait."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK_KEY)
        await connection.execute(_MADE)
        found = await connection.fetchval(_FOUND)
        for statement in statements_since(_checked(found), "postgresql"):
            await connection.execute(statement)
    return head()


def _checked(found: str | None) -> str:
    """Where it stands.

    :raises SchemaBehind: if a newer portal has been here: this one would not know its tables.
    """
    if found is not None and found > head():
        raise SchemaBehind(head(), found)
    return found or NOTHING
