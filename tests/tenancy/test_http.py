"""The shop at its doors: settings, stores, locations, hosts."""

from __future__ import annotations

from typing import Any

from tests.identity.town import Town
from tradepost.tenancy.domain import TenantSettings


def if_match(version: int) -> dict[str, Any]:
    return {"headers": {"if-match": f'"{version}"'}}


async def test_settings_are_read_changed_and_hold_at_once(town: Town) -> None:
    async with town.staff("admin") as boss, town.at(town.public) as guest:
        shown = await boss.get("/api/v1/settings")
        assert (shown.json()["default_currency"], shown.headers["etag"]) == ("GBP", '"3"')
        assert shown.json()["settings"].keys() == set(TenantSettings.__dataclass_fields__)
        shop = await guest.get("/api/v1/shop")
        assert (shop.json()["currency"], shop.json()["guest_checkout"]) == ("GBP", True)
        change = {"name": "New name", "settings": {"sign_up": False, "guest_checkout": False}}
        answer = await boss.patch("/api/v1/settings", json=change, **if_match(3))
        assert answer.status_code == 200, answer.text
        assert answer.json()["settings"]["sign_up"] is False
        assert (await guest.get("/api/v1/shop")).json()["name"] == "New name"
        who = {"email": "jane@example.com", "password": "correct horse battery"}
        refused = await guest.post("/api/v1/sign-up", json=who)
        assert (refused.status_code, refused.json()["code"]) == (409, "identity.sign_up_closed")
        for odd, code in (
            ({"hold_minutes": 0}, "tenancy.bad_setting"),
            ({"hold_minutes": 1.5}, "tenancy.bad_setting"),
            ({"no_such": 1}, "tenancy.unknown_setting"),
            ({"cors_origins": ["*"]}, "tenancy.bad_setting"),
        ):
            answer = await boss.patch("/api/v1/settings", json={"settings": odd}, **if_match(4))
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        forms = {form["name"]: form for form in (await boss.get("/api/v1/settings/forms")).json()}
        assert forms["hold_minutes"]["takes"] == [1, 1440]
        assert forms["hold_starts"]["takes"] == ["cart", "checkout"]
        life = (await boss.get("/api/v1/settings/life")).json()
        assert [step["action"] for step in life] == ["provision", "activate"]


async def test_stores_and_locations_are_opened_and_closed(town: Town) -> None:
    async with town.staff("admin") as boss:
        store = await boss.post("/api/v1/stores", json={"code": "web", "name": "Web"})
        assert store.status_code == 201
        store_id = store.json()["id"]
        body = {"store_id": store_id, "code": "main", "name": "Main", "kind": "warehouse"}
        location = await boss.post("/api/v1/locations", json=body)
        assert location.status_code == 201, location.text
        again = await boss.post("/api/v1/locations", json=body)
        assert (again.status_code, again.json()["code"]) == (409, "tenancy.code_taken")
        odd = await boss.post("/api/v1/locations", json=body | {"kind": "moon"})
        assert odd.status_code == 422
        for place in (f"stores/{store_id}", f"locations/{location.json()['id']}"):
            closed = await boss.put(
                f"/api/v1/{place}", json={"name": "Shut", "status": "closed"}, **if_match(1)
            )
            assert closed.json()["status"] == "closed"
            assert (await boss.get(f"/api/v1/{place}")).json()["version"] == 2
        assert len((await boss.get("/api/v1/stores")).json()) == 1
        assert len((await boss.get("/api/v1/locations")).json()) == 1
    async with town.staff("admin", scope=town.other) as foreign:
        assert (await foreign.get(f"/api/v1/stores/{store_id}")).status_code == 404
        assert (await foreign.post("/api/v1/locations", json=body)).status_code == 404
        assert (await foreign.get("/api/v1/locations")).json() == []
    async with town.staff("viewer") as viewer:
        assert (await viewer.get("/api/v1/stores")).status_code == 200
        assert (
            await viewer.post("/api/v1/stores", json={"code": "x", "name": "X"})
        ).status_code == 403


async def test_hosts_are_for_the_platform_to_give(town: Town) -> None:
    async with town.staff("admin") as boss:
        answer = await boss.patch("/api/v1/hosts", json={"add": ["a.example"]}, **if_match(3))
        assert answer.status_code == 403
        assert (await boss.get("/api/v1/hosts")).json() == {"hosts": []}
