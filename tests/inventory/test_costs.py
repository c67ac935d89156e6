"""How many statements a promise costs, counted by the store itself."""

from __future__ import annotations

import sqlite3
from collections import Counter

from tests import stores
from tests.inventory.room import Allocate, Room, build
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope


def _kind(sql: str) -> str:
    words = sql.split()
    if words[0] == "WITH":  # a list of values first
        words = words[words.index("UPDATE") :]
    if words[0] == "SELECT":
        return f"SELECT {words[words.index('FROM') + 1]}"
    return " ".join(words[: 3 if words[0] == "INSERT" else 2]).removesuffix(";")


async def test_one_lock_one_update_and_fresh_rows(tenant_id: TenantId) -> None:
    store = await stores.sqlite_store(None)
    room = Room(build(store), Scope(tenant_id, SYSTEM))
    seen: list[str] = []

    def watch(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(seen.append)

    mugs = [await room.variant(50) for _ in range(3)]
    await store.run_script(watch)
    await room.order((mugs[0], 1))
    one = Counter(map(_kind, seen))
    assert one == {
        "BEGIN IMMEDIATE": 1,
        "SELECT stocks": 1,
        "UPDATE stocks": 1,
        "INSERT INTO reservations": 1,
        "INSERT INTO outbox": 1,
        "COMMIT": 1,
    }
    seen.clear()
    await room.send_all(*(Allocate(room.demand(*((mug, 1) for mug in mugs))) for _ in range(10)))
    many = Counter(map(_kind, seen))
    # A row of an executemany counts for itself here; no statement is repeated for each order.
    assert many["SELECT stocks"] == 1 and many["UPDATE stocks"] == 1
    assert many["INSERT INTO reservations"] == 30 and many["INSERT INTO outbox"] == 20
    assert many.keys() == one.keys()
    await store.close()
