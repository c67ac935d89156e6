"""Shops served as anybody serves them: ``tradepost serve`` in processes of its own.

PostgreSQL with fsync, or a SQLite file that is written as safely. The limits count requests as
always: each shopper comes from an address of their own, told by the proxy that the house trusts.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from tests import servers, stores
from tests.journeys.spine import code_of, open_shop

from bench import counted
from bench.buyers import HOME
from bench.machine import cpu_seconds_of, cpu_seconds_of_tree
from tradepost.kernel.ids import TenantId, VariantId
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.work import Store

PLENTY = 10**9
ARTICLES = 256
UNITS = 50
PROGRAM = "import sys; from tradepost.apps.cli.main import main; sys.exit(main())"
START_SECONDS_MAX = 60
END_SECONDS_MAX = 30


@dataclass
class Houses:
    """A shop on a store, and the processes that serve it."""

    kind: str
    folder: Path
    code: str = ""
    skus: list[str] = field(default_factory=list)
    flashes: list[str] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    apps: list[subprocess.Popen[Any]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    database: servers.Running | None = None
    urls: tuple[str, str, str] | None = None
    copy_url: str = ""
    articles: list[VariantId] = field(default_factory=list)
    scarce: list[VariantId] = field(default_factory=list)
    tenant_id: TenantId | None = None

    def environment(self) -> dict[str, str]:
        """The settings of an installation, and nothing of those around."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TRADEPOST_")}
        kept |= {"PYTHONPATH": str(servers.ROOT / "src"), "TRADEPOST_PROFILE": "demo"}
        kept |= {"TRADEPOST_TRUSTED_PROXIES": "1", "TRADEPOST_DATA_DIR": str(self.folder)}
        if self.urls is not None:
            _, app, relay = self.urls
            kept |= {"TRADEPOST_DATABASE_URL": app, "TRADEPOST_RELAY_DATABASE_URL": relay}
        return kept

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """One process of the product; its log goes to a file."""
        with self.log_of(arguments[0]).open("w") as log:
            return subprocess.Popen(  # noqa: S603  our own
                [sys.executable, "-c", PROGRAM, *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=self.environment(),
            )

    def log_of(self, what: str) -> Path:
        """Where the next process of a kind tells what it does."""
        return self.folder / f"{what}-{len(self.apps)}.log"

    def serve(self) -> None:
        """One more process of the public API, as soon as it answers."""
        more = ["--worker"] if self.urls is None else ["--no-worker"]
        log = self.log_of("serve")
        process = self.start("serve", "--only", "public", "--public-port", "0", *more)
        self.apps.append(process)
        self.ports.append(_port(process, log))

    def hire(self) -> None:
        """A worker, where the servers have none within."""
        if self.urls is not None:
            self.workers.append(self.start("worker"))

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far, by what they went into."""
        return {
            "app": sum(cpu_seconds_of(one.pid) for one in self.apps),
            "worker": sum(cpu_seconds_of(one.pid) for one in self.workers),
            "database": self.database_cpu_s(),
        }

    def database_cpu_s(self) -> float:
        """CPU seconds of the server, if there is one."""
        return cpu_seconds_of_tree(self.database.keeper.pid) if self.database else 0.0

    async def open_store(self) -> Store:
        """The store as the app role sees it; a fresh SQLite file before somebody serves it."""
        if self.urls is None:
            return await stores.sqlite_store(self.folder / "store.sqlite", synchronous="FULL")
        return await PostgresStore.open(*self.urls[1:])

    def doctor(self) -> str:
        """Empty if the laws hold, else what is broken."""
        done = self.call("doctor")
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def call(
        self, *arguments: str, seconds_max: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """What a command of the product says.

        :raises subprocess.TimeoutExpired: if it takes longer.
        """
        return subprocess.run(  # noqa: S603  our own
            [sys.executable, "-c", PROGRAM, *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=self.environment(),
            cwd=self.folder,
            timeout=seconds_max,
        )


@contextmanager
def opened(
    kind: str,
    processes: int,
    flashes: int = 0,
    prepare: Callable[[Houses], None] = lambda houses: None,
    **settings: Any,
) -> Iterator[Houses]:
    """A shop with articles, served by so many processes (SQLite: by one).

    On PostgreSQL there is a copy of the database as it was before it was served, for the floor,
    and no worker until one is hired. ``prepare`` is called before anything is served,
    ``settings`` are the shop's.
    """
    with ExitStack() as after:
        # PostgreSQL's account and ours both have to come in
        folder = after.enter_context(TemporaryDirectory(prefix="tradepost-bench-"))
        houses = Houses(kind, Path(folder))
        if kind == "postgresql":
            houses.database = after.enter_context(servers.running("postgres"))
            counted.prepare(houses.database)
            houses.urls = asyncio.run(stores.postgres_database(houses.database.url))
        asyncio.run(_stock(houses, flashes, settings))
        if houses.database is not None and houses.urls is not None:
            name = urlsplit(houses.urls[0]).path[1:]
            copy = servers.create_database(houses.database.url, template=name)
            houses.copy_url = asyncio.run(copy)
        prepare(houses)
        after.callback(ended, houses)
        for _ in range(1 if kind == "sqlite" else processes):
            houses.serve()
        yield houses


async def _stock(houses: Houses, flashes: int, settings: dict[str, Any]) -> None:
    """A shop with plenty of most articles, and of some what ``flashes`` sell out."""
    store = await houses.open_store()
    shop = await open_shop(store, **settings)
    houses.tenant_id = shop.scope.tenant_id
    houses.code = code_of(shop.scope.tenant_id)
    houses.skus = [f"article-{number}" for number in range(ARTICLES)]
    houses.flashes = [f"flash-{number}" for number in range(flashes)]
    houses.articles = [await shop.article(sku, "4.00", stock=PLENTY) for sku in houses.skus]
    houses.scarce = [await shop.article(sku, "4.00", stock=UNITS) for sku in houses.flashes]
    line = Wanted(1, houses.articles[0])
    await shop.bus.send(shop.scope, PlaceOrder(Basket((line,), ship_to=HOME)))  # numbers begin
    await store.close()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        if match := re.search(r"public API\s+http://\S+:(\d+)", log.read_text()):
            return int(match[1])
        time.sleep(0.05)
    raise RuntimeError(f"the house did not open:\n{log.read_text()}")


def ended(houses: Houses) -> None:
    """Ask all of its processes to end, and see that they do."""
    for process in [*houses.apps, *houses.workers]:
        process.send_signal(signal.SIGTERM)
    for process in [*houses.apps, *houses.workers]:
        try:
            process.wait(END_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
