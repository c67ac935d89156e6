"""Customers at the doors: their own record, and what staff may do with it."""

from __future__ import annotations

from typing import Any

from tests.identity.town import Town

HOME = {"country": "GB", "line1": "1 High Street", "city": "London", "postcode": "N1 1AA"}


def if_match(version: int) -> dict[str, Any]:
    return {"headers": {"if-match": f'"{version}"'}}


async def test_a_customer_keeps_their_own_record(town: Town) -> None:
    async with town.shopper("jane@example.com") as jane, town.shopper() as john:
        body = {"given_name": "Jane", "family_name": "Roe", "phone": "020 7946 0018"}
        answer = await jane.put("/api/v1/account", json=body | {"region": "GB"}, **if_match(1))
        assert answer.json()["phone"] == "+442079460018"
        assert answer.headers["etag"] == '"2"'
        odd = await jane.put("/api/v1/account", json=body | {"region": "QQ"}, **if_match(2))
        assert odd.status_code == 422
        sneaky = await jane.put("/api/v1/account", json=body | {"tax_exempt": True}, **if_match(2))
        assert sneaky.status_code == 422
        stale = await jane.put("/api/v1/account", json=body | {"region": "GB"}, **if_match(1))
        assert stale.status_code == 412
        agreed = await jane.put(
            "/api/v1/account/consents/newsletter", json={"granted": True}, **if_match(2)
        )
        assert agreed.json()["consents"][0]["purpose"] == "newsletter"

        added = await jane.post("/api/v1/account/addresses", json=HOME | {"is_default": True})
        assert added.status_code == 201, added.text
        place = f"/api/v1/account/addresses/{added.json()['id']}"
        moved = await jane.put(place, json=HOME | {"line1": "2 High Street"}, **if_match(1))
        assert moved.json()["line1"] == "2 High Street"
        assert (await john.put(place, json=HOME, **if_match(2))).status_code == 404
        assert (await john.delete(place)).status_code == 404
        assert (await john.get("/api/v1/account/addresses")).json() == []
        assert (await jane.delete(place)).status_code == 204
        assert (await jane.get("/api/v1/account/addresses")).json() == []
    async with town.at(town.public) as guest:
        assert (await guest.get("/api/v1/account")).status_code == 401


async def test_staff_find_change_merge_and_erase(town: Town) -> None:
    async with town.staff("admin") as boss:
        made = []
        for n in range(5):
            body = {"given_name": f"N{n}", "family_name": "Smith", "external_code": f"C{n}"}
            answer = await boss.post("/api/v1/customers", json=body)
            assert answer.status_code == 201, answer.text
            made.append(answer.json()["id"])
        twice = await boss.post("/api/v1/customers", json={"external_code": "C1"})
        assert (twice.status_code, twice.json()["code"]) == (409, "customers.external_code_taken")
        seen, cursor = [], None
        while True:
            query = {"q": "smith", "limit": "2"} | ({"cursor": cursor} if cursor else {})
            page = (await boss.get("/api/v1/customers", params=query)).json()
            seen += [one["id"] for one in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == made
        found = await boss.get("/api/v1/customers", params={"external_code": "C3"})
        assert [one["id"] for one in found.json()["items"]] == [made[3]]

        one = f"/api/v1/customers/{made[0]}"
        group = await boss.post("/api/v1/customer-groups", json={"code": "trade", "name": "Trade"})
        group_id = group.json()["id"]
        treat = {"group_id": group_id, "tax_exempt": True, "notes": "pays\nlate"}
        assert (await boss.put(f"{one}/treatment", json=treat, **if_match(1))).status_code == 200
        contact = {"given_name": "Ada", "family_name": "Smith", "email": "ada@example.com"}
        assert (await boss.put(f"{one}/contact", json=contact, **if_match(2))).status_code == 200
        blocked = await boss.put(f"{one}/status", json={"action": "block"}, **if_match(3))
        assert blocked.json()["status"] == "blocked"
        assert (
            await boss.put(f"{one}/status", json={"action": "erase"}, **if_match(4))
        ).status_code == 409
        await boss.put(f"{one}/status", json={"action": "unblock"}, **if_match(4))
        agreed = await boss.put(
            f"{one}/consents/post", json={"granted": False, "source": "letter"}, **if_match(5)
        )
        assert agreed.json()["consents"][0]["source"] == "letter"
        address = await boss.post(f"{one}/addresses", json=HOME)
        entry = f"{one}/addresses/{address.json()['id']}"
        assert (await boss.put(entry, json=HOME, **if_match(1))).status_code == 200
        elsewhere = entry.replace(made[0], made[1])
        assert (await boss.put(elsewhere, json=HOME, **if_match(2))).status_code == 404
        assert len((await boss.get(f"{one}/addresses")).json()) == 1
        assert (await boss.delete(entry)).status_code == 204

        version = (await boss.get(one)).json()["version"]
        merged = await boss.post(f"{one}/merge", json={"from_id": made[1]}, **if_match(version))
        assert merged.status_code == 200, merged.text
        assert (await boss.get(f"/api/v1/customers/{made[1]}")).json()["status"] == "merged"
        erased = await boss.post(f"{one}/erase", **if_match(version + 1))
        assert erased.json()["status"] == "erased"
        assert '"ada' not in erased.text.lower()  # an identifier may well hold these letters
        renamed = await boss.put(
            f"/api/v1/customer-groups/{group_id}", json={"name": "Trades"}, **if_match(1)
        )
        assert renamed.json()["name"] == "Trades"
        assert len((await boss.get("/api/v1/customer-groups")).json()) == 1


async def test_each_role_reaches_as_far_as_its_permissions(town: Town) -> None:
    async with town.staff("admin") as boss:
        made = (await boss.post("/api/v1/customers", json={"family_name": "Smith"})).json()["id"]
    one = f"/api/v1/customers/{made}"
    async with town.staff("cashier") as cashier:
        assert (await cashier.get(one)).status_code == 200
        assert (await cashier.post("/api/v1/customers", json={})).status_code == 403
    async with town.staff("manager") as manager:
        assert (await manager.post(f"{one}/erase", **if_match(1))).status_code == 403
    async with town.staff("kitchen") as kitchen:
        assert (await kitchen.get("/api/v1/customers")).status_code == 403
    async with town.staff("admin", scope=town.other) as foreign:
        assert (await foreign.get(one)).status_code == 404
        assert (await foreign.post(f"{one}/erase", **if_match(1))).status_code == 404
        assert (await foreign.get("/api/v1/customers")).json()["items"] == []
