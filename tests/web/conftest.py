"""A small app of every kind of route, over real stores and two real shops."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar

from tests.web import rooms
from tradepost.kernel.errors import Unauthenticated
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.platform.db.work import Store
from tradepost.platform.patience import RequestLimits
from tradepost.platform.web.app import AppPlan, build_app
from tradepost.platform.web.context import Identity
from tradepost.platform.web.errors import TokenUnfit
from tradepost.platform.web.settings import WebSettings
from tradepost.tenancy.commands import CreateTenant
from tradepost.wiring.house import House, build_house

UNHURRIED = RequestLimits(seconds_max=60, connection_ms_max=10_000)
"""For a crowd on a machine that has other tests to run."""
WEB = WebSettings(signing_secrets=(b"s" * 32,), limits_requests=False, requests=UNHURRIED)


class ListedTokens:
    """Reads the tokens that it was told of, each for one audience."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Identity] = {}

    def give(self, audience: str, shop: TenantId, actor: Actor) -> str:
        """A token for somebody."""
        token = uuid4().hex
        self.known[audience, token] = Identity(actor, shop, uuid4())
        return token

    async def read(self, token: str, audience: str) -> Identity:
        """Whom a token speaks for."""
        found = self.known.get((audience, token))
        if found is None:
            refused: Unauthenticated = TokenUnfit()
            raise refused
        return found


@dataclass(frozen=True)
class Town:
    """Two shops of one house, and their tokens."""

    house: House
    tokens: ListedTokens
    shop: TenantId
    code: str
    other: TenantId
    other_code: str

    def app(self, audience: str = "public", web: WebSettings | None = None) -> Litestar:
        """The app of all sample routes."""
        house = (
            self.house if web is None else build_house(self.house.store, web, tokens=self.tokens)
        )
        return self.app_of(house, audience)

    def app_of(self, house: House, audience: str = "public") -> Litestar:
        """The app of all sample routes over another house."""
        plan = AppPlan("Samples", "Every kind of route.", rooms.ROUTES, shows_metrics=True)
        return build_app(house.office(audience), plan, metrics=house.metrics)

    def client(self, app: Litestar | None = None, **headers: str) -> httpx.AsyncClient:
        """A client that names the first shop."""
        transport = httpx.ASGITransport(app or self.app(), raise_app_exceptions=False)  # type: ignore[arg-type]
        return httpx.AsyncClient(
            transport=transport,
            base_url="http://localhost",
            headers={"x-tenant": self.code} | headers,
        )


@pytest.fixture
async def town(store: Store) -> Town:
    """Two shops that are open."""
    tokens = ListedTokens()
    house = build_house(store, WEB, tokens=tokens)
    ids, codes = [], []
    for number in (1, 2):
        shop, code = TenantId(uuid4()), f"s{number}-{uuid4().hex[:12]}"
        wish = CreateTenant(
            code=code,
            name=f"Shop {number}",
            default_currency="GBP",
            settings={"cors_origins": [f"https://{code}.example"]},
            hosts=(f"{code}.example",),
            opened=True,
        )
        await house.bus.send(Scope(shop, SYSTEM), wish)
        ids.append(shop)
        codes.append(code)
    return Town(house, tokens, ids[0], codes[0], ids[1], codes[1])


@pytest.fixture
async def client(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A guest of the first shop."""
    async with town.client() as made:
        yield made
