"""Pools of connections to PostgreSQL, and the settings of each connection."""

from __future__ import annotations

from typing import Any

import asyncpg
from asyncpg import exceptions as pg

from tradepost.platform.db.errors import StoreBusy
from tradepost.platform.db.postgres_work import Connection

CACHED_STATEMENTS = 1024
CONNECT_S = 2.0
SESSION_SETTINGS = {
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "5s",
    "client_connection_check_interval": "1s",
    "tcp_user_timeout": "10s",
    "jit": "off",
}
"""Whoever dies, is cut off or falls asleep holds a row for ten seconds at most."""
Pool = Any  # asyncpg's, which is generic in its stubs only


async def pool_of(url: str, size_max: int, statement_s_max: float, *, min_size: int = 1) -> Pool:
    """A pool whose connections give up on a statement after so many seconds."""
    settings = {**SESSION_SETTINGS, "statement_timeout": f"{round(statement_s_max * 1000)}ms"}
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=size_max,
        statement_cache_size=CACHED_STATEMENTS,
        max_cached_statement_lifetime=0,
        server_settings=settings,
        reset=_left_clean,
    )


async def acquired(pool: Pool, seconds: float) -> Connection:
    """A connection of the pool; whatever keeps it from being lent, nothing has been done yet."""
    if pool.get_size() < pool.get_max_size():  # a crowd at a cold pool waits for connections made
        seconds = max(seconds, CONNECT_S)
    try:
        return await pool.acquire(timeout=seconds)
    except TimeoutError as error:
        raise StoreBusy(why="all connections are busy") from error
    except pg.InterfaceError as error:  # the pool is closed
        raise StoreBusy(why="the service is ending") from error
    except (OSError, pg.PostgresError) as error:
        raise StoreBusy(why="the database cannot be reached", retry_after_s=2) from error


async def _left_clean(connection: Connection) -> None:
    """Nothing to put right: tenant and locks end with the transaction, and it has always ended.

    The driver's own reset would be one more round trip for every transaction.
    """
    assert not connection.is_in_transaction()
