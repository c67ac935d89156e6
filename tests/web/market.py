"""A shop that can sell, reached through the doors of both apps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.journeys.spine import Shop, open_shop
from tests.web.conftest import WEB, ListedTokens
from tradepost.apps.admin_api.app import create_app as admin_app
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.kernel.messages import Actor
from tradepost.payments.gateway.sandbox import SandboxGateway
from tradepost.platform.db.work import Store
from tradepost.platform.web.settings import WebSettings
from tradepost.wiring.house import House, build_house

HOME = {"country": "GB", "name": "A. Shopper", "line1": "1 High Street", "city": "Leeds"}


@dataclass
class Market:
    """A shop with its house; clients of it come from loopback and name it by X-Tenant."""

    house: House
    shop: Shop
    code: str
    tokens: ListedTokens

    def shopper(self, customer: Actor | None = None) -> httpx.AsyncClient:
        """A client of the public API: a guest, or a customer who is signed in."""
        headers = {"x-tenant": self.code}
        if customer is not None:
            token = self.tokens.give("public", self.shop.scope.tenant_id, customer)
            headers["authorization"] = f"Bearer {token}"
        return client_of(public_app(self.house), headers)

    def staff(self, *permissions: str) -> httpx.AsyncClient:
        """A client of the admin API with permissions."""
        actor = Actor("staff", uuid4(), frozenset(permissions))
        token = self.tokens.give("admin", self.shop.scope.tenant_id, actor)
        headers = {"x-tenant": self.code, "authorization": f"Bearer {token}"}
        return client_of(admin_app(self.house), headers)


async def open_market(store: Store, web: WebSettings = WEB, **settings: Any) -> Market:
    """A shop of its own, and the house it stands in."""
    shop = await open_shop(store, **settings)
    tokens = ListedTokens()
    gateways = {"sandbox": SandboxGateway(b"shared with the sandbox")}
    house = build_house(store, web, tokens=tokens, gateways=gateways)
    profile = await house.directory.load(shop.scope.tenant_id)
    assert profile is not None
    return Market(house, shop, profile.code, tokens)


def key() -> dict[str, str]:
    """A fresh Idempotency-Key."""
    return {"idempotency-key": uuid4().hex}


def order_of(sku: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    """The body of a checkout of one article."""
    return {
        "lines": [{"sku": sku, "quantity": quantity}],
        "delivery": "ship",
        "payment_method": "bank_transfer",
        "email": "a.shopper@example.com",
        "ship_to": HOME,
    } | more


def client_of(app: Any, headers: dict[str, str]) -> httpx.AsyncClient:
    """A client of an app in this process."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)
