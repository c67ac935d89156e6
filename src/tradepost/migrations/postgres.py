"""Bring a PostgreSQL database up to date: one migrator under an advisory lock, others wait.

Lock and statements share one connection, so whoever loses the one loses the other. Revisions,
policies and rights are one transaction, unless a revision itself asks for more.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from sqlalchemy import MetaData

from tradepost.migrations import history
from tradepost.migrations.history import NOTHING, Migrated
from tradepost.platform.db.errors import StoreBusy
from tradepost.platform.db.roles import Roles, ensure_roles, quoted
from tradepost.platform.db.security import security_statements

LOCK_KEY = int.from_bytes(b"tradepst", "big") >> 1
WAIT_MAX_S = 60.0
_PAUSE_S = 0.1
_BUSY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
_SETTINGS = {"lock_timeout": "2s", "statement_timeout": "0", "client_min_messages": "warning"}


async def migrate_postgres(
    admin_url: str, roles: Roles, metadata: MetaData, *, wait_max_s: float = WAIT_MAX_S
) -> Migrated:
    """Make the roles, run what the database lacks, put policies and rights in place.

    ``admin_url`` names a role that may create roles and owns the database; point it at the server
    itself, not at a pooler.

    :raises StoreBusy: if another migrator, or locks of others, outlast the time to wait.
    """
    deadline = time.monotonic() + wait_max_s
    connection = await asyncpg.connect(admin_url, server_settings=_SETTINGS)
    try:
        waited = await _got_alone(connection, deadline)
        before = await found_by(connection)
        if not (waited and await is_current(connection, roles, metadata)):
            await _until(deadline, lambda: ensure_roles(connection, roles))
            await connection.execute(f"SET ROLE {quoted(roles.owner)}")
            await _until(deadline, lambda: _upgrade(connection, roles, metadata))
        after = await found_by(connection)
        return Migrated(before, after, by_us=before != after)
    finally:
        await connection.close()


async def found_by(connection: Any) -> str:
    """Where the database stands."""
    if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", history.VERSION_TABLE):
        return NOTHING
    found = await connection.fetchval(history.SELECT_VERSION)
    return str(found or NOTHING)


async def is_current(connection: Any, roles: Roles, metadata: MetaData) -> bool:
    """Whether schema, policies and rights are what this version would make."""
    if not history.reached(await found_by(connection)):
        return False
    stamp = await connection.fetchval(
        "SELECT obj_description($1::regclass, 'pg_class')", history.VERSION_TABLE
    )
    return bool(stamp == _stamp(_security(roles, metadata)))


async def _got_alone(connection: Any, deadline: float) -> bool:
    """Take the lock, which ends with the connection; whether somebody else had it first."""
    waited = False
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK_KEY):
        if time.monotonic() > deadline:
            raise StoreBusy(why="another process is migrating the database", retry_after_s=10)
        await asyncio.sleep(_PAUSE_S)
        waited = True
    return waited


async def _until(deadline: float, step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step that lock time-outs stop; each try undoes itself."""
    while True:
        try:
            await step()
        except _BUSY as error:
            if time.monotonic() > deadline:
                raise StoreBusy(why=f"a migration got no lock: {error}") from error
        except asyncpg.InternalServerError as error:
            # roles are the server's: two databases that migrate at once meet in its catalogue
            if "concurrently" not in str(error) or time.monotonic() > deadline:
                raise
        else:
            return
        await asyncio.sleep(_PAUSE_S * (1 + random.random()))  # noqa: S311  jitter, no secret


async def _upgrade(connection: Any, roles: Roles, metadata: MetaData) -> None:
    *steps, end = statements_since(await found_by(connection))
    security = _security(roles, metadata)
    stamp = f"COMMENT ON TABLE {history.VERSION_TABLE} IS '{_stamp(security)}'"
    try:
        for statement in (*steps, *security, stamp, end):
            await connection.execute(statement)
    except BaseException:
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
        raise


def statements_since(revision: str, **options: Any) -> list[str]:
    """What the revisions after one say to PostgreSQL, from BEGIN to COMMIT."""
    taken: list[str] = []

    class Taker(io.StringIO):
        def write(self, text: str) -> int:
            taken.append(text.strip())
            return len(text)

    options |= {"dialect_name": "postgresql", "output_buffer": Taker()}
    history.upgrade(revision, as_sql=True, **options)
    made = [statement for statement in taken if statement and not statement.startswith("--")]
    assert (made[0], made[-1]) == ("BEGIN;", "COMMIT;"), made
    return made


def _security(roles: Roles, metadata: MetaData) -> list[str]:
    both = f"{quoted(roles.app.name)}, {quoted(roles.relay.name)}"
    return [
        f"GRANT SELECT ON {history.VERSION_TABLE} TO {both}",
        *security_statements(metadata, roles.app.name, roles.relay.name),
    ]


def _stamp(statements: list[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()
