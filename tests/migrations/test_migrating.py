"""Migrating real stores: eight processes at once, failures half-way, roles that are refused."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests import servers, stores
from tradepost.migrations import history
from tradepost.migrations.postgres import LOCK_KEY, is_current, migrate_postgres
from tradepost.migrations.sqlite import found_in, migrate_sqlite, upgrade_connection
from tradepost.platform.db.errors import RoleUnsafe, SchemaBehind, StoreBusy, StoreInUse
from tradepost.platform.db.roles import Login, Roles, check_posture, scram_verifier
from tradepost.platform.db.schema import metadata
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.sqlite_file import connect

AT_ONCE = 8
PROGRAM = """
import asyncio, json, os, sys
from pathlib import Path
from tradepost.migrations.postgres import migrate_postgres
from tradepost.migrations.sqlite import migrate_sqlite
from tradepost.platform.db.roles import Roles
from tradepost.platform.db.schema import metadata

place, at_once, *urls = sys.argv[1:]
if urls:
    from tradepost.wiring import parts
go, gone = os.pipe()
processes = []
for _ in range(int(at_once)):
    process = os.fork()
    if process:
        processes.append(process)
        continue
    os.close(gone)
    os.read(go, 1)  # ends for all of them when the parent closes the other end
    done = asyncio.run(
        migrate_postgres(place, Roles.of_urls(*urls), metadata)
        if urls
        else migrate_sqlite(Path(place))
    )
    line = json.dumps([os.getpid(), done.before, done.after, done.by_us])
    os.write(1, line.encode() + b"\\n")
    os._exit(0)
os.close(gone)
sys.exit(max(os.waitpid(process, 0)[1] for process in processes))
"""


def _all_at_once(place: str, *urls: str) -> list[tuple[int, str, str, bool]]:
    """What each of eight processes says that migrate the same store at the same moment."""
    command = [sys.executable, "-c", PROGRAM, place, str(AT_ONCE), *urls]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=servers.ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    answers = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    assert len({number for number, *_ in answers}) == AT_ONCE
    return answers


def _roles(url: str) -> Roles:
    return Roles.of_urls(*_urls(url))


def _urls(url: str) -> tuple[str, str]:
    return stores.as_role(url, stores.APP_ROLE), stores.as_role(url, stores.RELAY_ROLE)


def test_eight_processes_migrate_one_file_once(tmp_path: Path) -> None:
    path = tmp_path / "data" / "store.sqlite"
    answers = _all_at_once(str(path))
    assert [by_us for *_, by_us in answers].count(True) == 1
    assert {after for _, _, after, _ in answers} == {history.head()}


async def test_eight_processes_migrate_one_database_once(postgres_url: str) -> None:
    url = await servers.create_database(postgres_url)
    answers = await asyncio.to_thread(_all_at_once, url, *_urls(url))
    assert [by_us for *_, by_us in answers].count(True) == 1
    assert {after for _, _, after, _ in answers} == {history.head()}
    connection = await asyncpg.connect(url)
    try:
        assert await is_current(connection, _roles(url), metadata)
        rows = await connection.fetchval(f"SELECT count(*) FROM {history.VERSION_TABLE}")
        assert rows == 1
    finally:
        await connection.close()


async def test_a_lock_held_by_another_migrator_is_waited_for_and_told(postgres_url: str) -> None:
    url = await servers.create_database(postgres_url)
    holder = await asyncpg.connect(url)
    try:
        await holder.execute(f"SELECT pg_advisory_lock({LOCK_KEY})")
        with pytest.raises(StoreBusy, match="another process is migrating"):
            await migrate_postgres(url, _roles(url), metadata, wait_max_s=0.3)
    finally:
        await holder.close()
    done = await migrate_postgres(url, _roles(url), metadata)
    assert (done.before, done.after, done.by_us) == (history.NOTHING, history.head(), True)


async def test_a_file_that_is_served_and_up_to_date_needs_nothing(tmp_path: Path) -> None:
    store = await stores.sqlite_store(tmp_path / "store.sqlite")
    try:
        assert not (await migrate_sqlite(tmp_path / "store.sqlite")).by_us
    finally:
        await store.close()


async def test_a_file_that_is_served_and_behind_is_refused(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite")
    try:
        with pytest.raises(StoreInUse):
            await migrate_sqlite(tmp_path / "store.sqlite", wait_max_s=0.3)
        with pytest.raises(SchemaBehind, match="0000"):
            history.check_reached(found_in(tmp_path / "store.sqlite"))
    finally:
        await store.close()


def test_a_revision_that_fails_half_way_leaves_a_file_as_it_was() -> None:
    with closing(connect(None)) as connection:
        connection.execute("CREATE TABLE orders (in_the_way INTEGER)")
        before = _names(connection)
        with pytest.raises(Exception, match="orders"):
            upgrade_connection(connection)
        assert _names(connection) == before
        connection.execute("DROP TABLE orders")
        assert upgrade_connection(connection).after == history.head()
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def _names(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}


async def test_a_revision_that_fails_half_way_leaves_a_database_as_it_was(
    postgres_url: str,
) -> None:
    url = await servers.create_database(postgres_url)
    connection = await asyncpg.connect(url)
    tables = "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'"
    try:
        await connection.execute("CREATE TABLE orders (in_the_way int)")
        with pytest.raises(asyncpg.DuplicateTableError):
            await migrate_postgres(url, _roles(url), metadata)
        assert await connection.fetchval(tables) == "orders"
        await connection.execute("DROP TABLE orders")
        assert (await migrate_postgres(url, _roles(url), metadata)).after == history.head()
    finally:
        await connection.close()


async def test_lost_policies_are_put_back(postgres_url: str) -> None:
    url, app_url, _ = await stores.postgres_database(postgres_url)
    owner = await asyncpg.connect(url)
    app = await asyncpg.connect(app_url)
    try:
        await check_posture(app, metadata)
        await owner.execute("ALTER TABLE orders NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(RoleUnsafe, match="orders"):
            await check_posture(app, metadata)
        await migrate_postgres(url, _roles(url), metadata)
        await check_posture(app, metadata)
    finally:
        await owner.close()
        await app.close()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("ALTER ROLE {role} SUPERUSER", "is a superuser"),
        ("ALTER ROLE {role} BYPASSRLS", "BYPASSRLS"),
        ("GRANT tradepost_owner TO {role}", "member of their owner"),
    ],
)
async def test_a_role_that_could_step_over_is_refused(
    postgres_url: str, change: str, fault: str
) -> None:
    url, _, _ = await stores.postgres_database(postgres_url)
    owner = await asyncpg.connect(url)
    try:
        await owner.execute("DROP ROLE IF EXISTS unsafe")
        await owner.execute("CREATE ROLE unsafe LOGIN")
        await owner.execute(change.format(role="unsafe"))
        app = await asyncpg.connect(stores.as_role(url, "unsafe"))
        try:
            with pytest.raises(RoleUnsafe, match=fault):
                await check_posture(app, metadata)
        finally:
            await app.close()
        await owner.execute("DROP ROLE unsafe")
    finally:
        await owner.close()


async def test_an_admin_who_is_no_superuser_can_migrate(postgres_url: str) -> None:
    """As on a managed server: the admin may create roles and owns the database."""
    name = "managed"
    superuser = await asyncpg.connect(postgres_url)
    try:
        await superuser.execute(f"CREATE ROLE {name} LOGIN CREATEROLE")
        await superuser.execute(f"CREATE DATABASE {name} OWNER {name}")
    finally:
        await superuser.close()
    url = urlunsplit(urlsplit(stores.as_role(postgres_url, name))._replace(path=f"/{name}"))
    roles = Roles("managed_owner", Login("managed_app", "secret"), Login("managed_relay", "x"))
    assert (await migrate_postgres(url, roles, metadata)).by_us
    assert not (await migrate_postgres(url, roles, metadata)).by_us
    app = await asyncpg.connect(stores.as_role(url, "managed_app"))
    try:
        await check_posture(app, metadata)
        owner = await app.fetchval(
            "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'orders'"
        )
        assert owner == "managed_owner"
    finally:
        await app.close()


async def test_passwords_reach_the_server_as_verifiers_it_accepts(postgres_url: str) -> None:
    superuser = await asyncpg.connect(postgres_url)
    try:
        await superuser.execute(
            f"CREATE ROLE verified LOGIN PASSWORD '{scram_verifier('pässword!')}'"
        )
        kept = await superuser.fetchval(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'verified'"
        )
        assert kept.startswith("SCRAM-SHA-256$4096:")
        assert "pässword" not in kept
    finally:
        await superuser.close()


def test_a_login_is_read_from_a_url() -> None:
    login = Login.of_url("postgresql://app:p%40ss%2Fword@host:5432/shop")
    assert login == Login("app", "p@ss/word")
    assert "p@ss" not in repr(login)
