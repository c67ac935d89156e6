"""A market whose answers are kept, served over real sockets beside a worker that runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.web.conftest import UNHURRIED
from tests.web.market import Market, open_market
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.catalog.commands import SetPrice
from tradepost.catalog.queries import product_of_variant
from tradepost.kernel.ids import VariantId
from tradepost.platform.db.statement import AcrossTenants, platform_select
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.outbox import outbox
from tradepost.platform.relay.sequencer import last_seq
from tradepost.platform.web.kept import KeptAnswers
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.web.settings import KeptLimits, WebSettings
from tradepost.wiring.house import House
from tradepost.wiring.worker import build_worker

MINUTE = KeptLimits(fresh_ms_max=60_000)
"""Within a test nothing grows too old, so only facts can end an answer."""
TRY_S, TRIES = 0.005, 4000
_OUTBOX = AcrossTenants(platform_select(outbox.c.id).limit(1))


def web(kept: KeptLimits = MINUTE, *, limits_requests: bool = False) -> WebSettings:
    """The doors of a test, with limits of what is kept."""
    return WebSettings((b"s" * 32,), limits_requests=limits_requests, kept=kept, requests=UNHURRIED)


@dataclass
class Stall:
    """A market that is served, as a guest of it sees it."""

    market: Market
    client: httpx.AsyncClient
    variant_id: VariantId

    @property
    def kept(self) -> KeptAnswers:
        """What its process keeps."""
        return kept_of(self.market.house)

    def count(self, outcome: str) -> int:
        """How many reads ended so."""
        return int(self.kept.figures.answers.labels(outcome)._value.get())

    async def price(self, path: str = "/api/v1/products/the-mug", **headers: str) -> int:
        """What the mug costs, as guests are told."""
        answer = await self.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["price_from"]["amount"])

    async def reprice(self, amount: int) -> None:
        """Let the mug cost so many pence."""
        shop = self.market.shop
        view = await shop.bus.ask(shop.scope, product_of_variant, self.variant_id)
        wish = SetPrice(self.variant_id, amount * 10_000, None, view.version)
        await shop.bus.send(shop.scope, wish)

    async def told(self) -> None:
        """Wait until all that has happened has been told to what is kept."""
        store = self.market.house.store
        for _ in range(TRIES):
            if not await store.relay_read(_waiting):
                break
            await asyncio.sleep(TRY_S)
        last = await store.relay_read(last_seq)
        await until(lambda: self.kept.seen >= last)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(TRIES):
        if holds():
            return
        await asyncio.sleep(TRY_S)
    raise AssertionError("it never came to hold")


async def _waiting(db: Reader) -> bool:
    return await db.value(_OUTBOX) is not None


def kept_of(house: House) -> KeptAnswers:
    """What a house keeps."""
    assert house.kept is not None
    return house.kept


@asynccontextmanager
async def stall(
    store: Store, doors: WebSettings | None = None, **settings: Any
) -> AsyncIterator[Stall]:
    """A market with a mug at 4 pounds, its worker, and its public API at a port."""
    market = await open_market(store, doors or web(), **settings)
    mug = await market.shop.article("mug", "4.00", stock=5)
    worker = build_worker(market.house.bus)
    worker.tail.listeners.append(kept_of(market.house).see)
    running = asyncio.create_task(worker.run())
    try:
        async with served(market.house) as url:
            headers = {"x-tenant": market.code}
            async with httpx.AsyncClient(base_url=url, headers=headers) as client:
                made = Stall(market, client, mug)
                await made.told()
                yield made
    finally:
        worker.stop()
        await running


@asynccontextmanager
async def served(house: House) -> AsyncIterator[str]:
    """The public API of a house on a port of its own; where it is."""
    servers = Servers([Listening("public", public_app(house), 0)])
    ready = asyncio.Event()

    async def started() -> None:
        ready.set()

    serving = asyncio.create_task(servers.run(started))
    await ready.wait()
    try:
        yield f"http://127.0.0.1:{servers.ports['public']}"
    finally:
        servers.end()
        await serving
