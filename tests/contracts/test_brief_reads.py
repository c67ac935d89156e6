"""A read is of one snapshot and of one shop, whether it is brief or turns out to be longer."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

from sqlalchemy import func, literal_column

from tests.contracts.test_store import kept, shop
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.sqlite_brief import LOOKS_MAX
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.tenancy.storage import stores

_ORDERED = Statement(scoped(stores, stores.c.code).order_by(stores.c.code.desc()))
_COUNT = Statement(scoped(stores, func.count()))
_NAMED = Statement(scoped(stores, stores.c.code).where(stores.c.name == param("name")))
_other = stores.alias("other")
_LONG = Statement(
    scoped(stores, func.count()).select_from(stores.join(_other, literal_column("1=1")))
)


async def _ahead(db: Reader) -> list[Any]:
    await db.look_ahead((_NAMED, {"name": "one"}), (_COUNT, {}))
    return [*await db.all(_NAMED, name="one"), await db.value(_COUNT)]


async def test_rows_stand_in_their_order(store: Store, scope: Scope) -> None:
    await kept(store, scope, *(shop(f"s{place:02}") for place in range(40)))
    found = await store.read(scope.tenant_id, lambda db: db.all(_ORDERED))
    assert [row[0] for row in found] == sorted((row[0] for row in found), reverse=True)
    assert len(found) == 40


async def test_nobody_reads_what_is_anothers(store: Store, scope: Scope) -> None:
    other = Scope(TenantId(uuid4()), SYSTEM)
    await kept(store, scope, shop("ours", "one"))

    for _ in range(3):
        assert await store.read(other.tenant_id, _ahead) == [0]
        assert await store.read(other.tenant_id, lambda db: db.all(_ORDERED)) == []
        assert await store.read(scope.tenant_id, _ahead) == [("ours",), 1]
        assert await store.read(scope.tenant_id, lambda db: db.all(_ORDERED)) == [("ours",)]


async def test_a_brief_read_is_one_message(store: Store, scope: Scope) -> None:
    """The tenant travels with it, and is gone with it."""
    if not isinstance(store, PostgresStore):
        return
    await kept(store, scope, shop("a", "one"))

    await store.read(scope.tenant_id, _ahead)  # the driver asks once what an array of rows is
    sent: list[str] = []
    connection = await store._pool.acquire()
    connection.add_query_logger(lambda record: sent.append(record.query))
    await store._pool.release(connection)

    async def twice(db: Reader) -> list[Any]:
        return [await db.value(_COUNT), await db.value(_COUNT)]

    assert await store.read(scope.tenant_id, _ahead) == [("a",), 1]
    assert await store.read(scope.tenant_id, lambda db: db.value(_COUNT)) == 1
    assert len(sent) == 2
    assert await store.read(scope.tenant_id, twice) == [1, 1]
    assert await store.read(scope.tenant_id, twice) == [1, 1]
    begun = [text.split(maxsplit=1)[0] for text in sent[2:]]
    assert begun == ["SELECT", *["BEGIN", "SELECT", "SELECT", "COMMIT"] * 2]
    connection = await store._pool.acquire()
    assert await connection.fetchval("SELECT current_setting('app.tenant', true)") in ("", None)
    await store._pool.release(connection)


async def test_two_looks_are_of_one_snapshot(store: Store, scope: Scope) -> None:
    """What is written between them is in both or in neither."""
    await kept(store, scope, shop("a"))
    number = 0

    async def job(db: Reader) -> list[int]:
        nonlocal number
        first = await db.value(_COUNT)
        if not isinstance(store, SqliteStore):  # there nobody can come between
            number += 1
            await kept(store, scope, shop(f"b{number}"))
        return [first, await db.value(_COUNT)]

    for _ in range(3):
        first, second = await store.read(scope.tenant_id, job)
        assert first == second


async def test_a_long_read_does_not_hold_up_the_loop(store: Store, scope: Scope) -> None:
    """SQLite's brief reads are done by the event loop itself, and no others."""
    if not isinstance(store, SqliteStore) or store.path is None:
        return
    await kept(store, scope, *(shop(f"s{place}") for place in range(400)))
    seen: list[str] = []

    async def brief(db: Reader) -> int:
        found: int = await db.value(_COUNT)
        seen.append(threading.current_thread().name)
        return found

    async def long(db: Reader) -> int:
        found: int = await db.value(_LONG)
        seen.append(threading.current_thread().name)
        return found

    async def many(db: Reader) -> int:
        found = [await db.value(_COUNT) for _ in range(LOOKS_MAX + 1)]
        seen.append(threading.current_thread().name)
        return sum(found)

    assert await store.read(scope.tenant_id, brief) == 400
    for _ in range(2):
        assert await store.read(scope.tenant_id, long) == 160_000
    assert await store.read(scope.tenant_id, many) == 400 * (LOOKS_MAX + 1)
    assert seen[0] == threading.current_thread().name
    assert all(name.startswith("sqlite-reader") for name in seen[1:])
