"""Opens a PostgreSQL store: migrated or waited for, roles and policies checked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tradepost.migrations import history
from tradepost.migrations.history import Migrated
from tradepost.migrations.postgres import found_by, is_current, migrate_postgres
from tradepost.platform.db.errors import SchemaBehind, StoreBusy
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.roles import Roles, check_posture
from tradepost.platform.db.schema import metadata
from tradepost.platform.settings import Settings

_PAUSE_S = 0.25


async def migrate(settings: Settings, wait_max_s: float) -> Migrated:
    """Make roles, schema, policies and rights what this version needs.

    :raises SchemaBehind: without the address of an admin.
    """
    if settings.admin_database_url is None:
        raise SchemaBehind(await version(settings), history.head())
    return await migrate_postgres(
        settings.admin_database_url, _roles(settings), metadata, wait_max_s=wait_max_s
    )


async def version(settings: Settings) -> str:
    """Where the database stands."""
    async with _connected(settings.admin_database_url or settings.database_url) as connection:
        return await found_by(connection)


async def open_store(
    settings: Settings, wait_max_s: float, statement_s_max: float
) -> PostgresStore:
    """The store, once the database is up to date and safe to work on.

    :raises SchemaBehind: if nobody has brought it up to date when the time is over.
    :raises RoleUnsafe: if row-level security would not hold.
    """
    assert settings.database_url
    assert settings.relay_database_url
    if settings.admin_database_url and not await _is_current(settings):
        await migrate(settings, wait_max_s)
    await _reached(settings, time.monotonic() + wait_max_s)
    for url in (settings.database_url, settings.relay_database_url):
        async with _connected(url) as connection:
            await check_posture(connection, metadata)
    return await PostgresStore.open(
        settings.database_url,
        settings.relay_database_url,
        pool_size_max=settings.database_pool_size_max,
        lane_pool_size_max=settings.lane_connections,
        statement_s_max=statement_s_max,
    )


async def _is_current(settings: Settings) -> bool:
    async with _connected(settings.admin_database_url) as connection:
        return await is_current(connection, _roles(settings), metadata)


async def _reached(settings: Settings, deadline: float) -> None:
    """Wait for whoever migrates."""
    async with _connected(settings.database_url) as connection:
        while not history.reached(found := await found_by(connection)):
            if time.monotonic() > deadline:
                raise SchemaBehind(found, history.head())
            await asyncio.sleep(_PAUSE_S)


def _roles(settings: Settings) -> Roles:
    assert settings.database_url
    assert settings.relay_database_url
    return Roles.of_urls(
        settings.database_url, settings.relay_database_url, settings.database_owner
    )


@asynccontextmanager
async def _connected(url: str | None) -> AsyncIterator[Any]:
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise StoreBusy(why=f"the database cannot be reached: {error}") from error
    try:
        yield connection
    finally:
        await connection.close()
