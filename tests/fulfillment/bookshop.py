"""A shop that sells files beside goods, behind real servers."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.spine import Shop, open_shop
from tests.web.conftest import WEB, ListedTokens
from tests.web.market import Market, key, order_of
from tradepost.apps.admin_api.app import create_app as admin_app
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.fulfillment.gateway.files import FileDesk
from tradepost.kernel.clock import SystemClock
from tradepost.kernel.ids import VariantId
from tradepost.platform.db.work import Store
from tradepost.platform.storage import FileStore
from tradepost.platform.storage.folder import FolderStore
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.web.settings import WebSettings
from tradepost.wiring.house import build_house
from tradepost.wiring.worker import build_worker

BOOK = bytes(range(256)) * 4096
"""A megabyte of which each place can be told from its neighbours."""
SHA256 = hashlib.sha256(BOOK).hexdigest()
STAFF = (
    *("catalog.write", "catalog.read", "downloads.read", "downloads.write", "orders.refund"),
    *("orders.read", "orders.cancel", "payments.record", "shipments.write"),
)


class Hands(SystemClock):
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The time, put forward."""
        return super().now() + self.ahead


@dataclass
class Bookshop:
    """The shop, its two servers, and where its files lie."""

    market: Market
    clock: Hands
    public: httpx.AsyncClient
    admin: httpx.AsyncClient
    folder: Path

    @property
    def shop(self) -> Shop:
        """The shop's own hands."""
        return self.market.shop

    async def book(
        self, sku: str = "book", price: str = "10.00", *, file: bytes = BOOK
    ) -> VariantId:
        """A digital article on sale, with its file."""
        variant_id = await self.titled(sku, price)
        place = f"/api/v1/digital-files/{variant_id}/content/{sku}.pdf"
        put = await self.admin.put(place, content=file, headers={"content-type": "application/pdf"})
        assert put.status_code == 200, put.text
        return variant_id

    async def titled(self, sku: str, price: str = "10.00") -> VariantId:
        """A digital article on sale, without a file."""
        return await self.shop.article(sku, price, digital=True)

    async def ordered(self, *skus: str, **more: Any) -> dict[str, Any]:
        """What a guest has ordered."""
        lines = [{"sku": sku, "quantity": 1} for sku in skus]
        body = order_of(skus[0]) | {"lines": lines, "delivery": "digital"} | more
        placed = await self.public.post("/api/v1/checkout", json=body, headers=key())
        assert placed.status_code == 201, placed.text
        told: dict[str, Any] = placed.json()
        return told

    async def pay(self, order: dict[str, Any]) -> None:
        """Take the money for an order, and let the worker do what follows."""
        body = {"method": "bank_transfer", "orders": [{"order_id": order["id"]}]}
        paid = await self.admin.post("/api/v1/payments", json=body, headers=key())
        assert paid.status_code == 201, paid.text
        await self.settle()

    async def bought(self, *skus: str, **more: Any) -> dict[str, Any]:
        """What a guest has ordered and paid."""
        order = await self.ordered(*skus, **more)
        await self.pay(order)
        return order

    async def settle(self) -> None:
        """Have the worker do all there is to do."""
        await build_worker(self.market.house.bus).settle()

    async def links(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """The links on the order's page."""
        place = f"/api/v1/orders/{order['id']}/downloads"
        answer = await self.public.get(place, params={"token": order["token"]})
        assert answer.status_code == 200, answer.text
        told: list[dict[str, Any]] = answer.json()
        return told

    async def link(self, order: dict[str, Any]) -> dict[str, Any]:
        """The only link on the order's page."""
        (one,) = await self.links(order)
        return one

    async def grant(self, order: dict[str, Any]) -> dict[str, Any]:
        """The only right to download of an order, as staff see it."""
        (one,) = (await self.admin.get(f"/api/v1/orders/{order['id']}/downloads")).json()
        told: dict[str, Any] = one
        return told

    async def status(self, order: dict[str, Any]) -> str:
        """What people read of an order."""
        page = await self.admin.get(f"/api/v1/orders/{order['id']}")
        status: str = page.json()["status"]
        return status


@asynccontextmanager
async def open_bookshop(
    store: Store,
    folder: Path,
    *,
    files: FileStore | None = None,
    web: WebSettings = WEB,
    **settings: Any,
) -> AsyncIterator[Bookshop]:
    """A shop of its own, served until the block ends."""
    shop = await open_shop(store, **settings)
    clock, tokens = Hands(), ListedTokens()
    desk = FileDesk(files or FolderStore(folder / "files"), folder / "incoming")
    house = build_house(store, web, tokens=tokens, clock=clock, beside={FileDesk: desk})
    shop.bus = house.bus
    profile = await house.directory.load(shop.scope.tenant_id)
    assert profile is not None
    market = Market(house, shop, profile.code, tokens)
    servers = Servers(
        [Listening("public", public_app(house), 0), Listening("admin", admin_app(house), 0)]
    )
    running = asyncio.create_task(servers.run())
    named = {"x-tenant": market.code}
    badge = market.staff(*STAFF).headers["authorization"]
    ports = servers.ports
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['public']}", headers=named) as public,
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{ports['admin']}",
            headers=named | {"authorization": badge},
        ) as admin,
    ):
        try:
            yield Bookshop(market, clock, public, admin, folder)
        finally:
            servers.end()
            await running
