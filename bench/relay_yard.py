"""A store with facts on their way, and those who wait for them, to be timed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import servers, stores
from tests.journeys.spine import Shop, open_shop

from bench import relay_floors
from bench.buyers import HOME
from bench.machine import cpu_seconds_of_tree
from tradepost.kernel.ids import RandomIds
from tradepost.kernel.messages import Told
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.statement import AcrossTenants, platform_select
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.platform.facts import published
from tradepost.platform.outbox import outbox
from tradepost.platform.transport.embedded import EmbeddedTransport
from tradepost.platform.worker import Worker
from tradepost.reporting.storage import ORDER_TIMELINE
from tradepost.wiring.worker import redis_transport

ORDERS = 20
POURED = 2000
_OUTBOX = AcrossTenants(platform_select(*(c for c in outbox.c if c.name != "id")))


@dataclass(frozen=True)
class Round:
    """So many facts, how long they took, and what they cost."""

    facts: int
    seconds: float
    app_cpu_s: float
    database_cpu_s: float

    @property
    def rate(self) -> float:
        """Facts a second."""
        return self.facts / self.seconds


@dataclass
class Yard:
    """A store with facts in it, and those who wait for them."""

    kind: str
    store: Store
    shop: Shop
    redis_url: str
    database_pid: int | None
    floors: relay_floors.Floors
    rows: list[Mapping[str, Any]]

    @property
    def consumers(self) -> Sequence[tuple[str, Consumer, bool]]:
        """Those who wait: what they are called here, and whether Redis brings them their facts."""
        return (
            ("consumer", listener("embedded", self.rows), False),
            ("consumer, redis", listener("redis", self.rows), True),
            ("timeline", ORDER_TIMELINE.consumer(), False),
        )

    async def pour(self, count: int) -> None:
        """So many facts wait to be numbered, of as many documents."""
        ids = RandomIds()
        for first in range(0, count, POURED):
            size = min(POURED, count - first)
            fresh = [
                {**self.rows[n % len(self.rows)], "event_id": ids.new(), "stream_id": ids.new()}
                for n in range(size)
            ]
            await self.store.relay_write(_adding(fresh))

    def worker(self, *consumers: Consumer, redis: bool = False) -> Worker:
        """A worker with these consumers and no sweeps."""
        transport = redis_transport(self.redis_url) if redis else EmbeddedTransport
        return Worker(self.shop.bus, consumers, book=published(), transport=transport)

    async def timed(self, count: int, job: Callable[[], Awaitable[Any]]) -> Round:
        """What a job cost that deals with so many facts."""
        cpu, database, began = time.process_time(), self._database_s(), time.perf_counter()
        await job()
        seconds = time.perf_counter() - began
        return Round(
            count, seconds, time.process_time() - cpu, max(0.0, self._database_s() - database)
        )

    def _database_s(self) -> float:
        return cpu_seconds_of_tree(self.database_pid) if self.database_pid else 0.0


def _adding(rows: Sequence[Mapping[str, Any]]) -> Callable[[Work], Awaitable[None]]:
    async def job(work: Work) -> None:
        work.add(outbox, *rows)

    return job


async def _nothing(bus: Bus, work: Work, told: Sequence[Told[Any]]) -> None:
    """The effect of a consumer of which only the platform's own part counts."""


def listener(name: str, rows: Sequence[Mapping[str, Any]]) -> Consumer:
    """A consumer of everything that is told."""
    return Consumer(f"bench.{name}", frozenset(row["name"] for row in rows), _nothing)


@asynccontextmanager
async def yard(kind: str) -> AsyncIterator[Yard]:
    """A fresh store of a kind with the facts of some orders."""
    with servers.running("redis") as redis, TemporaryDirectory(dir=Path.cwd()) as folder:
        if kind == "sqlite":
            file = await stores.sqlite_store(Path(folder) / "store.sqlite", synchronous="FULL")
            yield await _opened(kind, file, redis.url, None, relay_floors.SqliteFloors(file))
            await file.close()
            return
        with servers.running("postgres") as server:
            url, app, relay = await stores.postgres_database(server.url)
            store = await PostgresStore.open(app, relay)
            floors = relay_floors.PostgresFloors(url)
            yield await _opened(kind, store, redis.url, server.keeper.pid, floors)
            await store.close()


async def _opened(
    kind: str, store: Store, redis_url: str, pid: int | None, floors: relay_floors.Floors
) -> Yard:
    shop = await open_shop(store)
    article = await shop.article("lamp", stock=10**6)
    for _ in range(ORDERS):
        basket = Basket((Wanted(1, article),), ship_to=HOME, email="shopper@example.com")
        await shop.bus.send(shop.scope, PlaceOrder(basket))

    async def look(db: Reader) -> list[Mapping[str, Any]]:
        names = [column.name for column in outbox.c if column.name != "id"]
        return [dict(zip(names, row, strict=True)) for row in await db.all(_OUTBOX)]

    rows = [row for row in await store.relay_read(look) if row["name"] == "order.placed"]
    place = Yard(kind, store, shop, redis_url, pid, floors, rows)
    for _, consumer, redis in place.consumers:
        worker = place.worker(consumer, redis=redis)
        await worker.settle()
        await worker.transport.close()
    return place
