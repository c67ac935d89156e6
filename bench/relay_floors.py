"""Floors of the relay: the same rows written and sent by the bare drivers in batches as large."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import asyncpg
import msgspec
from redis.asyncio import Redis

from tradepost.kernel.ids import RandomIds
from tradepost.platform.consumers.runner import BATCH as CONSUMED
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.outbox import SHARDS
from tradepost.platform.relay.sequencer import BATCH
from tradepost.platform.transport.publisher import BATCH as SENT

Rows = Sequence[Mapping[str, Any]]
_NAMES = (
    "tenant_id, event_id, stream, stream_id, version, name, schema, body, actor_kind, actor_id,"
    " reason, request_id, happened_at"
)


def _waiting(fresh_id: str, count: int) -> str:
    """The statement by which so many of the newest orders wait again, as other facts."""
    return (
        f"INSERT INTO bare_outbox ({_NAMES}) SELECT tenant_id, {fresh_id}, stream, {fresh_id},"  # noqa: S608
        " version, name, schema, body, actor_kind, actor_id, reason, request_id, happened_at"
        f" FROM event_log WHERE name = 'order.placed' ORDER BY seq DESC LIMIT {count}"
    )


class Floors(Protocol):
    """Tables like ours, and the least that has to be written to them."""

    async def prepare(self, rows: Rows, count: int) -> None:
        """So many facts wait."""
        ...

    async def number(self) -> None:
        """Move them, batch by batch."""
        ...

    async def consume(self) -> None:
        """Note that each has had its effect, batch by batch."""
        ...


class PostgresFloors:
    """Over one connection of the superuser."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._count = 0

    async def prepare(self, rows: Rows, count: int) -> None:
        self._count = count
        connection = await asyncpg.connect(self._url)
        for table in ("outbox", "event_log", "inbox"):
            await connection.execute(
                f"DROP TABLE IF EXISTS bare_{table};"
                f" CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)"
            )
        await connection.execute(_waiting("gen_random_uuid()", count))
        await connection.close()

    async def number(self) -> None:
        connection = await asyncpg.connect(self._url)
        move = (
            "WITH moved AS (DELETE FROM bare_outbox WHERE id IN"  # noqa: S608
            f" (SELECT id FROM bare_outbox ORDER BY id LIMIT {BATCH}) RETURNING *)"
            f" INSERT INTO bare_event_log (seq, {_NAMES}, shard, logged_at)"
            f" SELECT $1::bigint + row_number() OVER (ORDER BY id), {_NAMES},"
            f" get_byte(uuid_send(stream_id), 15) % {SHARDS}, 0 FROM moved"
        )
        for base in range(0, self._count, BATCH):
            await connection.execute(move, base)
        await connection.close()

    async def consume(self) -> None:
        connection = await asyncpg.connect(self._url)
        note = (
            "INSERT INTO bare_inbox (tenant_id, consumer, event_id, seq)"
            " SELECT tenant_id, 'bare', event_id, seq FROM bare_event_log"
            " WHERE seq > $1 AND seq <= $2"
        )
        for base in range(0, self._count, CONSUMED):
            await connection.fetch(
                "SELECT * FROM bare_event_log WHERE seq > $1 LIMIT $2", base, CONSUMED
            )
            await connection.execute(note, base, base + CONSUMED)
        await connection.close()


class SqliteFloors:
    """In the thread that writes."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._count = 0

    async def prepare(self, rows: Rows, count: int) -> None:
        self._count = count

        def make(connection: sqlite3.Connection) -> None:
            texts = connection.execute(
                "SELECT type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
                " AND tbl_name IN ('outbox', 'event_log', 'inbox') ORDER BY type DESC"
            ).fetchall()
            for kind, table, sql in texts:
                if kind == "table":
                    connection.execute(f"DROP TABLE IF EXISTS bare_{table}")
                connection.execute(
                    sql.replace(f" {table}", f" bare_{table}").replace(
                        f"INDEX {table}", f"INDEX bare_{table}"
                    )
                )
            connection.execute(_waiting("randomblob(16)", count))

        await self._store.run_script(make)

    async def number(self) -> None:
        first = f"SELECT id FROM bare_outbox ORDER BY id LIMIT {BATCH}"  # noqa: S608  our own

        def move(connection: sqlite3.Connection) -> None:
            for base in range(0, self._count, BATCH):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    f"INSERT INTO bare_event_log (seq, {_NAMES}, shard, logged_at)"  # noqa: S608
                    f" SELECT {base} + row_number() OVER (ORDER BY id), {_NAMES},"
                    f" id % {SHARDS}, 0 FROM bare_outbox WHERE id IN ({first})"
                )
                connection.execute(f"DELETE FROM bare_outbox WHERE id IN ({first})")  # noqa: S608
                connection.execute("COMMIT")

        await self._store.run_script(move)

    async def consume(self) -> None:
        def note(connection: sqlite3.Connection) -> None:
            for base in range(0, self._count, CONSUMED):
                connection.execute(
                    "SELECT * FROM bare_event_log WHERE seq > ? LIMIT ?", (base, CONSUMED)
                ).fetchall()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "INSERT INTO bare_inbox (tenant_id, consumer, event_id, seq)"
                    " SELECT tenant_id, 'bare', event_id, seq FROM bare_event_log"
                    " WHERE seq > ? AND seq <= ?",
                    (base, base + CONSUMED),
                )
                connection.execute("COMMIT")

        await self._store.run_script(note)


async def send(url: str, rows: Rows, count: int) -> None:
    """So many facts to sixteen streams of another name, in pipelines as long as ours."""
    client: Redis = Redis.from_url(url, protocol=2)
    ids = RandomIds()
    for base in range(0, count, SENT):
        pipe = client.pipeline(transaction=False)
        for number in range(base, min(base + SENT, count)):
            fact = {**rows[number % len(rows)], "event_id": ids.new()}
            entry: dict[Any, Any] = {b"f": msgspec.msgpack.encode(fact), b"a": number}
            pipe.xadd(f"bare:{number % SHARDS}", entry, id=f"{number + 1}-0")
        await pipe.execute()
    await client.delete(*(f"bare:{shard}" for shard in range(SHARDS)))
    await client.aclose()
