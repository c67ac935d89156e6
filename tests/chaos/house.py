"""A shop's public API in processes that are killed, and shoppers who come back with their keys.

The processes are what ``tradepost serve`` is, forked from a server that has loaded everything: a
restart takes the time that opening the store takes, so that a test can afford many.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from zlib import crc32

from tests import stores
from tests.chaos.asking import Answered, ask
from tests.chaos.forking import SERVER
from tests.journeys.spine import Shop, code_of, open_shop
from tests.web.market import order_of
from tradepost.platform import failpoints
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Store
from tradepost.platform.process import run
from tradepost.platform.settings import load
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.wiring.doctor import LAWS, Visit, examine
from tradepost.wiring.running import Serving, serve

START_S_MAX = 20.0
END_S_MAX = 30.0
AGAIN_S = 0.02
AGAIN = {503, 507}
"""Answers after which the same request is sent again."""


def main(environ: dict[str, str], fail_at: str, told: Connection) -> None:
    """The whole life of a process that serves."""
    failpoints.arm(fail_at)
    settings = load(environ).settings

    async def started(ports: dict[str, int]) -> None:
        told.send(ports["public API"])

    configure_logs(settings.log_level)
    run(serve(settings, Serving(public=True, admin=False), started))


class Server:
    """One process of the public API."""

    def __init__(self, environ: Mapping[str, str], fail_at: str = "") -> None:
        self.began = time.monotonic()
        self._pipe, theirs = SERVER.Pipe()
        self._process = SERVER.Process(target=main, args=(dict(environ), fail_at, theirs))
        self._process.start()
        theirs.close()
        self.port = 0

    async def ready(self) -> Server:
        """Wait until it listens."""
        if not await asyncio.to_thread(self._pipe.poll, START_S_MAX):
            raise RuntimeError("the house did not open")
        self.port = self._pipe.recv()
        return self

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def died(self) -> int | None:
        """How it ended: 0 and up, or minus the signal; none while it lives."""
        return self._process.exitcode

    async def ended(self, seconds: float = END_S_MAX) -> int | None:
        """Wait for its end, at most so long."""
        await asyncio.to_thread(self._process.join, seconds)
        return self.died

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        """Send it a signal that ends it, and wait for its end."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
        return await self.ended()


@dataclass
class House:
    """A shop on a store that processes of the test serve."""

    kind: str
    folder: Path
    urls: tuple[str, str, str] | None
    shop: Shop
    code: str
    more: dict[str, str] = field(default_factory=dict)

    def environ(self, **more: str) -> dict[str, str]:
        """The settings of the installation."""
        told = {"PROFILE": "demo", "DATA_DIR": str(self.folder), "LOG_LEVEL": "error"}
        told |= {"PUBLIC_PORT": "0", "LIMITS_REQUESTS": "no", "CONNECTION_WAIT_MS_MAX": "5000"}
        if self.urls is not None:
            _, app, relay = self.urls
            told |= {"DATABASE_URL": app, "RELAY_DATABASE_URL": relay}
        told |= self.more | more
        return {f"TRADEPOST_{name}": value for name, value in told.items()}

    @asynccontextmanager
    async def serving(self, fail_at: str = "", **more: str) -> AsyncIterator[Server]:
        """A process that serves, ended with the block however it ends."""
        server = Server(self.environ(**more), fail_at)
        try:
            yield await server.ready()
        finally:
            if server.died is None:
                await server.end()
            if server.died is None:
                await server.end(signal.SIGKILL)

    async def store(self) -> Store:
        """The store beside the processes: SQLite for reading."""
        if self.urls is None:
            return SqliteStore(self.folder / "store.sqlite", read_only=True)
        return await PostgresStore.open(*self.urls[1:], pool_size_max=2)

    async def broken_laws(self) -> list[str]:
        """What the doctor finds, law by law."""
        store = await self.store()
        try:
            visit = Visit(self.shop.scope.tenant_id, self.code)
            report = await examine(store, LAWS, [visit])
        finally:
            await store.close()
        return [f"{one.law} {one.keys}: {one.found}" for one in report.breaches]


@asynccontextmanager
async def opened(
    kind: str, folder: Path, postgres_url: str | None, stock: Mapping[str, int], **settings: Any
) -> AsyncIterator[House]:
    """A shop with stock on a fresh store, served by nobody yet."""
    urls = None
    if kind == "sqlite":
        store: Store = await stores.sqlite_store(folder / "store.sqlite", synchronous="FULL")
    else:
        assert postgres_url is not None
        urls = await stores.postgres_database(postgres_url)
        store = await PostgresStore.open(*urls[1:], pool_size_max=2)
    shop = await open_shop(store, **settings)
    for sku, units in stock.items():
        await shop.article(sku, "4.00", stock=units)
    await store.close()
    yield House(kind, folder, urls, shop, code_of(shop.scope.tenant_id))


@dataclass
class Shoppers:
    """People who order one thing each and come back with the same key until they are told."""

    house: House
    ports: list[int]
    troubles: int = 0

    async def order(
        self, key: str, sku: str, quantity: int = 1, *, until: float | None = None
    ) -> Answered | None:
        """What a key's order is answered in the end; nothing if nobody answers in time."""
        while True:
            answer = await self.once(key, sku, quantity)
            if answer is not None and answer.status not in AGAIN:
                return answer
            self.troubles += 1
            if until is not None and time.monotonic() > until:
                return None
            await asyncio.sleep(AGAIN_S)

    async def once(self, key: str, sku: str, quantity: int = 1) -> Answered | None:
        """One try; nothing if the connection broke before there was an answer."""
        headers = {"idempotency-key": key, "x-tenant": self.house.code}
        headers["x-guest-token"] = f"{key:x<40}"
        port = self.ports[crc32(key.encode()) % len(self.ports)]
        return await ask(port, "POST", "/api/v1/checkout", order_of(sku, quantity), headers)
