"""A shop with a till, spoken to over the real admin API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.identity.conftest import Hands
from tests.identity.town import Town, build_town
from tests.shops import open_shop
from tradepost.identity.gateway.passwords import Argon2Hasher, Cost
from tradepost.kernel.messages import Scope
from tradepost.platform.db.work import Store
from tradepost.tenancy.queries import TenantProfiles
from tradepost.wiring.doctor import LAWS, View, Visit, examine

OF_A_SHOP = [law for law in LAWS if law.view is View.TENANT]
BARCODE = "4006381333931"


@dataclass
class Desk:
    """Somebody who works at a till."""

    client: httpx.AsyncClient

    async def get(self, path: str, status: int = 200) -> Any:
        return await self.send("GET", path, None, status)

    async def post(self, path: str, status: int = 201, /, **body: Any) -> Any:
        return await self.send("POST", path, body, status)

    async def put(self, path: str, version: int = 0, status: int = 200, /, **body: Any) -> Any:
        headers = {"if-match": f'"{version}"'} if version else {}
        return await self.send("PUT", path, body, status, headers)

    async def send(
        self, method: str, path: str, body: Any, status: int, headers: Any = None
    ) -> Any:
        keyed = {"idempotency-key": uuid4().hex, **(headers or {})}
        answer = await self.client.request(method, f"/api/v1/{path}", json=body, headers=keyed)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def refused(self, path: str, status: int, code: str, /, **body: Any) -> Any:
        told = await self.post(path, status, **body)
        assert told["code"] == code, told
        return told


@dataclass
class Counter:
    """A shop with a till, its boss, and somebody who sells there."""

    town: Town
    scope: Scope
    hands: Hands
    boss: Desk
    cashier: Desk
    register: dict[str, Any]
    location_id: str
    store_id: str
    variants: dict[str, str]

    @property
    def register_id(self) -> str:
        return str(self.register["id"])

    async def goods(self, sku: str, price: str, stock: int, **variant: Any) -> str:
        """An article on the shelf of the till."""
        made = await self.boss.post(
            "products",
            title=f"The {sku}",
            currency="GBP",
            status="active",
            variants=[{"sku": sku, "price": price, **variant}],
        )
        variant_id: str = made["variants"][0]["variant_id"]
        self.variants[sku] = variant_id
        if stock:
            lines = [{"variant_id": variant_id, "quantity": stock}]
            await self.boss.post("stock/receipts", location_id=self.location_id, lines=lines)
        return variant_id

    async def open(self, opening: int = 10_000) -> dict[str, Any]:
        """A shift."""
        made: dict[str, Any] = await self.cashier.post(
            f"registers/{self.register_id}/shifts", opening=opening
        )
        return made

    def sale(self, *lines: tuple[str, int], cash: int = 0, **more: Any) -> dict[str, Any]:
        """A sale for cash, as a till sends it."""
        body: dict[str, Any] = {
            "id": str(uuid4()),
            "register_id": self.register_id,
            "lines": [{"sku": sku, "quantity": units} for sku, units in lines],
        }
        if cash:
            body["tenders"] = [{"method": "cash", "amount": cash}]
        return body | more

    async def sell(self, *lines: tuple[str, int], cash: int = 0, **more: Any) -> dict[str, Any]:
        """A sale that is done."""
        done = await self.cashier.post("counter/sales", **self.sale(*lines, cash=cash, **more))
        sold: dict[str, Any] = done["sale"]
        return sold

    async def free(self, sku: str) -> int:
        """What is on hand of an article."""
        rows = await self.boss.get(f"stock?variant_id={self.variants[sku]}")
        return sum(row["on_hand"] for row in rows["items"])

    async def check(self) -> None:
        """The doctor finds nothing."""
        visit = Visit(self.scope.tenant_id, "shop")
        report = await examine(self.town.house.store, OF_A_SHOP, [visit])
        assert report.holds, report.breaches


@pytest.fixture(scope="session")
def hasher() -> Iterator[Argon2Hasher]:
    made = Argon2Hasher(cost=Cost(memory_kib=64, passes=1))
    yield made
    made.close()


@pytest.fixture
async def town(store: Store, hasher: Argon2Hasher) -> Town:
    return await build_town(store, hasher)


@pytest.fixture
async def counter(town: Town) -> AsyncIterator[Counter]:
    async with AsyncExitStack() as stack:
        yield await open_counter(town, stack)


async def open_counter(town: Town, stack: AsyncExitStack, **settings: Any) -> Counter:
    """A shop with a till, tea and cake."""
    scope = await open_shop(town.house.bus, **{"charges_tax": False, **settings})
    profile = await TenantProfiles(town.house.store).by_id(scope.tenant_id)
    assert profile is not None
    town.codes[scope.tenant_id] = profile.code
    boss = Desk(await stack.enter_async_context(town.staff("manager", scope=scope)))
    cashier = Desk(await stack.enter_async_context(town.staff("cashier", scope=scope)))
    store = await boss.post("stores", code="main", name="Main")
    place = await boss.post("locations", code="shop", name="Shop", store_id=store["id"])
    await town.house.bus.ask(scope, _nothing)
    register = await boss.post(
        "registers", location_id=place["id"], code="till-1", name="By the door"
    )
    made = Counter(town, scope, town.hands, boss, cashier, register, place["id"], store["id"], {})
    await made.goods("tea", "3.50", 10, barcode=BARCODE)
    await made.goods("cake", "12.02", 5)
    return made


async def _nothing(db: object) -> None:
    """Look at nothing."""
