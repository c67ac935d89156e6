"""The real apps over a shop of its own, and people to knock at their doors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
from litestar import Litestar

from tests.web.conftest import WEB, ListedTokens
from tradepost.apps.admin_api.app import create_app as admin_app
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.platform.db.work import Store
from tradepost.tenancy.commands import CreateTenant
from tradepost.wiring.house import House, build_house


@dataclass(frozen=True)
class Doors:
    """Clients of a shop: a shopper, and staff with permissions."""

    house: House
    tokens: ListedTokens
    shop: TenantId
    code: str

    @asynccontextmanager
    async def shopper(self) -> AsyncIterator[httpx.AsyncClient]:
        """A guest of the public API."""
        async with self._client(public_app(self.house)) as client:
            yield client

    @asynccontextmanager
    async def staff(self, *permissions: str) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who works here; without permissions named they hold all."""
        actor = Actor("staff", uuid4(), frozenset(permissions or "*"))
        token = self.tokens.give("admin", self.shop, actor)
        async with self._client(admin_app(self.house)) as client:
            client.headers["authorization"] = f"Bearer {token}"
            yield client

    def _client(self, app: Litestar) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
        return httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers={"x-tenant": self.code}
        )


async def opened(store: Store) -> Doors:
    """A shop in pounds with its doors open."""
    tokens = ListedTokens()
    house = build_house(store, WEB, tokens=tokens)
    shop, code = TenantId(uuid4()), f"shop-{uuid4().hex[:12]}"
    wish = CreateTenant(code=code, name="Shop", default_currency="GBP", opened=True)
    await house.bus.send(Scope(shop, SYSTEM), wish)
    return Doors(house, tokens, shop, code)
