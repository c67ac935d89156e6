"""A process with a shop whose pages are read, and a bare app that sends the same bytes.

    python -m bench.reads_server STORE

prints one line of JSON with the ports and the shop's code, and serves until it is told to end.
Both apps run on the same server in the same process, so that all they differ in is themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

from litestar import Litestar
from tests import servers, stores
from tests.journeys.spine import open_shop

from tradepost.apps.public_api.app import create_app
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.work import Store
from tradepost.platform.process import loop_factory, tune_memory
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.web.settings import WebSettings
from tradepost.wiring.house import build_house
from tradepost.wiring.worker import build_worker

PRODUCTS = 60
REQUESTS_A_MINUTE = 1_000_000
WEB = WebSettings(signing_secrets=(b"s" * 32,))


class Floor:
    """Sends what it was given last, whatever is asked; by POST it is given something."""

    def __init__(self) -> None:
        self.state = SimpleNamespace(readiness=SimpleNamespace(draining=False))
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        if scope["method"] == "POST":
            self.body = (await receive())["body"]
            told = dict(scope["headers"])[b"x-answer"]
            self.headers = [(k.encode(), v.encode()) for k, v in json.loads(told).items()]
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


@asynccontextmanager
async def opened(kind: str) -> AsyncIterator[Store]:
    """A throw-away store of a kind."""
    if kind == "sqlite":
        with TemporaryDirectory(prefix="tradepost-bench-") as folder:
            yield await stores.sqlite_store(Path(folder) / "store.sqlite")
        return
    with servers.running("postgres") as server:
        _, app, relay = await stores.postgres_database(server.url)
        yield await PostgresStore.open(app, relay)


async def main(kind: str) -> None:
    """Serve a shop and the floor."""
    with Path("/dev/null").open("w") as nowhere:  # noqa: ASYNC230  once, at the start
        configure_logs("info", "json", nowhere)
        async with opened(kind) as store:
            await _serve(store)


async def _serve(store: Store) -> None:
    shop = await open_shop(store, public_requests_per_minute=REQUESTS_A_MINUTE)
    for number in range(PRODUCTS):
        await shop.article(f"article-{number}", "4.00", stock=100)
    house = build_house(store, WEB)
    worker = build_worker(house.bus)
    if house.kept is not None:
        worker.tail.listeners.append(house.kept.see)
    profile = await house.directory.load(shop.scope.tenant_id)
    assert profile is not None
    apps = {"shop": create_app(house), "floor": cast(Litestar, Floor())}
    both = Servers([Listening(name, app, 0) for name, app in apps.items()])
    working = asyncio.create_task(worker.run())

    async def started() -> None:
        sys.stdout.write(json.dumps({"ports": both.ports, "code": profile.code}) + "\n")
        sys.stdout.flush()

    await both.run(started)
    worker.stop()
    await working
    await house.close()


if __name__ == "__main__":
    tune_memory()
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=loop_factory()) as run:
        run.run(main(sys.argv[1]))
