"""A shop whose orders can be followed: a real server, the log numbered and read as in a process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.identity.conftest import SECRETS
from tests.journeys.spine import Shop, open_shop
from tests.web.conftest import WEB
from tests.web.market import key, order_of
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.fulfillment.commands import ShipOrder
from tradepost.kernel.ids import OrderId
from tradepost.ordering.commands import CompleteOrder
from tradepost.payments.commands import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store
from tradepost.platform.live import Following
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.tokens import TokenSecrets
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.web.settings import SocketLimits
from tradepost.wiring.house import House, build_house
from tradepost.wiring.worker import build_worker

SUBPROTOCOL = "tradepost.tracking.v1"


@dataclass
class Followed:
    """The shop, its server, and the worker that numbers its facts."""

    house: House
    shop: Shop
    code: str
    port: int
    public: httpx.AsyncClient
    tail: LogTail

    async def ordered(self) -> dict[str, Any]:
        """What a guest has ordered."""
        placed = await self.public.post("/api/v1/checkout", json=order_of("mug"), headers=key())
        assert placed.status_code == 201, placed.text
        told: dict[str, Any] = placed.json()
        return told

    async def token(self, order: dict[str, Any]) -> str:
        """What opens the order's WebSocket."""
        place = f"/api/v1/orders/{order['id']}/tracking"
        answer = await self.public.get(place, params={"token": order["token"]})
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["token"]
        return token

    async def paid(self, order: dict[str, Any]) -> None:
        """The money comes."""
        await self.shop.bus.send(self.shop.scope, RecordPayment((Share(_id(order)),)))

    async def shipped(self, order: dict[str, Any]) -> None:
        """The parcel leaves."""
        await self.shop.bus.send(self.shop.scope, ShipOrder(_id(order)))

    async def completed(self, order: dict[str, Any]) -> None:
        """The order is closed."""
        await self.shop.bus.send(self.shop.scope, CompleteOrder(_id(order)))

    def place(self, order: dict[str, Any], since: object = None) -> str:
        """Where an order is followed."""
        query = "" if since is None else f"?since={since}"
        return f"ws://127.0.0.1:{self.port}/ws/orders/{order['id']}{query}"

    def following(
        self, order: dict[str, Any], token: str = "", since: object = None, **headers: str
    ) -> connect:
        """A client that shows its token as its second subprotocol, if it has one."""
        named = [Subprotocol(SUBPROTOCOL), Subprotocol(token)] if token else None
        told = {"x-tenant": self.code} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return connect(
            self.place(order, since),
            subprotocols=named,
            additional_headers=told,
            compression=None,
            proxy=None,
        )


def _id(order: dict[str, Any]) -> OrderId:
    return OrderId(UUID(order["id"]))


async def heard(line: ClientConnection, seconds: float = 5) -> dict[str, Any]:
    """The next message but beats."""
    async with asyncio.timeout(seconds):
        while True:
            told: dict[str, Any] = json.loads(await line.recv())
            if told["type"] != "beat":
                return told


async def ended(line: ClientConnection, seconds: float = 5) -> tuple[int, list[dict[str, Any]]]:
    """What is said until it is closed, and the code it is closed with."""
    told = []
    async with asyncio.timeout(seconds):
        try:
            while True:
                told.append(json.loads(await line.recv()))
        except ConnectionClosed:
            pass
        await line.wait_closed()
    assert line.close_code is not None
    return line.close_code, told


@asynccontextmanager
async def followed(
    store: Store, *, redis_url: str | None = None, sockets: SocketLimits | None = None
) -> AsyncIterator[Followed]:
    """A shop with mugs, served, its facts numbered as they come."""
    shop = await open_shop(store)
    await shop.article("mug", "4.00", stock=500)
    web = WEB if sockets is None else replace(WEB, sockets=sockets)
    house = build_house(store, web, secrets=TokenSecrets.of(**SECRETS))
    shop.bus = house.bus
    worker = build_worker(house.bus, redis_url=redis_url)
    worker.tail.listeners.append(house.services[Following].see)
    servers = Servers([Listening("public", public_app(house), 0)], drain_seconds_max=2)
    jobs = [asyncio.create_task(servers.run()), asyncio.create_task(worker.run())]
    profile = await house.directory.load(shop.scope.tenant_id)
    assert profile is not None
    port = servers.ports["public"]
    headers = {"x-tenant": profile.code}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as public:
        try:
            yield Followed(house, shop, profile.code, port, public, worker.tail)
        finally:
            servers.end()
            worker.stop()
            await asyncio.gather(*jobs)
