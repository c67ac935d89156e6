"""The database roles: an owner nobody signs in as, the app's, the relay's; made and checked here.

The app role must not be able to step around row-level security: neither superuser, nor BYPASSRLS,
nor (a member of) the owner of the tables.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg
from sqlalchemy import MetaData

from tradepost.platform.db.errors import RoleUnsafe, StoreError
from tradepost.platform.db.schema import OWNER_COLUMN, TENANT_OWNED

OWNER_ROLE = "tradepost_owner"
SERVER_VERSION_MIN = 150_000
_SCRAM_ROUNDS = 4096


@dataclass(frozen=True, slots=True)
class Login:
    """A role that signs in, with its password where the server asks for one."""

    name: str
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of_url(cls, url: str) -> Login:
        """The role that a database URL names."""
        parts = urlsplit(url)
        password = None if parts.password is None else unquote(parts.password)
        return cls(unquote(parts.username or ""), password)


@dataclass(frozen=True, slots=True)
class Roles:
    """Who owns the schema, who works in it, and who relays its facts."""

    owner: str
    app: Login
    relay: Login

    @classmethod
    def of_urls(cls, app_url: str, relay_url: str, owner: str = OWNER_ROLE) -> Roles:
        """The roles that the two URLs name."""
        return cls(owner, Login.of_url(app_url), Login.of_url(relay_url))


async def ensure_roles(admin: Any, roles: Roles) -> None:
    """Make the roles that are missing, give passwords to those that sign in; safe to repeat."""
    await _ensure(admin, roles.owner, "NOLOGIN")
    for login in (roles.app, roles.relay):
        await _ensure(admin, login.name, "LOGIN")
        if login.password is not None:
            secret = scram_verifier(login.password)
            await admin.execute(f"ALTER ROLE {quoted(login.name)} PASSWORD '{secret}'")
    owner = quoted(roles.owner)
    if not await admin.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        with_set = " WITH SET TRUE" if admin.get_server_version().major >= 16 else ""
        await admin.execute(f"GRANT {owner} TO CURRENT_USER{with_set}")
    both = f"{quoted(roles.app.name)}, {quoted(roles.relay.name)}"
    await admin.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {owner}")
    await admin.execute(f"GRANT USAGE ON SCHEMA public TO {both}")
    database = quoted(await admin.fetchval("SELECT current_database()"))
    await admin.execute(f"GRANT CONNECT ON DATABASE {database} TO {both}")


async def _ensure(admin: Any, name: str, kind: str) -> None:
    if await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
        return
    try:
        await admin.execute(
            f"CREATE ROLE {quoted(name)} {kind} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
        )
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        return  # roles are the server's, so a migration of another database made it just now


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def scram_verifier(password: str) -> str:
    """What the server keeps of a password (RFC 5803); made here, so that no log of it shows more.

    A verifier has no quote in it, so it can stand in a statement as it is.
    """
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ROUNDS)
    client = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    parts = [base64.b64encode(part).decode() for part in (salt, client, server)]
    return f"SCRAM-SHA-256${_SCRAM_ROUNDS}:{parts[0]}${parts[1]}:{parts[2]}"


_POSTURE = """
SELECT rolsuper, rolbypassrls,
       (SELECT string_agg(DISTINCT pg_get_userbyid(c.relowner), ', ')
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
           AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owner_of
  FROM pg_roles WHERE rolname = current_user
"""
_UNFORCED = """
SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM unnest($1::text[]) AS t(name)
  LEFT JOIN pg_class c ON c.oid = to_regclass(quote_ident(t.name))
 WHERE c.oid IS NULL OR NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""


async def check_posture(connection: Any, metadata: MetaData) -> None:
    """Refuse to work as a role, or on tables, that row-level security does not hold for.

    :raises RoleUnsafe: with what is wrong.
    """
    if connection.get_server_version().major * 10_000 < SERVER_VERSION_MIN:
        raise StoreError("PostgreSQL 15 or newer is needed")
    role = await connection.fetchval("SELECT current_user")
    row = await connection.fetchrow(_POSTURE)
    if row["rolsuper"]:
        raise RoleUnsafe(role, "is a superuser, for whom row-level security does not hold")
    if row["rolbypassrls"]:
        raise RoleUnsafe(role, "has BYPASSRLS, so row-level security does not hold for it")
    if row["owner_of"]:
        raise RoleUnsafe(role, f"owns the tables, or is a member of their owner {row['owner_of']}")
    owned = [
        table.name
        for table in metadata.tables.values()
        if table.info.get(TENANT_OWNED) or table.info.get(OWNER_COLUMN)
    ]
    if bare := await connection.fetchval(_UNFORCED, owned):
        raise RoleUnsafe(role, f"works on tables whose row-level security is not forced: {bare}")
