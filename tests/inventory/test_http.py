"""The stock room through the doors of the admin API, over a real shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.catalog.doors import Doors, opened
from tests.inventory.room import NOON
from tests.shops import open_place
from tradepost.inventory.commands.storeroom import Storeroom
from tradepost.inventory.domain.demand import Demand, DemandLine
from tradepost.kernel.ids import LocationId, OrderId, OrderLineId, VariantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bound
from tradepost.platform.db.work import Store, Work


@dataclass
class Shop:
    """A shop with two locations, a mug and a service."""

    doors: Doors
    here: LocationId
    there: LocationId
    mug: VariantId
    wrapping: VariantId

    async def order(self, quantity: int) -> OrderId:
        """Allocate as ordering does, in a work of the same bus."""
        scope = Scope(self.doors.shop, SYSTEM)
        order = OrderId(uuid4())
        line = DemandLine(OrderLineId(uuid4()), self.mug, quantity)

        async def job(work: Work) -> None:
            room = Bound(self.doors.house.bus, work, scope).get(Storeroom)
            await room.allocate([Demand(order, (line,), (self.here,), NOON)])

        await self.doors.house.store.write(scope, job)
        return order


@pytest.fixture
async def shop(store: Store) -> Shop:
    doors = await opened(store)
    scope = Scope(doors.shop, SYSTEM)
    places = [(await open_place(doors.house.bus, scope, code))[1] for code in ("here", "there")]
    async with doors.staff() as staff:
        ids = [
            await _article(staff, sku, kind)
            for sku, kind in (("MUG", "physical"), ("WRAP", "service"))
        ]
    return Shop(doors, places[0], places[1], ids[0], ids[1])


async def _article(staff: httpx.AsyncClient, sku: str, kind: str) -> VariantId:
    variant = {"sku": sku, "price": "1.00", "fulfillment_type": kind}
    body = {"title": sku, "currency": "GBP", "status": "active", "variants": [variant]}
    made = await staff.post("/api/v1/products", json=body)
    assert made.status_code == 201, made.text
    return VariantId(UUID(made.json()["variants"][0]["variant_id"]))


def keyed() -> dict[str, str]:
    return {"idempotency-key": uuid4().hex}


def match(answer: httpx.Response) -> dict[str, str]:
    return {"if-match": answer.headers["etag"]}


async def received(staff: httpx.AsyncClient, shop: Shop, quantity: int) -> httpx.Response:
    lines = [{"variant_id": str(shop.mug), "quantity": quantity}]
    body = {"location_id": str(shop.here), "lines": lines, "reference": "note 1"}
    return await staff.post("/api/v1/stock/receipts", json=body, headers=keyed())


async def level(staff: httpx.AsyncClient, shop: Shop) -> dict[str, Any]:
    answer = await staff.get("/api/v1/stock", params={"variant_id": str(shop.mug)})
    items = {item["location_id"]: item for item in answer.json()["items"]}
    found: dict[str, Any] = items[str(shop.here)]
    return found


async def test_goods_come_are_promised_and_put_right(shop: Shop) -> None:
    async with shop.doors.staff() as staff:
        receipt = await received(staff, shop, 10)
        assert receipt.status_code == 201, receipt.text
        order = await shop.order(4)
        lost = [{"variant_id": str(shop.mug), "quantity": -8}]
        body = {"location_id": str(shop.here), "lines": lost, "reason": "broken", "wasted": True}
        headers = keyed()
        first = await staff.post("/api/v1/stock/adjustments", json=body, headers=headers)
        again = await staff.post("/api/v1/stock/adjustments", json=body, headers=headers)
        assert first.json() == again.json() and first.status_code == 201
        found = await level(staff, shop)
        assert (found["on_hand"], found["allocated"], found["available"]) == (2, 4, -2)
        refused = await staff.post("/api/v1/stock/adjustments", json=body, headers=keyed())
        assert (refused.status_code, refused.json()["code"]) == (409, "inventory.not_on_hand")

        moved = await staff.get("/api/v1/stock/movements", params={"variant_id": str(shop.mug)})
        assert [(m["kind"], m["delta"], m["reason"]) for m in moved.json()["items"]] == [
            ("waste", -8, "broken"),
            ("receive", 10, "note 1"),
        ]
        cause = {"cause_id": receipt.json()["receipt_id"]}
        assert len((await staff.get("/api/v1/stock/movements", params=cause)).json()["items"]) == 1
        promised = await staff.get("/api/v1/stock/reservations", params={"owner_id": str(order)})
        assert [r["quantity"] for r in promised.json()["items"]] == [4]

        short = (await staff.get("/api/v1/stock/shortfalls?status=open")).json()["items"]
        assert [(s["missing"], s["order_ids"]) for s in short] == [(2, [str(order)])]
        place = f"/api/v1/stock/shortfalls/{short[0]['id']}/settlement"
        note = {"note": "the customer waits"}
        assert (await staff.put(place, json=note)).status_code == 428
        settled = await staff.put(place, json=note, headers={"if-match": '"1"'})
        assert (settled.json()["state"], settled.headers["etag"]) == ("settled", '"2"')
        stale = await staff.put(place, json=note, headers={"if-match": '"1"'})
        assert stale.status_code == 412
        assert (await staff.get("/api/v1/stock/shortfalls?status=open")).json()["items"] == []


async def test_lists_go_on_where_they_stopped(shop: Shop) -> None:
    async with shop.doors.staff() as staff:
        for quantity in range(1, 6):
            await received(staff, shop, quantity)
        seen: list[int] = []
        params = {"variant_id": str(shop.mug), "limit": "2"}
        while True:
            page = (await staff.get("/api/v1/stock/movements", params=params)).json()
            seen += [item["delta"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            params["cursor"] = page["next_cursor"]
        assert seen == [5, 4, 3, 2, 1]
        whole = await staff.get("/api/v1/stock/movements")
        assert (whole.status_code, whole.json()["code"]) == (422, "inventory.name_one")
        assert "variant_id" in whole.json()["remedy"]
        assert (await staff.get("/api/v1/stock/reservations")).status_code == 422
        one = await staff.get("/api/v1/stock", params={"limit": "1"})
        assert one.json()["next_cursor"] is None


async def test_stock_is_kept_of_goods_at_locations_only(shop: Shop) -> None:
    async with shop.doors.staff() as staff:
        for location, variant, status, code in (
            (uuid4(), shop.mug, 404, "unknown"),
            (shop.here, uuid4(), 404, "unknown"),
            (shop.here, shop.wrapping, 409, "not_kept_in_stock"),
        ):
            lines = [{"variant_id": str(variant), "quantity": 1}]
            body = {"location_id": str(location), "lines": lines}
            said = await staff.post("/api/v1/stock/receipts", json=body, headers=keyed())
            assert said.status_code == status, said.text
            assert said.json()["code"].endswith(code)
            place = f"/api/v1/stock/{location}/{variant}/safety-stock"
            assert (await staff.put(place, json={"quantity": 1})).status_code == status
            place = f"/api/v1/stock/{location}/{variant}/backorder"
            assert (await staff.put(place, json={"allowed": True})).status_code == status
        assert (await staff.get("/api/v1/stock")).json()["items"] == []


@pytest.mark.parametrize("quantity", [0, -1, 1.5, 10**18, "1", None, True])
async def test_quantities_that_are_none(shop: Shop, quantity: Any) -> None:
    async with shop.doors.staff() as staff:
        said = await received(staff, shop, quantity)
        assert said.status_code == 422, said.text
        assert (await staff.get("/api/v1/stock")).json()["items"] == []


async def test_how_stock_is_treated(shop: Shop) -> None:
    async with shop.doors.staff() as staff:
        await received(staff, shop, 5)
        place = f"/api/v1/stock/{shop.here}/{shop.mug}"
        safe = await staff.put(f"{place}/safety-stock", json={"quantity": 2})
        assert (safe.json()["safety"], safe.json()["available"]) == (2, 3)
        later = await staff.put(f"{place}/backorder", json={"allowed": True})
        assert later.json()["allows_backorder"] is True
        hot = await staff.put(f"/api/v1/variants/{shop.mug}/hot", json={"is_hot": True})
        assert hot.json() == {"locations": 1}
        assert (await level(staff, shop))["is_hot"] is True


async def test_a_count_from_beginning_to_end(shop: Shop) -> None:
    async with shop.doors.staff() as staff:
        await received(staff, shop, 5)
        made = await staff.post(
            "/api/v1/stock/counts", json={"location_id": str(shop.here), "note": "spring"}
        )
        assert (made.status_code, made.headers["etag"]) == (201, '"1"')
        place = made.headers["location"]
        lines = [{"variant_id": str(shop.mug), "quantity": 7}]
        noted = await staff.post(f"{place}/lines", json={"lines": lines})
        assert [(line["counted"], line["expected"]) for line in noted.json()["lines"]] == [(7, 5)]
        stale = await staff.put(f"{place}/status", json={"status": "closed"}, headers=match(made))
        assert stale.status_code == 412
        done = await staff.put(f"{place}/status", json={"status": "closed"}, headers=match(noted))
        assert done.json()["state"] == "closed"
        assert (await level(staff, shop))["on_hand"] == 7
        listed = (await staff.get("/api/v1/stock/counts?status=closed")).json()["items"]
        assert [count["note"] for count in listed] == ["spring"]
        over = await staff.put(f"{place}/status", json={"status": "cancelled"}, headers=match(done))
        assert (over.status_code, over.json()["code"]) == (409, "kernel.wrong_state")
        assert (await staff.get(f"/api/v1/stock/counts/{uuid4()}")).status_code == 404
        other = {"location_id": str(uuid4())}
        assert (await staff.post("/api/v1/stock/counts", json=other)).status_code == 404


async def test_a_transfer_from_place_to_place(shop: Shop) -> None:
    async with shop.doors.staff() as staff:
        await received(staff, shop, 5)
        body = {
            "from_location_id": str(shop.here),
            "to_location_id": str(shop.there),
            "lines": [{"variant_id": str(shop.mug), "quantity": 3}],
        }
        made = await staff.post("/api/v1/stock/transfers", json=body)
        assert made.status_code == 201, made.text
        place = made.headers["location"]
        sent = await staff.put(f"{place}/status", json={"status": "sent"}, headers=match(made))
        came = {"status": "received", "lines": [{"variant_id": str(shop.mug), "quantity": 2}]}
        done = await staff.put(f"{place}/status", json=came, headers=match(sent))
        assert (done.json()["state"], done.json()["received"][0]["quantity"]) == ("received", 2)
        assert (await staff.get(place)).json() == done.json()
        stock = (await staff.get("/api/v1/stock")).json()["items"]
        assert {item["location_id"]: item["on_hand"] for item in stock} == {
            str(shop.here): 2,
            str(shop.there): 2,
        }
        listed = (await staff.get("/api/v1/stock/transfers?status=draft")).json()["items"]
        assert listed == []
        nowhere = body | {"to_location_id": str(shop.here)}
        assert (await staff.post("/api/v1/stock/transfers", json=nowhere)).status_code == 409
        again = await staff.post("/api/v1/stock/transfers", json=body)
        off = await staff.put(
            f"{again.headers['location']}/status",
            json={"status": "cancelled"},
            headers=match(again),
        )
        assert off.json()["state"] == "cancelled"


async def test_each_door_asks_for_its_permission(shop: Shop) -> None:
    async with shop.doors.staff("inventory.read") as staff:
        assert (await staff.get("/api/v1/stock")).status_code == 200
        assert (await received(staff, shop, 5)).status_code == 403
        place = f"/api/v1/stock/{shop.here}/{shop.mug}/safety-stock"
        assert (await staff.put(place, json={"quantity": 1})).status_code == 403
    async with shop.doors.staff("inventory.receive") as staff:
        assert (await received(staff, shop, 5)).status_code == 201
        assert (await staff.get("/api/v1/stock")).status_code == 403
    other = await opened(shop.doors.house.store)
    async with other.staff() as stranger:
        assert (await stranger.get("/api/v1/stock")).json()["items"] == []
        assert (await received(stranger, shop, 5)).status_code == 404
