"""People at the doors: both servers, real tokens, every refusal a problem document."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from tests.identity.conftest import PASSWORD
from tests.identity.town import EASY, Town
from tradepost.identity.domain import PLATFORM_TENANT_ID, SUPER_ADMIN
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.tenancy.commands import ChangeTenant, MoveTenant
from tradepost.wiring.tenancy import Directory


def code(answer: httpx.Response, status: int) -> str:
    """The code of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


async def test_a_shopper_signs_up_in_and_out(town: Town) -> None:
    who = {"email": "jane@example.com", "password": PASSWORD}
    async with town.at(town.public) as guest:
        made = await guest.post("/api/v1/sign-up", json=who | {"given_name": "Jane"})
        assert made.status_code == 201, made.text
        assert made.headers["cache-control"] == "private, no-store"
        first = made.json()
        assert first.keys() == {
            "access_token",
            "token_type",
            "expires_in",
            "refresh_token",
            "refresh_expires_at",
            "id",
        }
        assert (first["token_type"], first["expires_in"]) == ("Bearer", 600)
        assert code(await guest.post("/api/v1/sign-up", json=who), 409) == "identity.email_taken"
        signed_in = await guest.post("/api/v1/sign-in", json=who)
        assert signed_in.status_code == 200
        wrong = who | {"password": "not this one"}
        nobody = who | {"email": "nobody@example.com"}
        told = [await guest.post("/api/v1/sign-in", json=body) for body in (wrong, nobody)]
        assert [code(one, 401) for one in told] == ["identity.wrong_credentials"] * 2
        same = [{**one.json(), "request_id": ""} for one in told]
        assert same[0] == same[1]
        body = {"refresh_token": first["refresh_token"]}
        second = await guest.post("/api/v1/refresh", json=body)
        assert second.status_code == 200
        again = await guest.post("/api/v1/refresh", json=body)
        assert again.json()["refresh_token"] == second.json()["refresh_token"]
    async with town.at(town.public, token=second.json()["access_token"]) as jane:
        account = await jane.get("/api/v1/account")
        assert account.json()["given_name"] == "Jane"
        assert account.headers["etag"] == '"1"'
        devices = await jane.get("/api/v1/account/sign-ins")
        assert len(devices.json()) == 2
        assert (await jane.post("/api/v1/sign-out-everywhere")).status_code == 204
        assert code(await jane.get("/api/v1/account"), 401) == "identity.signed_out"


async def test_one_device_is_signed_out(town: Town) -> None:
    async with town.shopper("jane@example.com") as phone:
        who = {"email": "jane@example.com", "password": PASSWORD}
        desk = (await phone.post("/api/v1/sign-in", json=who)).json()
        devices = (await phone.get("/api/v1/account/sign-ins")).json()
        ended = await phone.delete(f"/api/v1/account/sign-ins/{devices[1]['id']}")
        assert ended.status_code == 204
        async with town.at(town.public, token=desk["access_token"]) as other:
            assert code(await other.get("/api/v1/account"), 401) == "identity.signed_out"
        assert (await phone.get("/api/v1/account")).status_code == 200
        async with town.shopper() as stranger:
            await stranger.delete(f"/api/v1/account/sign-ins/{devices[0]['id']}")
        assert (await phone.get("/api/v1/account")).status_code == 200
        assert (await phone.post("/api/v1/sign-out")).status_code == 204
        assert code(await phone.post("/api/v1/sign-out"), 401) == "identity.signed_out"


async def test_a_password_is_changed(town: Town) -> None:
    async with town.shopper("jane@example.com") as jane:
        body = {"password": PASSWORD, "new_password": "another long one"}
        wrong = body | {"password": "not this"}
        answer = await jane.put("/api/v1/account/password", json=wrong)
        assert code(answer, 401) == "identity.wrong_credentials"
        answer = await jane.put("/api/v1/account/password", json=body | {"new_password": "short"})
        assert code(answer, 422) == "identity.bad_password"
        changed = await jane.put("/api/v1/account/password", json=body)
        assert changed.status_code == 200
        assert code(await jane.get("/api/v1/account"), 401) == "identity.signed_out"
    async with town.at(town.public, token=changed.json()["access_token"]) as anew:
        assert (await anew.get("/api/v1/account")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "a@example.com"},
        {"email": "a@example.com", "password": 12345678901},
        {"email": "a@example.com", "password": PASSWORD, "role": "admin"},
        {"email": "a@example.com", "password": PASSWORD, "tenant_id": str(uuid4())},
        {"email": ["a@example.com"], "password": PASSWORD},
        {"email": "a@example.com", "password": "short"},
        {"email": "nobody", "password": PASSWORD},
        {"email": "a@example.com", "password": PASSWORD, "given_name": "a\nb"},
    ],
)
async def test_odd_sign_ups_are_refused(town: Town, body: dict[str, object]) -> None:
    async with town.at(town.public) as guest:
        answer = await guest.post("/api/v1/sign-up", json=body)
        assert answer.status_code == 422
        good = {"email": "a@example.com", "password": PASSWORD}
        assert (await guest.post("/api/v1/sign-up", json=good)).status_code == 201


async def test_a_token_is_of_its_shop_and_its_server(town: Town) -> None:
    async with town.shopper() as jane:
        token = jane.headers["authorization"].split()[1]
    async with town.at(town.public, town.other, token) as there:
        assert (await there.get("/api/v1/account")).status_code in (401, 404)
    async with town.at(town.admin, token=token) as there:
        assert code(await there.get("/api/v1/me"), 401) == "platform.bad_token"
    async with town.staff("admin") as boss:
        token = boss.headers["authorization"].split()[1]
    async with town.at(town.public, token=token) as there:
        assert code(await there.get("/api/v1/account"), 401) == "platform.bad_token"
    async with town.at(town.admin, town.other, token) as there:
        assert (await there.get("/api/v1/me")).status_code in (401, 404)


async def test_staff_see_who_they_are_and_are_hired_by_those_who_may(town: Town) -> None:
    body = {"email": "new@example.com", "name": "New", "password": PASSWORD, "roles": ["cashier"]}
    async with town.staff("admin") as boss:
        me = (await boss.get("/api/v1/me")).json()
        assert me["roles"] == ["admin"]
        assert "staff.write" in me["permissions"]
        assert me["platform"] is False
        hired = await boss.post("/api/v1/staff", json=body)
        assert hired.status_code == 201, hired.text
        place = hired.headers["location"]
        assert code(await boss.post("/api/v1/staff", json=body), 409) == "identity.email_taken"
        change = {"name": "New", "roles": ["viewer"], "status": "active"}
        answer = await boss.put(place, json=change)
        assert code(answer, 428) == "platform.version_missing"
        answer = await boss.put(place, json=change, headers={"if-match": '"1"'})
        assert answer.json()["roles"] == ["viewer"]
        answer = await boss.put(place, json=change, headers={"if-match": '"1"'})
        assert answer.status_code == 412
        over = body | {"email": "over@example.com", "roles": ["super_admin"]}
        assert (await boss.post("/api/v1/staff", json=over)).status_code == 404
        given = await boss.put(f"{place}/password", json={"new_password": "given by the boss"})
        assert given.status_code == 204
        assert (await boss.post(f"{place}/sign-out")).status_code == 204
        assert len((await boss.get("/api/v1/staff")).json()) == 2
    async with town.staff("manager") as manager:
        over = body | {"email": "over@example.com", "roles": ["admin"]}
        answer = await manager.post("/api/v1/staff", json=over)
        assert code(answer, 403) == "identity.grants_too_much"
        answer = await manager.post("/api/v1/roles", json={
            "code": "mine", "name": "Mine", "permissions": ["orders.read"],
        })  # fmt: skip
        assert code(answer, 403) == "kernel.may_not"
    async with town.staff("admin", scope=town.other) as foreign:
        assert (await foreign.get(place)).status_code == 404
    async with town.at(town.admin) as nobody:
        assert (await nobody.get(place)).status_code == 401


async def test_roles_are_made_and_listed(town: Town) -> None:
    role = {"code": "night", "name": "Night", "permissions": ["orders.read"]}
    async with town.staff("admin") as boss:
        made = await boss.post("/api/v1/roles", json=role)
        assert made.status_code == 201
        changed = await boss.put(
            f"/api/v1/roles/{made.json()['id']}",
            json={"name": "Nights", "permissions": ["orders.read", "inventory.read"]},
            headers={"if-match": made.headers["etag"]},
        )
        assert changed.json()["version"] == 2
        listed = {one["code"]: one for one in (await boss.get("/api/v1/roles")).json()}
        assert listed["night"]["permissions"] == ["inventory.read", "orders.read"]
        assert "super_admin" not in listed
        assert "tenants.write" not in (await boss.get("/api/v1/permissions")).json()


async def test_the_platforms_people_enter_every_shop(town: Town) -> None:
    email = f"{uuid4().hex}@b.example"
    await town.hire(SUPER_ADMIN, scope=Scope(PLATFORM_TENANT_ID, SYSTEM), email=email)
    who = {"email": email, "password": PASSWORD}
    async with town.at(town.admin) as door:
        assert code(await door.post("/api/v1/sign-in", json=who), 401)
        answer = await door.post("/api/v1/sign-in", json=who | {"platform": True})
        assert answer.status_code == 200
        tokens = answer.json()
        renewed = await door.post(
            "/api/v1/refresh", json={"refresh_token": tokens["refresh_token"], "platform": True}
        )
        assert renewed.status_code == 200
        token = renewed.json()["access_token"]
    for scope in (town.shop, town.other):
        async with town.at(town.admin, scope, token) as root:
            me = (await root.get("/api/v1/me")).json()
            assert (me["platform"], me["permissions"]) == (True, ["*"])
            assert (await root.get("/api/v1/staff")).status_code == 200
    async with town.at(town.admin, town.other, token) as root:
        assert (await root.post("/api/v1/sign-out")).status_code == 204
        assert code(await root.get("/api/v1/me"), 401) == "identity.signed_out"


async def test_a_shop_that_is_shut_lets_nobody_in(town: Town) -> None:
    async with town.shopper() as jane, town.staff("admin") as boss:
        directory: Directory = town.house.directory
        for action, shopper, read, work in (
            ("suspend", 403, 403, 403),
            ("reactivate", 200, 200, 200),
            ("archive", 410, 200, 410),
        ):
            await town.house.bus.send(town.shop, MoveTenant(action))
            directory.forget(town.shop.tenant_id)
            assert (await jane.get("/api/v1/account")).status_code == shopper, action
            assert (await boss.get("/api/v1/me")).status_code == read, action
            body = {"code": f"s-{action}", "name": "S"}
            answer = await boss.post("/api/v1/stores", json=body)
            assert answer.status_code == (201 if work == 200 else work), action


async def test_tries_are_limited_at_the_door(town: Town) -> None:
    few = EASY | {"sign_in_tries_per_account_per_minute": 2}
    await town.house.bus.send(town.shop, ChangeTenant(3, settings=few))
    town.house.directory.forget(town.shop.tenant_id)
    async with town.at(town.admin) as door:
        body = {"email": "sam@example.com", "password": "a guess"}
        told = [await door.post("/api/v1/sign-in", json=body) for _ in range(3)]
        assert [one.status_code for one in told] == [401, 401, 429]
        assert int(told[2].headers["retry-after"]) >= 1
