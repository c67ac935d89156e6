"""Counts the statements of a PostgreSQL server, by its own extension."""

from __future__ import annotations

import asyncio

import asyncpg
from tests.servers import Running

_CALLS = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements(false)"


def prepare(database: Running) -> None:
    """Have the server load the extension, which takes a start."""
    _run(database.url, "alter system set shared_preload_libraries = 'pg_stat_statements'")
    database.restart()
    _run(database.url, "create extension pg_stat_statements")


def statements(url: str) -> int:
    """How many statements it was sent so far, begin and commit among them."""

    async def ask() -> int:
        connection = await asyncpg.connect(url)
        try:
            return int(await connection.fetchval(_CALLS))
        finally:
            await connection.close()

    return asyncio.run(ask())


def stop(url: str) -> None:
    """Count no more."""
    _run(url, "alter system set pg_stat_statements.track = 'none'")
    _run(url, "select pg_reload_conf()")


def _run(url: str, statement: str) -> None:
    async def go() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(go())
