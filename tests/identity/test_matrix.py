"""Route × role × tenant, built from the routers: who is let in, and what nobody else can see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar

from tests.conftest import alone
from tests.identity.conftest import SECRETS
from tests.identity.furnished import MAIL, MARK, OTHER_MARK, furnished
from tests.identity.knocking import (
    BODIES,
    TWINS,
    WORDS,
    WRITES,
    called,
    doors,
    doors_that_stay,
    knock,
    knock_twice,
    names_twin,
    records_named,
    turned_away,
)
from tests.identity.town import WEB, Town, build_town
from tests.web.conftest import ListedTokens
from tradepost.apps.admin_api.app import create_app as create_admin
from tradepost.identity.domain import BUILT_IN, SUPER_ADMIN
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.kernel.messages import Actor
from tradepost.kernel.permissions import OF_VENDORS
from tradepost.platform.db.work import Store
from tradepost.platform.tokens import TokenSecrets
from tradepost.platform.web.door import (
    COURIER,
    CUSTOMER,
    PUBLIC,
    SPECIAL,
    STAFF,
    Place,
)
from tradepost.wiring.house import build_house

ROLES = [role for role in BUILT_IN if role != SUPER_ADMIN]
FORGED = "eyJhbGciOiJub25lIn0.e30."
UNREAD = {"platform.bad_body", "platform.bad_parameters", "platform.version_missing"}
"""Codes of refusals by doors that could not read what was sent."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.acceptance)])
async def lone_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Each store in turn; every door of every role takes its time, on PostgreSQL a long one."""
    async with alone(request, tmp_path) as made:
        yield made


@pytest.fixture
async def town(lone_store: Store, hasher: Argon2Hasher) -> Town:
    """Two shops in a store of their own, since furnishing them runs a worker."""
    return await build_town(lone_store, hasher)


@pytest.fixture
async def roles(town: Town) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Somebody in each role that a shop can give."""
    async with AsyncExitStack() as stack:
        yield {role: await stack.enter_async_context(town.staff(role)) for role in ROLES}


async def test_every_door_that_reads_a_body_is_given_one_that_fits(town: Town) -> None:
    ids = await furnished(town, town.shop, MARK)
    for app in (town.admin, town.public):
        places = doors(app)
        writes = {called(place) for place in places if place.method in WRITES}
        assert writes == BODIES[app.state.audience].keys(), "tests/identity/said.py"
    async with town.staff("admin") as boss, town.shopper() as shopper:
        for client, app in ((boss, town.admin), (shopper, town.public)):
            for place in doors_that_stay(app):
                answer = await knock(client, place, ids)
                told = f"{place.method} {place.path}: {answer.status_code} {answer.text}"
                assert answer.status_code < 500, told
                if answer.status_code == 422:
                    assert answer.json()["code"] not in UNREAD, told


async def test_each_role_passes_the_doors_of_its_permissions_and_no_other(
    town: Town, roles: dict[str, httpx.AsyncClient]
) -> None:
    places = doors_that_stay(town.admin)
    assert len(places) > 80
    for role, client in roles.items():
        for place in places:
            answer = await knock(client, place, {})
            may = place.permission in BUILT_IN[role] | {PUBLIC, STAFF}
            told = f"{role} at {place.method} {place.path}: {answer.status_code} {answer.text}"
            assert answer.status_code < 500, told
            if may:
                refused = answer.status_code == 403
                itself = refused and answer.json()["code"].startswith(("identity", "kernel"))
                assert not turned_away(answer) and (not refused or itself), told
            else:
                assert answer.status_code == 403, told


async def test_a_permission_opens_its_doors_and_all_others_together_do_not(town: Town) -> None:
    tokens = ListedTokens()
    secrets = TokenSecrets.of(**SECRETS)
    app = create_admin(build_house(town.house.store, WEB, secrets=secrets, tokens=tokens))
    places = [place for place in doors(app) if place.permission not in SPECIAL]
    named = {place.permission for place in places}
    for permission in named:
        only = _give(tokens, town, frozenset({permission}))
        rest = _give(tokens, town, frozenset(named - {permission}))
        async with town.at(app, token=only) as holder, town.at(app, token=rest) as lacking:
            for place in places:
                if place.permission != permission:
                    continue
                refused = await knock(lacking, place, {})
                told = f"{place.method} {place.path}: {refused.text}"
                assert refused.status_code == 403, told
                assert refused.json()["permission"] == permission, told
                passed = await knock(holder, place, {})
                assert passed.status_code < 500 and passed.status_code != 401, passed.text
                if passed.status_code == 403:  # a door inside the house, of another permission
                    assert passed.json()["permission"] != permission, passed.text


def _give(tokens: ListedTokens, town: Town, permissions: frozenset[str]) -> str:
    return tokens.give("admin", town.shop.tenant_id, Actor("staff", uuid4(), permissions))


async def test_nobody_and_strangers_pass_no_door_of_staff(town: Town) -> None:
    async with (
        town.at(town.admin) as nobody,
        town.at(town.admin, token=FORGED) as odd,
        town.shopper() as shopper,
        town.staff("admin", scope=town.other) as foreign,
        town.at(town.admin, token=_token(shopper)) as customer,
        town.at(town.admin, token=_token(foreign)) as stranger,
    ):
        for place in doors(town.admin):
            told = f"{place.method} {place.path}"
            for client in (odd, customer, stranger):
                assert (await knock(client, place, {})).status_code == 401, told
            passed = await knock(nobody, place, {})
            if place.permission != PUBLIC:
                assert passed.status_code == 401, told


async def test_doors_of_shoppers_tell_guests_customers_and_strangers_apart(town: Town) -> None:
    async with (
        town.at(town.public) as guest,
        town.at(town.public, token=FORGED) as odd,
        town.shopper() as customer,
        town.shopper(scope=town.other) as foreign,
        town.staff("admin") as boss,
        town.at(town.public, token=_token(foreign)) as stranger,
        town.at(town.public, token=_token(boss)) as staff,
    ):
        for place in doors_that_stay(town.public):
            assert place.permission in SPECIAL - {STAFF}
            told = f"{place.method} {place.path}"
            for client in (odd, stranger, staff):
                assert (await knock(client, place, {})).status_code == 401, told
            unnamed = await knock(guest, place, {})
            closed = place.permission in (CUSTOMER, COURIER)
            assert turned_away(unnamed) == closed, f"{told}: {unnamed.text}"
            known = await knock(customer, place, {})
            foreign_kind = place.permission == COURIER
            assert turned_away(known) == foreign_kind, f"{told}: {known.text}"
            assert known.status_code < 500, f"{told}: {known.text}"


def _token(client: httpx.AsyncClient) -> str:
    token: str = client.headers["authorization"].split()[1]
    return token


async def _seen(client: httpx.AsyncClient, app: Litestar, ids: dict[str, str]) -> dict[str, Any]:
    """Everything that the shop's own staff can read, of every record."""
    found = {}
    for place in doors(app):
        ours = place.path != "/api/v1/me" and place.permission not in OF_VENDORS
        if place.method == "GET" and ours:
            answer = await knock(client, place, ids)
            assert answer.status_code == 200, f"{place.path}: {answer.text}"
            found[place.path] = answer.json() if answer.text[:1] in "[{" else answer.text
    return found


async def test_twins_see_and_touch_nothing_of_each_other(town: Town) -> None:
    """Two shops with the same SKUs, codes and numbers; every role of one at every door."""
    places = doors_that_stay(town.admin)
    ids = await furnished(town, town.shop, MARK)
    theirs = await furnished(town, town.other, OTHER_MARK)
    assert {name: ids[name] for name in TWINS if name in ids} == {
        name: theirs[name] for name in TWINS if name in theirs
    }
    named = {name for place in places for name in re.findall(r"{(\w+)}", place.path)}
    assert named <= ids.keys() | WORDS.keys(), "make a record of the new kind in furnished()"
    async with town.staff("admin") as boss, AsyncExitStack() as stack:
        before = await _seen(boss, town.admin, ids)
        assert sum(MARK in str(seen) for seen in before.values()) > 25
        for role in ROLES:
            foreign = await stack.enter_async_context(town.staff(role, scope=town.other))
            for place in places:
                await _stays_out(role, foreign, place, ids, BUILT_IN[role] | {PUBLIC, STAFF})
        assert await _seen(boss, town.admin, ids) == before


async def _stays_out(
    role: str,
    client: httpx.AsyncClient,
    place: Place,
    ids: dict[str, str],
    permissions: frozenset[str],
) -> None:
    """Somebody of the other shop meets nothing: as if the record had never existed."""
    by_path = "_id}" in place.path
    answer, same = await knock_twice(client, place, ids)
    told = f"{role} at {place.method} {place.path}: {answer.status_code} {answer.text}"
    assert MARK.lower() not in answer.text.lower(), told
    if place.permission not in permissions:
        assert answer.status_code == 403 and same, told
    elif by_path:
        assert answer.status_code == 404 and same, told
    elif names_twin(place):
        assert answer.status_code == 200 and OTHER_MARK in answer.text, told
    elif records_named(place):
        assert same, told
    else:
        assert not any(id in answer.text for id in ids.values() if len(id) == 36), told


async def test_a_shoppers_record_is_not_there_for_others(town: Town) -> None:
    ids = await furnished(town, town.shop, MARK)
    await furnished(town, town.other, OTHER_MARK)
    own = {name.removeprefix("own_"): id for name, id in ids.items() if name.startswith("own_")}
    ids |= own
    places = [place for place in doors(town.public) if "_id}" in place.path]
    named = {name for place in places for name in re.findall(r"{(\w+)}", place.path)}
    assert named <= own.keys() | WORDS.keys(), "make one of the new kind in furnished()"
    async with (
        town.shopper() as another,
        town.shopper(scope=town.other) as foreign,
        town.at(town.public) as guest,
        town.at(town.public, town.other) as foreign_guest,
    ):
        for place in places:
            for client in (another, foreign, guest, foreign_guest):
                answer, same = await knock_twice(client, place, ids)
                told = f"{place.method} {place.path}: {answer.status_code} {answer.text}"
                unnamed = client in (guest, foreign_guest) and place.permission == CUSTOMER
                unnamed = unnamed or place.permission == COURIER
                assert answer.status_code == (401 if unnamed else 404), told
                assert same and MARK not in answer.text, told


async def test_twins_look_their_own_up_by_the_same_number_and_the_same_word(
    town: Town,
) -> None:
    ids = await furnished(town, town.shop, MARK)
    assert ids["own_number"] == (await furnished(town, town.other, OTHER_MARK))["own_number"]
    wanted = {"number": int(ids["own_number"]), "email": MAIL}
    for scope, mark, foreign in (
        (town.shop, MARK, OTHER_MARK),
        (town.other, OTHER_MARK, MARK),
    ):
        async with town.at(town.public, scope) as guest:
            found = await guest.post("/api/v1/orders/look-up", json=wanted)
            shown = await guest.get("/api/v1/products/twin")
            for answer in (found, shown):
                assert answer.status_code == 200, answer.text
                assert mark in answer.text and foreign not in answer.text
