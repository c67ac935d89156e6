"""Two shops behind both servers, with real tokens: what tests of doors and people share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from litestar import Litestar

from tests.identity.conftest import PASSWORD, SECRETS, Hands
from tests.search.builders import open_engine
from tests.shops import open_shop
from tests.web.conftest import UNHURRIED
from tradepost.apps.admin_api.app import create_app as create_admin
from tradepost.apps.public_api.app import create_app as create_public
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.identity.http.doors import SignInDoors
from tradepost.kernel.ids import StaffId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.work import Store
from tradepost.platform.tokens import TokenSecrets
from tradepost.platform.web.settings import WebSettings
from tradepost.search.queries import Finder
from tradepost.tenancy.queries import TenantProfiles
from tradepost.wiring.house import House, build_house

WEB = WebSettings(signing_secrets=(b"s" * 32,), limits_requests=False, requests=UNHURRIED)
EASY: dict[str, Any] = {
    "sign_in_tries_per_account_per_minute": 1000,
    "sign_in_tries_per_address_per_minute": 10_000,
}


@dataclass
class Town:
    """Both apps over one house, and its two shops."""

    house: House
    public: Litestar
    admin: Litestar
    hands: Hands
    shop: Scope
    other: Scope
    codes: dict[Any, str] = field(default_factory=dict)

    def at(self, app: Litestar, scope: Scope | None = None, token: str = "") -> httpx.AsyncClient:
        """A client at an app, in the first shop unless another is named."""
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
        shop = (scope or self.shop).tenant_id
        headers = {"x-tenant": self.codes[shop]}
        if token:
            headers["authorization"] = f"Bearer {token}"
        return httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)

    async def hire(self, *roles: str, scope: Scope | None = None, email: str = "") -> StaffId:
        """Somebody in these roles with the common password."""
        home = Scope((scope or self.shop).tenant_id, SYSTEM)
        doors: SignInDoors = self.house.services[SignInDoors]
        return await doors.hire(home, email or f"{uuid4().hex}@b.example", "Sam", PASSWORD, roles)

    @asynccontextmanager
    async def staff(
        self, *roles: str, scope: Scope | None = None
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A client of somebody who works in a shop in these roles."""
        email = f"{uuid4().hex}@b.example"
        await self.hire(*roles, scope=scope, email=email)
        async with self.at(self.admin, scope) as door:
            answer = await door.post("/api/v1/sign-in", json={"email": email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
        async with self.at(self.admin, scope, answer.json()["access_token"]) as client:
            yield client

    @asynccontextmanager
    async def shopper(
        self, email: str = "", scope: Scope | None = None
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A client of somebody who has signed up."""
        body = {"email": email or f"{uuid4().hex}@b.example", "password": PASSWORD}
        async with self.at(self.public, scope) as door:
            answer = await door.post("/api/v1/sign-up", json=body)
            assert answer.status_code == 201, answer.text
        async with self.at(self.public, scope, answer.json()["access_token"]) as client:
            yield client


async def build_town(store: Store, hasher: Argon2Hasher, web: WebSettings = WEB) -> Town:
    """Two open shops."""
    hands = Hands()
    house = build_house(store, web, secrets=TokenSecrets.of(**SECRETS), hasher=hasher, clock=hands)
    house.services[Finder] = Finder(await open_engine())
    shops = [await open_shop(house.bus, **EASY) for _ in range(2)]
    apps = create_public(house), create_admin(house)
    town = Town(house, *apps, hands, shops[0], shops[1])
    for scope in shops:
        profile = await TenantProfiles(store).by_id(scope.tenant_id)
        assert profile is not None
        town.codes[scope.tenant_id] = profile.code
    return town
