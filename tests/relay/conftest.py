"""Each test of the relay has a store of its own: its log holds nothing but the test's facts."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.schema import CreateTable

from tests import stores
from tests.conftest import apart
from tests.relay.notes import Ear, note_bus, own
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.security import security_statements
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.statement import DIALECTS
from tradepost.platform.db.work import Store


def own_ddl(dialect: str) -> list[str]:
    """The statements that make the tests' own tables."""
    return [
        str(CreateTable(table).compile(dialect=DIALECTS[dialect])) for table in own.sorted_tables
    ]


async def fresh_sqlite(path: Path) -> SqliteStore:
    """A fresh SQLite store with the tests' own tables."""
    store = await stores.sqlite_store(path)

    def make(connection: sqlite3.Connection) -> None:
        for statement in own_ddl("sqlite"):
            connection.execute(statement)

    await store.run_script(make)
    return store


async def fresh_postgres(url: str) -> tuple[str, str, str]:
    """A database with the tests' own tables: owner's, app's and relay's URLs.

    Its relay may spoil the log, as tests do; the product's cannot.
    """
    owner, app, relay = await stores.postgres_database(url)
    rules = security_statements(own, stores.APP_ROLE, stores.RELAY_ROLE)
    spoiling = f"GRANT UPDATE, DELETE ON event_log TO {stores.RELAY_ROLE}"
    await _run(owner, [*own_ddl("postgresql"), *rules, spoiling])
    return owner, app, relay


async def _run(url: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def relay_database(postgres_url: str) -> tuple[str, str, str]:
    """A database for all tests of the relay, emptied before each."""
    return apart(fresh_postgres(postgres_url))


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Each store in turn, with nothing in it."""
    if request.param == "sqlite":
        sqlite = await fresh_sqlite(tmp_path / "store.sqlite")
        yield sqlite
        await sqlite.close()
        return
    owner, app, relay = request.getfixturevalue("relay_database")
    await stores.empty(owner, own.sorted_tables)
    postgres = await PostgresStore.open(app, relay, pool_size_max=4)
    yield postgres
    await postgres.close()


@pytest.fixture
def bus(store: Store) -> Bus:
    """The bus of the notes."""
    Ear.deaf.clear()
    return note_bus(store)


@pytest.fixture
def scope(tenant_id: TenantId) -> Scope:
    """A tenant nobody else has."""
    return Scope(tenant_id, SYSTEM)
