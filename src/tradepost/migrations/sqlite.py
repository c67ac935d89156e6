"""Bring a SQLite store up to date: whoever holds the writer's lock file does, others wait."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tradepost.migrations import history
from tradepost.migrations.history import NOTHING, Migrated
from tradepost.platform.db.errors import RuleBroken, StoreInUse
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.sqlite_file import connect

WAIT_MAX_S = 60.0
_PAUSE_S = 0.1


async def migrate_sqlite(path: Path, *, wait_max_s: float = WAIT_MAX_S) -> Migrated:
    """Make the store if it is not there, and run what it lacks.

    :raises StoreInUse: if another process holds a store that is still behind when the time is up.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_max_s
    while True:
        try:
            store = SqliteStore(path)
        except StoreInUse:
            found = found_in(path)
            if history.reached(found):
                return Migrated(found, found, by_us=False)
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(_PAUSE_S)
        else:
            try:
                return await store.run_script(upgrade_connection)
            finally:
                await store.close()


def upgrade_connection(connection: sqlite3.Connection, *, further: Path | None = None) -> Migrated:
    """Run what the store lacks on its writer's connection, all of it or nothing."""
    before = _version_of(connection)
    if history.reached(before) and further is None:
        return Migrated(before, before, by_us=False)
    from sqlalchemy import StaticPool, create_engine, event

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    # a table is altered by making it anew, and what refers to it must not notice
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        with engine.begin() as begun:
            history.upgrade(connection=begun, further=further)
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            if broken is not None:
                raise RuleBroken(f"a row of {broken[0]} would refer to no row of {broken[2]}")
    finally:
        connection.execute("PRAGMA foreign_keys=ON")
    return Migrated(before, _version_of(connection), by_us=True)


def found_in(path: Path) -> str:
    """Where the store in a file stands; an absent one is at nothing."""
    if not path.exists():
        return NOTHING
    with closing(connect(path, read_only=True)) as connection:
        return _version_of(connection)


def _version_of(connection: sqlite3.Connection) -> str:
    try:
        row = connection.execute(history.SELECT_VERSION).fetchone()
    except sqlite3.OperationalError:
        return NOTHING
    return str(row[0]) if row else NOTHING
