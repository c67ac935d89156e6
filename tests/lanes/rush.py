"""Houses with a rush on their articles: two over one PostgreSQL, or one over its SQLite file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx

from tests.journeys.spine import Shop
from tests.web.conftest import WEB
from tests.web.market import Market, open_market, order_of
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.ids import VariantId
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.work import Store
from tradepost.platform.relay.tail import LogTail
from tradepost.wiring.doctor import LAWS, View, Visit, examine
from tradepost.wiring.house import House, build_house
from tradepost.wiring.rush import RushLimits
from tradepost.wiring.worker import build_worker


@dataclass
class Sale:
    """A shop, the houses that sell for it, and a client of each."""

    market: Market
    houses: list[House]
    clients: list[httpx.AsyncClient]

    @property
    def shop(self) -> Shop:
        return self.market.shop

    async def order(self, n: int, body: dict[str, Any], key: str = "") -> httpx.Response:
        """What a guest is told who comes to one of the houses."""
        client = self.clients[n % len(self.clients)]
        headers = {
            "idempotency-key": key or f"shopper-{n:05}-of-the-sale",
            "x-guest-token": f"guest-{n:05}-" + "x" * 32,
        }
        return await client.post("/api/v1/checkout", json=body, headers=headers)

    async def ordered(self, count: int, sku: str = "lamp", first: int = 0) -> list[httpx.Response]:
        """What each of so many is told who come at once for one unit."""
        numbers = range(first, first + count)
        return await asyncio.gather(*(self.order(n, order_of(sku)) for n in numbers))

    async def receive(self, variant: VariantId, count: int) -> None:
        """Put goods on the shelf."""
        wish = ReceiveStock(self.shop.location_id, (GoodsLine(variant, count),))
        await self.shop.bus.send(self.shop.scope, wish)

    def figure(self, name: str) -> float:
        """The sum of a figure over the houses."""
        found = [house.metrics.registry.get_sample_value(name) for house in self.houses]
        return sum(one or 0.0 for one in found)

    async def until(self, name: str, at_least: float) -> None:
        """Wait for a figure."""
        await soon(lambda: self.figure(name) >= at_least)

    async def is_sound(self) -> None:
        """The laws hold."""
        laws = [law for law in LAWS if law.view is View.TENANT]
        visit = Visit(self.shop.scope.tenant_id, "shop")
        report = await examine(self.houses[0].store, laws, [visit])
        assert report.holds, report.breaches


@asynccontextmanager
async def open_sale(
    store: Store,
    urls: Sequence[str] = (),
    limits: RushLimits | None = None,
    **settings: Any,
) -> AsyncIterator[Sale]:
    """A sale with a worker; a second house over a store of its own, where ``urls`` tell of one."""
    limits = limits or RushLimits(shed_s_max=60.0)
    market = await open_market(store, **settings)
    houses = [build_house(store, WEB, tokens=market.tokens, rush=limits)]
    if urls:
        other = await PostgresStore.open(*urls)
        houses.append(build_house(other, WEB, tokens=market.tokens, rush=limits))
    stop = asyncio.Event()
    worker = build_worker(houses[0].bus)
    jobs = [asyncio.create_task(worker.run())]
    tails = [worker.tail, *(LogTail(house.store) for house in houses[1:])]
    jobs += [asyncio.create_task(tail.run(stop)) for tail in tails[1:]]
    for house, tail in zip(houses, tails, strict=True):
        assert house.rush is not None
        jobs.append(asyncio.create_task(house.rush.follow(tail, stop)))
    clients = [_client(house, market.code) for house in houses]
    try:
        yield Sale(market, houses, clients)
    finally:
        for client in clients:
            await client.aclose()
        stop.set()
        worker.stop()
        await asyncio.gather(*jobs)
        for house in houses[1:]:
            await house.close()


async def soon(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to be")


def _client(house: House, code: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(cast(Any, public_app(house)), raise_app_exceptions=False)
    headers = {"x-tenant": code}
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)
