"""PostgreSQL keeps tenants apart by itself, whatever is said to it: raw SQL as the app's role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import BigInteger, CheckConstraint, Table

from tests import stores
from tests.conftest import apart
from tradepost.kernel.ids import StoreId, TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db import types as t
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.schema import OWNER_COLUMN, TENANT_OWNED
from tradepost.platform.db.security import APPEND_ONLY, RELAY, RELAY_TABLES
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader, Work
from tradepost.tenancy.domain import PlaceStatus, Store
from tradepost.tenancy.storage import STORES
from tradepost.tenancy.storage import stores as stores_table

OWNED = {name: one for name, one in stores.TABLES.items() if one.info.get(TENANT_OWNED)}
SHARED = {"tenants", "tenant_hosts"}
"""Read by everybody, so that a shop is found by its name; written by the shop they name alone."""
NOBODYS = {"leases", "publisher_cursors", "schema_version", "seq_counter", "workers"}
"""The relay's own tables and the schema's: no tenant has a row in them."""
NUMBERED = {"event_log": "seq", "outbox": "id"}
"""Keys that are the log's own order over all tenants; nobody names them from outside."""
A, B = TenantId(uuid4()), TenantId(uuid4())
Connection = Any


@pytest.fixture(scope="module")
def urls(postgres_url: str) -> tuple[str, str, str]:
    """A database with one row of tenant A and one of tenant B in every table that tenants own."""
    return apart(_filled(postgres_url))


async def _filled(postgres_url: str) -> tuple[str, str, str]:
    found = await stores.postgres_database(postgres_url)
    connection = await asyncpg.connect(found[0])
    try:
        await connection.execute("SET session_replication_role = replica")
        for table in OWNED.values():
            for tenant in (A, B):
                await _fill(connection, table, tenant)
    finally:
        await connection.close()
    return found


async def _fill(connection: Connection, table: Table, tenant: TenantId) -> None:
    """One made-up row; neither references nor checks are what is tried here."""
    for part in table.constraints:
        if isinstance(part, CheckConstraint):
            await connection.execute(
                f'ALTER TABLE {table.name} DROP CONSTRAINT IF EXISTS "{part.name}"'
            )
    columns = [c for c in table.c if not c.nullable and c.name != NUMBERED.get(table.name)]
    values = {c.name: tenant if c.name == "tenant_id" else _anything(c.type) for c in columns}
    if table.name in NUMBERED and table.name != "outbox":
        values["seq"] = uuid4().int % 2**62
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await connection.execute(
        f"INSERT INTO {table.name} ({names}) VALUES ({marks})", *values.values()
    )


def _anything(kind: Any) -> Any:
    if isinstance(kind, t.IdType):
        return uuid4()
    if isinstance(kind, t.DayType):
        return date(2026, 1, 1)
    if isinstance(kind, t.DocumentType):
        return "[]"
    whole = isinstance(kind, BigInteger | t.InstantType | t.FlagType)
    return 1 if whole else str(uuid4())


@pytest.fixture
async def app(urls: tuple[str, str, str]) -> AsyncIterator[Connection]:
    """A raw connection as the app's role."""
    connection = await asyncpg.connect(urls[1])
    yield connection
    await connection.close()


async def _counts(connection: Connection) -> dict[str, int]:
    return {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for name in OWNED}


async def _as(connection: Connection, tenant: UUID) -> None:
    await connection.execute(f"SELECT set_config('app.tenant', '{tenant}', true)")


async def test_without_a_tenant_there_are_no_rows(app: Connection) -> None:
    assert set((await _counts(app)).values()) == {0}
    async with app.transaction():
        await app.execute("SELECT set_config('app.tenant', '', true)")
        assert set((await _counts(app)).values()) == {0}


async def test_a_tenant_has_its_own_rows_and_no_others(app: Connection) -> None:
    for tenant in (A, B):
        async with app.transaction():
            await _as(app, tenant)
            assert set((await _counts(app)).values()) == {1}
            for name in OWNED:
                seen = await app.fetchval(f'SELECT tenant_id FROM "{name}"')
                assert UUID(str(seen)) == tenant
    assert set((await _counts(app)).values()) == {0}, "the tenant left with its transaction"


async def test_a_tenant_that_is_no_identifier_is_an_error(app: Connection) -> None:
    async with app.transaction():
        await app.execute("SELECT set_config('app.tenant', 'x'' or true --', true)")
        with pytest.raises(asyncpg.DataError):
            await app.fetchval("SELECT count(*) FROM orders")


@pytest.mark.parametrize("name", OWNED)
async def test_without_a_tenant_nothing_can_be_written(app: Connection, name: str) -> None:
    refused = (asyncpg.InsufficientPrivilegeError,)
    with pytest.raises(refused):
        await _fill(_WithoutChecks(app), OWNED[name], A)
    if name in APPEND_ONLY:
        for verb in (f"UPDATE {name} SET tenant_id = tenant_id", f"DELETE FROM {name}"):
            with pytest.raises(refused):
                await app.execute(verb)
    else:
        assert await app.execute(f"UPDATE {name} SET tenant_id = tenant_id") == "UPDATE 0"
        assert await app.execute(f"DELETE FROM {name}") == "DELETE 0"


class _WithoutChecks:
    """The app's connection, which cannot alter tables and does not have to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def execute(self, sql: str, *values: Any) -> str:
        if sql.startswith("ALTER"):
            return ""
        said: str = await self._connection.execute(sql, *values)
        return said


@pytest.mark.parametrize("name", OWNED)
async def test_a_tenant_cannot_write_for_another(app: Connection, name: str) -> None:
    async with app.transaction():
        await _as(app, A)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with app.transaction():
                await _fill(_WithoutChecks(app), OWNED[name], B)
        if name not in APPEND_ONLY:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with app.transaction():
                    await app.execute(f"UPDATE {name} SET tenant_id = $1", B)


async def test_shared_names_are_read_by_all_and_written_by_their_own(
    app: Connection, urls: tuple[str, str, str]
) -> None:
    host = "INSERT INTO tenant_hosts (host, tenant_id) VALUES ($1, $2)"
    superuser = await asyncpg.connect(urls[0])
    await superuser.execute("SET session_replication_role = replica")
    await superuser.execute(host, "a.example", A)
    await superuser.close()
    assert await app.fetchval("SELECT count(*) FROM tenant_hosts") == 1
    async with app.transaction():
        await _as(app, B)
        assert await app.execute("DELETE FROM tenant_hosts") == "DELETE 0"
        assert await app.execute("UPDATE tenant_hosts SET host = 'b.example'") == "UPDATE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with app.transaction():
                await app.execute(host, "b.example", A)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY orders FROM STDIN",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE orders DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON orders",
        "SET ROLE tradepost_owner",
        "SET session_replication_role = replica",
        "TRUNCATE orders",
        "UPDATE schema_version SET version_num = '9999'",
        "SELECT pg_read_file('PG_VERSION')",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
    ],
)
async def test_the_app_cannot_help_itself(app: Connection, sql: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError)):
        await app.execute(sql)


async def test_row_security_cannot_be_switched_off_to_see_more(app: Connection) -> None:
    await app.execute("SET row_security = off")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.fetchval("SELECT count(*) FROM orders")


async def test_tenants_alternate_on_one_connection(urls: tuple[str, str, str]) -> None:
    store = await PostgresStore.open(urls[1], urls[2], pool_size_max=1)
    tenants = [TenantId(uuid4()) for _ in range(4)]
    select = Statement(scoped(stores_table, stores_table.c.name))
    wrong: list[TenantId] = []

    async def seen(tenant: TenantId) -> None:
        async def look(db: Reader) -> list[str]:
            return [row[0] for row in await db.all(select)]

        if await store.read(tenant, look) != [str(tenant)]:
            wrong.append(tenant)

    async def opened(tenant: TenantId) -> None:
        async def job(work: Work) -> None:
            one = Store(StoreId(uuid4()), "main", str(tenant), PlaceStatus.ACTIVE, 1)
            STORES.add(work, one)

        await store.write(Scope(tenant, SYSTEM), job)

    try:
        for tenant in tenants:
            await opened(tenant)
        for turn in range(250):
            await asyncio.gather(*(seen(tenant) for tenant in tenants))
            if turn % 50 == 0:  # a transaction that fails leaves nothing behind either
                with pytest.raises(KeyError):
                    await store.write(Scope(tenants[0], SYSTEM), _failing)
    finally:
        await store.close()
    assert wrong == []


async def _failing(work: Work) -> None:
    await work.all(Statement(scoped(stores_table, stores_table.c.name)))
    raise KeyError


_KEYS = """
SELECT c.relname AS table, i.indisprimary AS is_primary, ic.relname AS name,
       array(SELECT a.attname
               FROM unnest(i.indkey) WITH ORDINALITY AS k(n, place)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n
              ORDER BY place) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class ic ON ic.oid = i.indexrelid
 WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
"""
_REFERENCES = """
SELECT conrelid::regclass::text AS table, confrelid::regclass::text AS target, conname AS name,
       (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) AS first,
       (SELECT attname FROM pg_attribute
         WHERE attrelid = confrelid AND attnum = confkey[1]) AS first_there
  FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


async def test_every_table_has_its_tenant_keys_and_policies(app: Connection) -> None:
    tables = {
        row["relname"]: row
        for row in await app.fetch(
            "SELECT relname, relrowsecurity, relforcerowsecurity,"
            " pg_get_userbyid(relowner) AS owner FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
    }
    assert tables.keys() - OWNED.keys() == SHARED | NOBODYS
    for name in OWNED.keys() | SHARED:
        assert tables[name]["relrowsecurity"], name
        assert tables[name]["relforcerowsecurity"], name
    assert {row["owner"] for row in tables.values()} == {"tradepost_owner"}
    assert {name for name, one in stores.TABLES.items() if one.info.get(OWNER_COLUMN)} == SHARED


async def test_every_key_of_a_tenants_table_begins_with_the_tenant(app: Connection) -> None:
    for row in await app.fetch(_KEYS):
        name, columns = row["table"], row["columns"]
        if name in OWNED and not (row["is_primary"] and columns == [NUMBERED.get(name)]):
            assert columns[0] == "tenant_id", row["name"]
    for row in await app.fetch(_REFERENCES):
        if row["table"] in OWNED:
            assert (row["first"], row["first_there"]) == ("tenant_id", "tenant_id"), row["name"]


async def test_every_policy_checks_what_is_read_and_what_is_written(app: Connection) -> None:
    rows = await app.fetch("SELECT * FROM pg_policies WHERE schemaname = 'public'")
    tenant = {row["tablename"]: row for row in rows if row["policyname"] == "tenant"}
    assert tenant.keys() == OWNED.keys()
    for row in tenant.values():
        for rule in (row["qual"], row["with_check"]):
            assert "current_setting('app.tenant'" in rule, row["tablename"]
            assert rule.startswith("(tenant_id = "), row["tablename"]
        assert (row["cmd"], row["permissive"]) == ("ALL", "PERMISSIVE")
    relay = {row["tablename"]: row for row in rows if row["policyname"] == "relay"}
    assert relay.keys() == RELAY_TABLES & OWNED.keys()
    assert all(list(row["roles"]) == [stores.RELAY_ROLE] for row in relay.values())
    others = {row["policyname"] for row in rows} - {"tenant", "relay"}
    assert others == {"tenant_select", "tenant_insert", "tenant_update", "tenant_delete"}


async def test_the_relay_sees_its_own_tables_of_all_tenants_and_nothing_else(
    urls: tuple[str, str, str],
) -> None:
    connection = await asyncpg.connect(urls[2])
    own = {name for name, one in stores.TABLES.items() if one.info.get(RELAY)} | RELAY_TABLES
    try:
        for name in OWNED:
            if name in RELAY_TABLES:
                assert await connection.fetchval(f"SELECT count(*) FROM {name}") == 2, name
        held = await connection.fetch(
            "SELECT c.relname, p.privilege FROM pg_class c,"
            " unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES'])"
            " AS p(privilege) WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(c.oid, p.privilege)"
        )
        assert {row["relname"] for row in held} == own | {"schema_version"}
        log = {row["privilege"] for row in held if row["relname"] == "event_log"}
        assert log == {"SELECT", "INSERT"}, "what is in the log stays as it is"
    finally:
        await connection.close()


async def test_facts_get_numbers_one_by_one(app: Connection) -> None:
    cached = await app.fetchval(
        "SELECT cache_size FROM pg_sequences WHERE sequencename = 'outbox_id_seq'"
    )
    assert cached == 1, "a cache would give a later transaction the earlier number"
