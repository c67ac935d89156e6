"""Looks whether a database that a tenant would bring along is fit for it.

Whoever names an address makes us call it, so nothing is told of a place that may not be called:
an address inside, a closed port, a silence and a server that is no PostgreSQL all get the same
answer after the same time (OWASP SSRF prevention). What a PostgreSQL itself says of sign-in,
version, rights and schema is told by words of ours, never by its own text.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog

from tradepost.platform.outward.addresses import NotReachable, Reach
from tradepost.platform.outward.database import DatabaseAddress, Tls
from tradepost.platform.vault import Hidden
from tradepost.tenancy.domain import Check

_log = structlog.get_logger("tradepost.tenancy")
ANSWER_S_MIN: Final = 1.0
CONNECT_S_MAX: Final = 5.0
STATEMENT_MS_MAX: Final = 3000
VERSION_MIN: Final = 150_000
"""PostgreSQL 15, the oldest that the product works with."""
_RIGHTS = """
SELECT rolsuper OR rolcreaterole AS roles,
       has_database_privilege(current_database(), 'CREATE')
         AND has_schema_privilege('public', 'CREATE') AS tables
  FROM pg_roles WHERE rolname = current_user
"""
_TABLES = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""


class Unfit(Exception):
    """A check that was not passed; nothing beyond it was looked at."""

    def __init__(self, name: str, problem: str, detail: str = "") -> None:
        super().__init__(problem)
        self.check = Check(name, False, problem, detail)


class DatabaseProbe:
    """Calls databases for a look; ``answer_s_min`` is what each look takes at least."""

    def __init__(self, reach: Reach, *, answer_s_min: float = ANSWER_S_MIN) -> None:
        self._reach = reach
        self._answer_s_min = answer_s_min

    async def look(self, address: DatabaseAddress, password: Hidden) -> tuple[Check, ...]:
        """The checks in their order, up to the first that was not passed."""
        began = time.monotonic()
        passed: list[Check] = []
        try:
            await self._looked(address, password, passed)
        except Unfit as unfit:
            passed.append(unfit.check)
        except Exception as odd:
            # what a foreign server says may break its driver in more ways than are known
            _log.warning("database_check.odd_answer", kind=type(odd).__name__)
            passed.append(Check("connectivity", False, "broke_off"))
        await asyncio.sleep(max(0.0, began + self._answer_s_min - time.monotonic()))
        return tuple(passed)

    async def _looked(
        self, address: DatabaseAddress, password: Hidden, passed: list[Check]
    ) -> None:
        async with connected(self._reach, address, password) as connection:
            passed.append(Check("connectivity", True))
            number = int(await connection.fetchval("SHOW server_version_num"))
            if number < VERSION_MIN:
                raise Unfit("version", "too_old", str(number // 10_000))
            passed.append(Check("version", True, detail=str(number // 10_000)))
            rights = await connection.fetchrow(_RIGHTS)
            if not rights["tables"]:
                raise Unfit("rights", "may_not_create_tables")
            if not rights["roles"]:
                raise Unfit("rights", "may_not_create_roles")
            passed.append(Check("rights", True))
            if await connection.fetchval(_TABLES):
                raise Unfit("schema", "not_empty")
            passed.append(Check("schema", True))


@asynccontextmanager
async def connected(reach: Reach, address: DatabaseAddress, password: Hidden) -> AsyncIterator[Any]:
    """A read-only session at the address that was judged, and at no other.

    :raises Unfit: if there is none to be had.
    """
    import asyncpg

    try:
        dialled = await reach.dialled(address.host, address.port)
        connection = await _opened(dialled, address, password)
    except (NotReachable, OSError, TimeoutError, ssl.SSLError) as why:
        raise Unfit("connectivity", "unreachable") from why
    except asyncpg.InvalidCatalogNameError as why:
        raise Unfit("connectivity", "no_such_database") from why
    except asyncpg.InvalidAuthorizationSpecificationError as why:
        raise Unfit("connectivity", "sign_in_refused") from why
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as why:
        raise Unfit("connectivity", "unreachable") from why
    try:
        yield connection
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as why:
        raise Unfit("connectivity", "broke_off") from why
    finally:
        with contextlib.suppress(Exception):
            await connection.close(timeout=1)


async def _opened(dialled: str, address: DatabaseAddress, password: Hidden) -> Any:
    import asyncpg

    return await asyncpg.connect(
        host=dialled,
        port=address.port,
        user=address.user,
        password=password.reveal(),
        database=address.name,
        ssl=tls_of(address),
        timeout=CONNECT_S_MAX,
        command_timeout=STATEMENT_MS_MAX / 1000,
        statement_cache_size=0,
        server_settings={
            "default_transaction_read_only": "on",
            "statement_timeout": str(STATEMENT_MS_MAX),
            "application_name": "tradepost check",
        },
    )


class _NamedContext(ssl.SSLContext):
    """Checks the certificate against a name, though an address is dialled."""

    checked_name = ""

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """As the context itself, for the name that was asked for."""
        return super().wrap_bio(incoming, outgoing, server_side, self.checked_name, session)


def tls_of(address: DatabaseAddress) -> ssl.SSLContext | bool:
    """How the line is encrypted."""
    if address.tls is Tls.OFF:
        return False
    context = _NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.checked_name = address.host
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if address.tls is Tls.VERIFY:
        context.load_default_certs()
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
