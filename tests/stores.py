"""Throw-away stores, made by the migrations as an operator makes them: once, and then copied."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from sqlalchemy import Table

from tests import servers
from tradepost.migrations.postgres import migrate_postgres
from tradepost.migrations.sqlite import upgrade_connection
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.roles import Roles
from tradepost.platform.db.schema import metadata
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.sqlite_file import connect
from tradepost.wiring import parts

APP_ROLE = "tradepost_test_app"
RELAY_ROLE = "tradepost_test_relay"
assert parts.PARTS is not None  # importing the parts has declared every table
TABLES = dict(metadata.tables)
"""The product's own tables; a test may declare more."""


@cache
def sqlite_template() -> Path:
    """A store that the migrations made, for this run of the tests."""
    folder = tempfile.TemporaryDirectory(prefix="tradepost-template-")
    _kept.append(folder)
    path = Path(folder.name) / "store.sqlite"
    with closing(connect(path)) as connection:
        upgrade_connection(connection)
        _check_tables(connection)
    return path


def _check_tables(connection: sqlite3.Connection) -> None:
    """Say what to do when the tables have moved on; tests/migrations compares them in full."""
    for name, table in TABLES.items():
        known = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
        assert known == set(table.c.keys()), (
            f"{name} is not what the migrations make of it: write a revision, bin/migration"
        )


_kept: list[tempfile.TemporaryDirectory[str]] = []


async def sqlite_store(path: Path | None, *, synchronous: str = "OFF") -> SqliteStore:
    """A fresh SQLite store; without a path it lives in memory."""
    template = sqlite_template()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(template, path)
        return SqliteStore(path, synchronous=synchronous)
    store = SqliteStore(None, synchronous=synchronous)

    def copy(connection: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(template)) as source:
            source.backup(connection)

    await store.run_script(copy)
    return store


async def postgres_database(superuser_url: str) -> tuple[str, str, str]:
    """A fresh database with schema, roles and policies: superuser's, app's and relay's URLs."""
    if superuser_url not in _templates:
        _templates[superuser_url] = await servers.create_database(superuser_url)
        template = _templates[superuser_url]
        roles = Roles.of_urls(as_role(template, APP_ROLE), as_role(template, RELAY_ROLE))
        await migrate_postgres(template, roles, metadata)
    name = urlsplit(_templates[superuser_url]).path[1:]
    owner_url = await servers.create_database(superuser_url, template=name)
    return owner_url, as_role(owner_url, APP_ROLE), as_role(owner_url, RELAY_ROLE)


async def empty(owner_url: str, own: Iterable[Table] = ()) -> None:
    """Leave nothing in a database's tables, nor in those that tests have added.

    A fresh one takes ten times as long. Numbers that the database itself gives go on.
    """
    known = [table for table in metadata.sorted_tables if table.name in TABLES]
    connection = await asyncpg.connect(owner_url)
    try:
        tables = reversed([*own, *known])
        await connection.execute("; ".join(f"DELETE FROM {table.name}" for table in tables))
    finally:
        await connection.close()


_templates: dict[str, str] = {}


def as_role(url: str, role: str) -> str:
    """The same database as another role; the throw-away server trusts loopback."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}@{parts.hostname}:{parts.port}"))


async def postgres_store(superuser_url: str) -> PostgresStore:
    """A fresh PostgreSQL store, reached as the app role and the relay role."""
    _, app, relay = await postgres_database(superuser_url)
    return await PostgresStore.open(app, relay)
