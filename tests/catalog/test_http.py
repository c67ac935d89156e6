"""The catalogue through its doors: what staff put up is what shoppers see."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.catalog.doors import Doors

MUG: dict[str, Any] = {
    "title": "Mug",
    "description": "of clay",
    "currency": "GBP",
    "status": "active",
    "images": [{"url": "https://x.test/mug.jpg", "alt": "a mug"}],
    "options": [{"name": "Size", "values": ["S", "L"]}],
    "variants": [
        {"sku": "MUG-S", "price": "2.55", "option_values": ["S"], "barcode": "4006381333931"},
        {"sku": "MUG-L", "price": "3.005", "compare_at": "4", "option_values": ["L"]},
    ],
}


def match(answer: httpx.Response) -> dict[str, str]:
    """The header that names the version of an answer."""
    return {"if-match": answer.headers["etag"]}


async def test_what_staff_put_up_is_what_shoppers_see(doors: Doors) -> None:
    async with doors.staff() as staff, doors.shopper() as shopper:
        made = await staff.post("/api/v1/products", json=MUG)
        assert made.status_code == 201, made.text
        assert made.headers["etag"] == '"1"'
        whole = await staff.get(made.headers["location"])
        assert whole.json()["variants"][0]["barcode"] == "4006381333931"

        listed = (await shopper.get("/api/v1/products")).json()
        assert listed["next_cursor"] is None
        (card,) = listed["items"]
        assert (card["title"], card["slug"]) == ("Mug", "mug")
        assert card["price_from"] == {
            "amount": 255,
            "currency": "GBP",
            "decimal": "2.55",
            "text": "2.55 GBP",
        }
        page = await shopper.get("/api/v1/products/mug")
        assert page.json()["variants"][1]["price"] == {
            "amount": 301,
            "currency": "GBP",
            "decimal": "3.005",
            "text": "3.005 GBP",
        }
        assert page.headers["cache-control"].startswith("public, max-age=")
        known = {"if-none-match": page.headers["etag"]}
        again = await shopper.get(f"/api/v1/products/{card['id']}", headers=known)
        assert again.status_code == 304


async def test_every_change_takes_a_version_and_gives_the_next(doors: Doors) -> None:
    async with doors.staff() as staff:
        made = await staff.post("/api/v1/products", json=MUG)
        at = made.headers["location"]
        small, large = (f"/api/v1/variants/{v['variant_id']}" for v in made.json()["variants"])
        details = {key: MUG[key] for key in ("title", "options")} | {"slug": "cup"}
        steps: list[tuple[str, str, dict[str, Any]]] = [
            ("PUT", at, details),
            ("PUT", f"{small}/price", {"price": "1.00"}),
            ("PUT", f"{large}/status", {"status": "archived"}),
            ("PUT", f"{large}/status", {"status": "active"}),
            ("PUT", small, {"sku": "S2", "price": "9", "option_values": ["S"]}),
            ("PUT", f"{at}/status", {"status": "draft"}),
            ("PUT", f"{at}/status", {"status": "active"}),
            ("PUT", f"{at}/status", {"status": "archived"}),
            ("PUT", f"{at}/status", {"status": "draft"}),
        ]
        was = made
        for version, (method, path, body) in enumerate(steps, start=2):
            missing = await staff.request(method, path, json=body)
            assert missing.status_code == 428
            done = await staff.request(method, path, json=body, headers=match(was))
            assert (done.status_code, done.headers["etag"]) == (200, f'"{version}"'), done.text
            stale = await staff.request(method, path, json=body, headers=match(was))
            assert stale.status_code in {409, 412}, stale.text
            was = done
        whole = was.json()
        assert (whole["slug"], whole["status"], whole["images"]) == ("cup", "draft", [])
        assert [one["sku"] for one in whole["variants"]] == ["S2", "MUG-L"]
        extra = {"sku": "S3", "price": "1", "option_values": ["S"]}
        refused = await staff.post(f"{at}/variants", json=extra, headers=match(was))
        assert (refused.status_code, refused.json()["code"]) == (409, "catalog.variant_twice")


async def test_pages_follow_their_cursor(doors: Doors) -> None:
    async with doors.staff() as staff, doors.shopper() as shopper:
        for number in range(5):
            body = {
                "title": f"P{number}",
                "currency": "GBP",
                "status": "active",
                "variants": [{"sku": f"P{number}", "price": "1"}],
            }
            assert (await staff.post("/api/v1/products", json=body)).status_code == 201
        for client in (shopper, staff):
            for sort, expected in (("title", [0, 1, 2, 3, 4]), ("newest", [4, 3, 2, 1, 0])):
                titles: list[str] = []
                query: dict[str, Any] = {"sort": sort, "limit": 2}
                while True:
                    page = (await client.get("/api/v1/products", params=query)).json()
                    titles += [one["title"] for one in page["items"]]
                    if page["next_cursor"] is None:
                        break
                    query["cursor"] = page["next_cursor"]
                assert titles == [f"P{number}" for number in expected]
        foreign = await shopper.get("/api/v1/products", params=query | {"sort": "title"})
        assert foreign.json()["code"] == "platform.bad_cursor"


async def test_the_tree_is_grown_and_seen(doors: Doors) -> None:
    async with doors.staff() as staff, doors.shopper() as shopper:
        home = await staff.post("/api/v1/categories", json={"name": "Home"})
        at = home.headers["location"]
        below = {"name": "Vases", "parent_id": home.json()["category_id"]}
        vases = await staff.post("/api/v1/categories", json=below)
        tree = (await shopper.get("/api/v1/categories")).json()
        assert [(one["slug"], [c["slug"] for c in one["children"]]) for one in tree] == [
            ("home", ["vases"])
        ]
        mug = MUG | {"category_ids": [vases.json()["category_id"]]}
        assert (await staff.post("/api/v1/products", json=mug)).status_code == 201
        found = await shopper.get("/api/v1/products", params={"category": "home"})
        assert [one["title"] for one in found.json()["items"]] == ["Mug"]
        lost = await shopper.get("/api/v1/products", params={"category": "nowhere"})
        assert lost.status_code == 404

        renamed = await staff.put(at, json={"name": "House"}, headers=match(home))
        assert (renamed.json()["name"], renamed.json()["slug"]) == ("House", "home")
        inside = {"parent_id": vases.json()["category_id"]}
        circle = await staff.put(f"{at}/parent", json=inside, headers=match(renamed))
        assert (circle.status_code, circle.json()["code"]) == (409, "catalog.category_in_itself")
        out = vases.headers["location"]
        moved = await staff.put(f"{out}/parent", json={"parent_id": None}, headers=match(vases))
        assert moved.json()["parent_id"] is None
        gone = await staff.put(f"{at}/status", json={"status": "archived"}, headers=match(renamed))
        assert gone.headers["etag"] == '"3"'
        assert [one["slug"] for one in (await shopper.get("/api/v1/categories")).json()] == [
            "vases"
        ]
        everything = (await staff.get("/api/v1/categories")).json()
        assert {(one["name"], one["status"]) for one in everything} == {
            ("House", "archived"),
            ("Vases", "active"),
        }


async def test_many_articles_are_revised_at_once(doors: Doors) -> None:
    lines = [
        {"sku": "mug-s", "title": "Beaker", "price": "0.001"},
        {"sku": "MUG-L", "price": "3.005"},
        {"sku": "nobody", "price": "1"},
    ]
    body = {"currency": "GBP", "lines": lines}
    async with doors.staff() as staff:
        await staff.post("/api/v1/products", json=MUG)
        done = await staff.post("/api/v1/article-revisions", json=body)
        assert done.json() == {"titles": 1, "prices": 1, "unknown": ["nobody"]}
    async with doors.staff("catalog.write") as editor:
        refused = await editor.post("/api/v1/article-revisions", json=body)
        assert (refused.status_code, refused.json()["permission"]) == (403, "prices.write")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"title": ""}, 422, "kernel.bad_text"),
        ({"title": "x" * 256}, 422, "platform.bad_body"),
        ({"color": "red"}, 422, "platform.bad_body"),
        ({"currency": "XAU"}, 422, "kernel.bad_currency"),
        ({"slug": "No Slug"}, 422, "kernel.bad_code"),
        ({"images": [{"url": "ftp://x.test"}]}, 422, "catalog.bad_image"),
        ({"category_ids": ["019aa4c6-7f4e-7c3e-9d0a-3b1f5f0d2c11"]}, 404, "kernel.unknown"),
        ({"variants": []}, 409, "catalog.nothing_to_sell"),
        ({"options": [], "variants": [{"sku": "A", "price": 1}]}, 422, "platform.bad_body"),
        ({"options": [], "variants": [{"sku": "A", "price": "1e3"}]}, 422, "kernel.bad_amount"),
        ({"options": [], "variants": [{"sku": "A", "price": "-1"}]}, 422, "kernel.bad_amount"),
        (
            {"options": [], "variants": [{"sku": "A", "price": "1.2345678"}]},
            422,
            "kernel.bad_amount",
        ),
        ({"options": [], "variants": [{"sku": "A", "price": "9" * 40}]}, 422, "kernel.bad_amount"),
        (
            {"options": [], "variants": [{"sku": "A", "price": "1", "barcode": "4006381333932"}]},
            422,
            "kernel.bad_code",
        ),
    ],
)
async def test_bad_input_is_a_problem_and_changes_nothing(
    doors: Doors, change: dict[str, Any], status: int, code: str
) -> None:
    async with doors.staff() as staff:
        answer = await staff.post("/api/v1/products", json=MUG | change)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert (await staff.get("/api/v1/products")).json()["items"] == []


async def test_doors_open_by_permission(doors: Doors) -> None:
    async with doors.staff("catalog.read") as reader, doors.shopper() as shopper:
        assert (await reader.get("/api/v1/products")).status_code == 200
        assert (await reader.post("/api/v1/products", json=MUG)).status_code == 403
        assert (await shopper.post("/api/v1/products", json=MUG)).status_code == 405
        document = (await reader.get("/api/v1/openapi.json")).json()
        assert "/api/v1/products/{product_id}/status" in document["paths"]
        public = (await shopper.get("/api/v1/openapi.json")).json()
        assert set(public["paths"]) >= {"/api/v1/products", "/api/v1/categories"}
