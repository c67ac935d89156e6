"""Price lists, tax rates and exemptions through the doors of the staff."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.catalog.doors import Doors


def match(answer: httpx.Response) -> dict[str, str]:
    """The header that names the version of an answer."""
    return {"if-match": answer.headers["etag"]}


async def walked(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """All items of a list, two at a time."""
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = (await client.get(path, params=query)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


async def test_a_price_list_through_its_life(doors: Doors) -> None:
    sizes = ["S", "M", "L"]
    shirt = {
        "title": "Shirt",
        "currency": "GBP",
        "options": [{"name": "Size", "values": sizes}],
        "variants": [{"sku": one, "price": "1", "option_values": [one]} for one in sizes],
    }
    async with doors.staff() as staff:
        made = (await staff.post("/api/v1/products", json=shirt)).json()
        variants = [one["variant_id"] for one in made["variants"]]
        sale = {"name": "Sale", "currency": "GBP", "channel": "web", "valid_from": "2026-05-01"}
        created = await staff.post("/api/v1/price-lists", json=sale)
        assert created.status_code == 201
        at = created.headers["location"]
        body = {"prices": [{"variant_id": one, "price": "0.005"} for one in variants]}
        priced = await staff.put(f"{at}/prices", json=body, headers=match(created))
        assert (priced.status_code, priced.headers["etag"]) == (200, '"2"'), priced.text
        prices = await walked(staff, f"{at}/prices")
        assert {(one["variant_id"], one["price"]) for one in prices} == {
            (one, "0.005") for one in variants
        }
        off = {"prices": [{"variant_id": variants[0], "price": None}]}
        less = await staff.put(f"{at}/prices", json=off, headers=match(priced))
        assert len(await walked(staff, f"{at}/prices")) == 2
        renamed = await staff.put(at, json={"name": "All"}, headers=match(less))
        told = renamed.json()
        assert (told["name"], told["channel"], told["currency"]) == ("All", None, "GBP")
        gone = await staff.put(f"{at}/status", json={"status": "archived"}, headers=match(renamed))
        assert (gone.json()["status"], gone.json()["version"]) == ("archived", 5)
        stale = await staff.put(at, json={"name": "x"}, headers=match(renamed))
        assert stale.status_code == 412
        for name in ("B", "C"):
            await staff.post("/api/v1/price-lists", json={"name": name, "currency": "EUR"})
        assert [one["name"] for one in await walked(staff, "/api/v1/price-lists")] == [
            "All",
            "B",
            "C",
        ]


async def test_a_list_is_for_a_group_that_there_is(doors: Doors) -> None:
    async with doors.staff() as staff:
        body = {"name": "Trade", "currency": "GBP", "customer_group_id": str(uuid4())}
        refused = await staff.post("/api/v1/price-lists", json=body)
        assert (refused.status_code, refused.json()["code"]) == (404, "kernel.unknown")
        assert body["customer_group_id"] in refused.text
        assert await walked(staff, "/api/v1/price-lists") == []


async def test_tax_rates_come_and_are_closed(doors: Doors) -> None:
    async with doors.staff() as staff:
        vat = {"tax_class": "standard", "country": "gb", "percent": "17.5", "name": "VAT"}
        made = await staff.post("/api/v1/tax-rates", json=vat)
        assert made.status_code == 201
        again = await staff.post("/api/v1/tax-rates", json=vat | {"percent": "20"})
        assert (again.status_code, again.json()["code"]) == (409, "pricing.rate_overlaps")
        at = made.headers["location"]
        day = {"last_day": "2011-01-03"}
        closed = await staff.put(f"{at}/last-day", json=day, headers=match(made))
        assert (closed.json()["valid_to"], closed.json()["percent"]) == ("2011-01-03", "17.5")
        for body in (
            vat | {"percent": "20", "valid_from": "2011-01-04"},
            vat | {"tax_class": "reduced", "percent": "5", "supply": "goods"},
            vat | {"country": "DE", "percent": "19", "region": "by"},
        ):
            assert (await staff.post("/api/v1/tax-rates", json=body)).status_code == 201
        rates = await walked(staff, "/api/v1/tax-rates")
        assert [(one["country"], one["tax_class"], one["percent"]) for one in rates] == [
            ("DE", "standard", "19"),
            ("GB", "reduced", "5"),
            ("GB", "standard", "17.5"),
            ("GB", "standard", "20"),
        ]
        assert rates[0]["region"] == "BY"


async def test_exemptions_are_granted_and_end(doors: Doors) -> None:
    who = str(uuid4())
    async with doors.staff() as staff:
        body = {"customer_id": who, "reason": "reverse charge", "country": "DE"}
        made = await staff.post("/api/v1/tax-exemptions", json=body)
        at = made.headers["location"]
        found = await staff.get("/api/v1/tax-exemptions", params={"customer_id": who})
        assert [one["reason"] for one in found.json()] == ["reverse charge"]
        assert (await staff.get("/api/v1/tax-exemptions")).json() == []
        day = {"last_day": "2026-12-31"}
        ended = await staff.put(f"{at}/last-day", json=day, headers=match(made))
        assert (ended.json()["valid_to"], ended.headers["etag"]) == ("2026-12-31", '"2"')


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("price-lists", {"name": "", "currency": "GBP"}, "kernel.bad_text"),
        ("price-lists", {"name": "x", "currency": "GBP", "prices": []}, "platform.bad_body"),
        ("price-lists", {"name": "x", "currency": "GB"}, "kernel.bad_currency"),
        ("tax-rates", {"percent": "1e1"}, "kernel.bad_amount"),
        ("tax-rates", {"percent": 20}, "platform.bad_body"),
        ("tax-rates", {"percent": "1000.1"}, "kernel.bad_amount"),
        ("tax-rates", {"country": "QQ"}, "kernel.bad_country"),
        ("tax-rates", {"valid_from": "2026-02-30"}, "platform.bad_body"),
        ("tax-exemptions", {"reason": "nobody's"}, "pricing.exemption_of_nobody"),
    ],
)
async def test_bad_input_is_a_problem(
    doors: Doors, path: str, body: dict[str, Any], code: str
) -> None:
    rate = {"tax_class": "food", "country": "GB", "percent": "5", "name": "VAT"}
    async with doors.staff() as staff:
        sent = rate | body if path == "tax-rates" else body
        answer = await staff.post(f"/api/v1/{path}", json=sent)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_doors_open_by_permission(doors: Doors) -> None:
    paths = ("price-lists", "tax-rates", "tax-exemptions")
    async with doors.staff("prices.read", "taxes.read") as reader, doors.shopper() as shopper:
        for path in paths:
            assert (await reader.get(f"/api/v1/{path}")).status_code == 200
            assert (await reader.post(f"/api/v1/{path}", json={})).status_code == 403
            assert (await shopper.get(f"/api/v1/{path}")).status_code == 404
