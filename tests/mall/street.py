"""A mall behind both servers: its staff, three vendors with staff of their own, and a shopper."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import httpx

from tests.identity.conftest import PASSWORD
from tests.identity.town import Town

HOME = {"country": "GB", "name": "A. Shopper", "line1": "1 High Street", "city": "Leeds"}
CONTRACTS: dict[str, dict[str, Any]] = {
    "acme": {"commission_ppm": 100_000},
    "bolt": {"commission_ppm": 200_000, "seller": "vendor", "discount": "mall"},
    "cord": {"commission_ppm": 150_000, "shipping": "mall", "cod_fee": "vendor"},
}
"""What is agreed with each: who owes tax, earns fees, bears discounts where it is not usual."""
PRICES = {"acme": "20.00", "bolt": "7.49", "cord": "3.33"}


@dataclass
class Street:
    """Clients of everybody, and identifiers by vendor code."""

    town: Town
    boss: httpx.AsyncClient
    shopper: httpx.AsyncClient
    staff: dict[str, httpx.AsyncClient]
    vendors: dict[str, str]
    products: dict[str, str]

    async def get(self, path: str, by: str = "") -> Any:
        """What the mall's staff read, or a vendor's."""
        answer = await (self.staff[by] if by else self.boss).get(f"/api/v1/{path}")
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.json() if "json" in answer.headers["content-type"] else answer.text

    async def post(self, path: str, by: str = "", /, **body: Any) -> Any:
        """What they make."""
        answer = await self.tried(path, by, **body)
        assert answer.status_code < 300, f"{path}: {answer.text}"
        return answer.json()

    async def tried(self, path: str, by: str = "", /, **body: Any) -> httpx.Response:
        """What they try to make, whatever comes of it."""
        client, key = self.staff[by] if by else self.boss, {"idempotency-key": uuid4().hex}
        return await client.post(f"/api/v1/{path}", json=body, headers=key)

    async def put(self, path: str, version: int, /, **body: Any) -> Any:
        """What the mall's staff change."""
        answer = await self.changed(path, version, **body)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.json()

    async def changed(self, path: str, version: int, /, **body: Any) -> httpx.Response:
        """What they try to change."""
        seen = {"if-match": f'"{version}"'}
        return await self.boss.put(f"/api/v1/{path}", json=body, headers=seen)

    async def ordered(self, method: str = "bank_transfer", **units: int) -> dict[str, Any]:
        """An order that the shopper placed, of so many units of each vendor's article."""
        lines = [{"sku": sku, "quantity": count} for sku, count in units.items()]
        placed = await self.shopper.post(
            "/api/v1/checkout",
            json={
                "lines": lines,
                "delivery": "ship",
                "payment_method": method,
                "email": "me@example.com",
                "ship_to": HOME,
            },
            headers={"idempotency-key": uuid4().hex},
        )
        assert placed.status_code == 201, placed.text
        order: dict[str, Any] = placed.json()
        return order

    async def paid(self, order_id: str) -> None:
        """All of an order came in."""
        await self.post("payments", method="bank_transfer", orders=[{"order_id": order_id}])

    async def balance(self, code: str) -> int:
        """What is owed to a vendor."""
        found = (await self.get(f"vendors/{self.vendors[code]}"))["balances"]
        return int(found[0]["balance"]) if found else 0

    @property
    def today(self) -> date:
        """The business day of the mall's clock."""
        return self.town.hands.instant.date()


@asynccontextmanager
async def open_street(town: Town) -> AsyncIterator[Street]:
    """A mall with three vendors who sell."""
    async with AsyncExitStack() as stack:
        boss = await stack.enter_async_context(town.staff("admin"))
        shopper = await stack.enter_async_context(town.at(town.public))
        street = Street(town, boss, shopper, {}, {}, {})
        settings = {
            "charges_tax": True,
            "prices_include_tax": True,
            "tax_country": "GB",
            "shipping_fee_amount": 500,
            "cod_fee_amount": 200,
            "payment_methods": ["bank_transfer", "cod"],
        }
        seen = {"if-match": (await boss.get("/api/v1/settings")).headers["etag"]}
        changed = await boss.patch("/api/v1/settings", json={"settings": settings}, headers=seen)
        assert changed.status_code == 200, changed.text
        rate = {"tax_class": "standard", "country": "GB", "percent": "20", "name": "VAT"}
        await street.post("tax-rates", **rate)
        store = await street.post("stores", code="main", name="Main")
        place = await street.post("locations", store_id=store["id"], code="main", name="Main")
        for code in CONTRACTS:
            await _vendor(street, code, place["id"])
            street.staff[code] = await stack.enter_async_context(_signed_in(street, code))
        yield street


async def _vendor(street: Street, code: str, location_id: str) -> None:
    bank = {"holder": code, "account": "GB33 BUKB 2020 1555 5555 55"}
    terms = {"code": code, "name": code.title(), "bank": bank, **CONTRACTS[code]}
    vendor = await street.post("vendors", **terms)
    await street.put(f"vendors/{vendor['id']}/status", 1, action="activate")
    product = await street.post(
        "products",
        title=f"Article of {code}",
        currency="GBP",
        status="active",
        vendor_id=vendor["id"],
        variants=[{"sku": code, "price": PRICES[code]}],
    )
    goods = [{"variant_id": product["variants"][0]["variant_id"], "quantity": 100}]
    await street.post("stock/receipts", location_id=location_id, lines=goods)
    street.vendors[code], street.products[code] = vendor["id"], product["product_id"]


@asynccontextmanager
async def _signed_in(street: Street, code: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who works for a vendor, taken on by the mall's staff."""
    town, email = street.town, f"{uuid4().hex}@b.example"
    await street.post(
        "staff",
        email=email,
        name="Kim",
        password=PASSWORD,
        roles=["vendor_staff"],
        vendor_id=street.vendors[code],
    )
    async with town.at(town.admin) as door:
        answer = await door.post("/api/v1/sign-in", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
    async with town.at(town.admin, token=answer.json()["access_token"]) as client:
        yield client
