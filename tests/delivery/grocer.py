"""A grocer around the corner, behind both servers: one location, one zone, slots of tomorrow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.identity.town import Town
from tradepost.kernel.messages import Scope
from tradepost.platform.consumers.tables import dead_letters, parked_streams
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.worker import Worker
from tradepost.wiring.doctor import LAWS, Visit, examine
from tradepost.wiring.worker import build_worker

NEAR = {
    "country": "GB",
    "name": "A. Shopper",
    "line1": "1 High Street",
    "city": "Leeds",
    "postcode": "LS1 4AP",
}
FAR = {**NEAR, "postcode": "LS11 5AA"}
PIN = "271828"
GOODS = (
    {"sku": "eggs", "price": "3.00"},
    {"sku": "milk", "price": "1.50"},
    {"sku": "oat-milk", "price": "1.40"},
    {"sku": "cream", "price": "2.90"},
    {"sku": "cheese", "price": "12.00", "unit": "gram", "price_per": 1000},
)


@dataclass
class Grocer:
    """The shop, its boss and a guest, and a courier."""

    town: Town
    scope: Scope
    boss: httpx.AsyncClient
    guest: httpx.AsyncClient
    ids: dict[str, str] = field(default_factory=dict)
    worker: Worker | None = None

    async def made(self, path: str, /, **body: Any) -> Any:
        """What staff have made."""
        return sound(await self.boss.post(f"/api/v1/{path}", json=body, headers=key()))

    async def read(self, path: str) -> Any:
        """What staff see."""
        return sound(await self.boss.get(f"/api/v1/{path}"))

    async def settle(self) -> None:
        """The worker has done all there is, and nothing of it failed."""
        self.worker = self.worker or build_worker(self.town.house.bus)
        await self.worker.settle()

        async def look(db: Reader) -> list[Any]:
            return [*await db.all(_LETTERS), *await db.all(_PARKED)]

        assert await self.town.house.bus.ask(self.scope, look) == []

    async def check_out(self, lines: list[dict[str, Any]], **choices: Any) -> Any:
        """An order of the guest's, for delivery in the first slot, paid at the door."""
        return sound(await self.try_to_check_out(lines, **choices))

    async def try_to_check_out(self, lines: list[dict[str, Any]], **choices: Any) -> httpx.Response:
        """What is answered to a checkout."""
        usual = {
            "delivery": "local",
            "payment_method": "cod",
            "email": "a@example.com",
            "ship_to": NEAR,
            "slot_id": self.ids["slot"],
        }
        body = {name: one for name, one in (usual | choices).items() if one is not None}
        body["lines"] = lines
        return await self.guest.post("/api/v1/checkout", json=body, headers=key())

    async def task_of(self, order: Any) -> Any:
        """The pick task of an order."""
        await self.settle()
        tasks = (await self.read("pick-tasks?limit=100"))["items"]
        (found,) = [one for one in tasks if one["order_id"] == order["id"]]
        return found

    async def picked(self, order: Any, **told: dict[str, Any]) -> Any:
        """The task of an order, picked: whole but for what is told of some SKUs."""
        task = await self.task_of(order)
        place = f"/api/v1/pick-tasks/{task['id']}"
        sound(await self.boss.post(f"{place}/start", json={}))
        for line in task["lines"]:
            figures = told.get(line["sku"].replace("-", "_"), {"picked": line["ordered"]})
            sound(await self.boss.put(f"{place}/lines/{line['id']}", json=figures))
        return sound(await self.boss.post(f"{place}/complete", json={}))

    async def job_of(self, order: Any) -> Any:
        """The delivery of an order."""
        await self.settle()
        jobs = (await self.read("deliveries?limit=100"))["items"]
        (found,) = [one for one in jobs if one["order_id"] == order["id"]]
        return found

    async def status(self, order: Any) -> str:
        """What people read of the order."""
        told: str = (await self.read(f"orders/{order['id']}"))["status"]
        return told

    @asynccontextmanager
    async def courier(self, name: str = "Kim", **told: Any) -> AsyncIterator[httpx.AsyncClient]:
        """A courier who is signed in; ``id`` and ``version`` stay in the client's headers."""
        email = f"{uuid4().hex}@c.example"
        place = {"location_id": self.ids["location"], "secret": PIN, "email": email}
        hired = await self.made("couriers", name=name, **(place | told))
        door = {"login": email, "password": PIN}
        signed = sound(await self.guest.post("/api/v1/courier/sign-in", json=door))
        token = signed["access_token"]
        async with self.town.at(self.town.public, self.scope, token) as client:
            client.headers["x-own-id"] = hired["id"]
            yield client

    async def on_duty(self, courier: httpx.AsyncClient, *, duty: bool = True) -> None:
        """The courier goes on duty, or off."""
        sound(await courier.put("/api/v1/courier/duty", json={"on_duty": duty}))
        await self.settle()

    async def examine(self) -> None:
        """All laws hold."""
        report = await examine(self.town.house.store, LAWS, [Visit(self.scope.tenant_id, "grocer")])
        assert report.breaches == [], report.breaches


_PARKED = Statement(scoped(parked_streams, parked_streams.c.consumer))
_LETTERS = Statement(scoped(dead_letters, dead_letters.c.consumer, dead_letters.c.error))


def sound(answer: httpx.Response) -> Any:
    """The body of an answer that grants what was asked."""
    assert answer.status_code in (200, 201, 204), f"{answer.request.url}: {answer.text}"
    return answer.json() if answer.content else None


def refused(answer: httpx.Response, status: int, code: str) -> Any:
    """The problem that was answered."""
    told = (answer.status_code, answer.json().get("code"))
    assert told == (status, code), f"{answer.request.url}: {answer.text}"
    return answer.json()


def key() -> dict[str, str]:
    """An idempotency key that nobody has used."""
    return {"idempotency-key": str(uuid4())}


async def open_grocer(town: Town, boss: httpx.AsyncClient, guest: httpx.AsyncClient) -> Grocer:
    """A grocer with goods, a zone and slots."""
    grocer = Grocer(town, town.shop, boss, guest)
    store = await grocer.made("stores", code="corner", name="Corner")
    place = await grocer.made("locations", code="corner", name="Corner", store_id=store["id"])
    grocer.ids = {"location": place["id"]}
    lines = []
    for one in GOODS:
        product = await grocer.made(
            "products",
            title=one["sku"],
            slug=one["sku"],
            currency="GBP",
            status="active",
            variants=[one],
        )
        variant_id = product["variants"][0]["variant_id"]
        grocer.ids[str(one["sku"])] = variant_id
        lines.append({"variant_id": variant_id, "quantity": 50_000})
    await grocer.made("stock/receipts", location_id=place["id"], lines=lines)
    await open_zone(grocer)
    return grocer


async def open_zone(grocer: Grocer, **terms: Any) -> None:
    """A zone, and two slots of tomorrow for two orders each."""
    usual = {
        "name": "Centre",
        "location_id": grocer.ids["location"],
        "country": "GB",
        "prefixes": ["LS1", "LS2"],
        "fee": 350,
        "free_from": 4000,
        "minimum": 400,
    }
    zone = await grocer.made("zones", **(usual | terms))
    tomorrow = (grocer.town.hands.now() + timedelta(days=1)).date().isoformat()
    slots = await grocer.made(
        f"zones/{zone['id']}/slots",
        first_day=tomorrow,
        last_day=tomorrow,
        windows=[
            {"starts": "10:00:00", "ends": "12:00:00"},
            {"starts": "16:00:00", "ends": "18:00:00"},
        ],
        capacity=2,
        cutoff_minutes=60,
    )
    grocer.ids |= {"zone": zone["id"], "slot": slots[0]["id"], "late_slot": slots[1]["id"]}
