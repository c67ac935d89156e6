"""Route × role × tenant, built from the routers: who is let in, and what nobody else can see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.identity.furnished import MARK, furnished
from tests.identity.town import Town
from tradepost.identity.domain import BUILT_IN, SUPER_ADMIN
from tradepost.platform.web.door import CUSTOMER, PUBLIC, SPECIAL, STAFF, Place, matrix

ENDS = {"sign-out", "sign-out-everywhere", "password"}
"""Doors that end the sign-in of whoever goes through."""
WORDS = {
    "purpose": "newsletter",
    "action": "approve",
    "product": MARK,
    "code": "x",
    "account": "receivable",
    "token": "x",
}
"""What stands in paths without naming a record."""
_DAYS = "?first=2025-01-01&last=2034-12-31"
QUERIES = {
    f"/api/v1/ledger/{name}": _DAYS
    for name in ("totals", "trial-balance", "accounts/{account}/transfers")
} | {
    "/api/v1/ledger/balances": "?day=2030-01-01",
    "/api/v1/stock/movements": "?variant_id={variant_id}",
    "/api/v1/stock/reservations": "?variant_id={variant_id}",
}
SAID: dict[str, Any] = {
    "action": "block",
    "city": "Leeds",
    "country": "GB",
    "delivery": "ship",
    "email": "somebody@example.com",
    "expected_total": 0,
    "from_id": str(uuid4()),
    "gateway": "sandbox",
    "orders": [{"order_id": str(uuid4())}],
    "from_location_id": str(uuid4()),
    "to_location_id": str(uuid4()),
    "location_id": str(uuid4()),
    "order_id": str(uuid4()),
    "allowed": True,
    "is_hot": True,
    "amount": 1,
    "currency": "GBP",
    "method": "bank_transfer",
    "reason": "none",
    "note": "none",
    "shares": [{"order_id": str(uuid4())}],
    "token": "none",
    "granted": True,
    "last_day": "2030-01-01",
    "line1": "1 High Street",
    "lines": [{"order_line_id": str(uuid4()), "quantity": 1}],
    "name": "Other",
    "new_password": "a long password",
    "parent_id": None,
    "payment_method": "cod",
    "permissions": [],
    "price": "1.00",
    "prices": [{"variant_id": str(uuid4()), "price": "1.00"}],
    "quantity": 1,
    "roles": [],
    "sku": "other",
    "title": "Other",
    "version": 1,
}
"""What is said in answer to a field that is missing."""
STATUSES = {
    "/api/v1/orders/{order_id}/status": "cancelled",
    "/api/v1/staff/{staff_id}": "disabled",
    "/api/v1/stores/{store_id}": "closed",
    "/api/v1/locations/{location_id}": "closed",
    "/api/v1/categories/{category_id}/status": "archived",
    "/api/v1/products/{product_id}/status": "archived",
    "/api/v1/variants/{variant_id}/status": "archived",
    "/api/v1/price-lists/{price_list_id}/status": "archived",
}


def _doors(app: Any) -> list[Place]:
    return [place for place in matrix(app) if place.door.shop]


async def knock(
    client: httpx.AsyncClient, place: Place, ids: dict[str, str], **said: Any
) -> httpx.Response:
    """Send what every door reads first: a key, a version, and a body that says nothing yet."""
    named = {"number": "7", "credit_note_number": "7"} | WORDS | ids
    whole = place.path + QUERIES.get(place.path, "")
    path = re.sub(r"{(\w+)}", lambda found: named.get(found[1], str(uuid4())), whole)
    headers = {"idempotency-key": uuid4().hex, "if-match": '"1"'}
    body = said if place.method in ("POST", "PUT", "PATCH") else None
    return await client.request(place.method, path, headers=headers, json=body)


async def insist(client: httpx.AsyncClient, place: Place, ids: dict[str, str]) -> httpx.Response:
    """Knock, and say whatever is missing, until the door has nothing more to ask."""
    said: dict[str, Any] = {}
    while True:
        answer = await knock(client, place, ids, **said)
        told = answer.json() if answer.status_code == 422 else {}
        field = told.get("field", "")
        if told.get("problem") != "is missing" or field in said:
            return answer
        said[field] = STATUSES.get(place.path) if field == "status" else SAID.get(field)


@pytest.fixture
async def roles(town: Town) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Somebody in each role that a shop can give."""
    async with AsyncExitStack() as stack:
        yield {
            role: await stack.enter_async_context(town.staff(role))
            for role in BUILT_IN
            if role != SUPER_ADMIN
        }


async def test_each_role_passes_the_doors_of_its_permissions_and_no_other(
    town: Town, roles: dict[str, httpx.AsyncClient]
) -> None:
    places = _doors(town.admin)
    assert len(places) > 80
    for role, client in roles.items():
        for place in places:
            if place.path.rsplit("/", 1)[-1] in ENDS:
                continue
            answer = await knock(client, place, {})
            may = place.permission in BUILT_IN[role] | {PUBLIC, STAFF}
            told = f"{role} at {place.method} {place.path}: {answer.status_code} {answer.text}"
            assert answer.status_code < 500, told
            if may:
                refused = answer.status_code in (401, 403)
                itself = refused and answer.json()["code"].startswith(("identity", "kernel"))
                assert not refused or itself, told
            else:
                assert answer.status_code == 403, told


async def test_nobody_and_strangers_pass_no_door_of_staff(town: Town) -> None:
    async with (
        town.at(town.admin) as nobody,
        town.at(town.admin, token="a.b.c") as odd,
        town.shopper() as shopper,
        town.staff("admin", scope=town.other) as foreign,
    ):
        token = shopper.headers["authorization"].split()[1]
        theirs = foreign.headers["authorization"].split()[1]
        async with (
            town.at(town.admin, token=token) as customer,
            town.at(town.admin, token=theirs) as stranger,
        ):
            for place in _doors(town.admin):
                told = f"{place.method} {place.path}"
                for client in (odd, customer, stranger):
                    assert (await knock(client, place, {})).status_code == 401, told
                if place.permission != PUBLIC:
                    assert (await knock(nobody, place, {})).status_code == 401, told


async def test_doors_of_shoppers_tell_guests_customers_and_strangers_apart(town: Town) -> None:
    async with (
        town.at(town.public) as guest,
        town.shopper() as customer,
        town.shopper(scope=town.other) as foreign,
        town.staff("admin") as boss,
    ):
        theirs = foreign.headers["authorization"].split()[1]
        staffs = boss.headers["authorization"].split()[1]
        async with (
            town.at(town.public, token=theirs) as stranger,
            town.at(town.public, token=staffs) as staff,
        ):
            for place in _doors(town.public):
                assert place.permission in SPECIAL - {STAFF}
                told = f"{place.method} {place.path}"
                for client in (stranger, staff):
                    assert (await knock(client, place, {})).status_code == 401, told
                if place.permission == CUSTOMER:
                    assert (await knock(guest, place, {})).status_code == 401, told
                if place.path.rsplit("/", 1)[-1] not in ENDS:
                    assert (await knock(customer, place, {})).status_code < 500, told


async def _seen(client: httpx.AsyncClient, places: list[Place], ids: dict[str, str]) -> Any:
    """Everything that can be read, of every record."""
    found = {}
    for place in places:
        if place.method == "GET" and place.path != "/api/v1/me":
            answer = await knock(client, place, ids)
            assert answer.status_code == 200, f"{place.path}: {answer.text}"
            found[place.path] = answer.json()
    return found


async def test_a_shop_sees_and_touches_nothing_of_another(town: Town) -> None:
    places = _doors(town.admin)
    async with (
        town.staff("admin") as boss,
        town.staff("admin", scope=town.other) as foreign,
    ):
        ids = await furnished(town, boss) | WORDS
        names = {name for place in places for name in re.findall(r"{(\w+)}", place.path)}
        assert names <= ids.keys(), "make a record of the new kind in furnished()"
        before = await _seen(boss, places, ids)
        assert sum(MARK.lower() in str(seen).lower() for seen in before.values()) > 20
        for place in places:
            if place.path.rsplit("/", 1)[-1] in ENDS - {"password"}:
                continue
            try_hard = insist if "{" in place.path else knock
            answer = await try_hard(foreign, place, ids)
            told = f"{place.method} {place.path}: {answer.status_code} {answer.text}"
            named = answer.text.replace(str(answer.url.path), "")
            assert MARK.lower() not in named.lower(), told
            if answer.status_code < 300:
                assert not any(id in answer.text for id in ids.values() if len(id) == 36), told
            elif "{" in place.path:
                # A body that a door cannot read is refused before anybody looks for the record.
                assert answer.status_code in (404, 422), told
        assert await _seen(boss, places, ids) == before


async def test_a_shoppers_record_is_not_there_for_others(town: Town) -> None:
    async with (
        town.staff("admin") as boss,
        town.shopper() as another,
        town.shopper(scope=town.other) as foreign,
        town.at(town.public) as guest,
    ):
        ids = await furnished(town, boss) | WORDS
        for place in _doors(town.public):
            if place.permission == PUBLIC or "_id}" not in place.path:
                continue
            for client in (another, foreign, guest):
                answer = await insist(client, place, ids)
                told = f"{place.method} {place.path}: {answer.status_code} {answer.text}"
                assert MARK not in answer.text.replace(str(answer.url.path), ""), told
                assert answer.status_code in (204, 401, 404, 422, 412), told
