"""Every operation of both APIs × everybody who might come, built from the routers themselves."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar

from tests.web.conftest import WEB, ListedTokens, Town
from tradepost.apps.admin_api.app import create_app as admin_app
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.kernel.messages import Actor
from tradepost.platform.tokens import TokenSecrets
from tradepost.platform.web.door import (
    CUSTOMER,
    GUEST_OR_CUSTOMER,
    PUBLIC,
    SPECIAL,
    Place,
    matrix,
)
from tradepost.search.gateway import TantivySearch
from tradepost.search.queries import Finder
from tradepost.wiring.house import build_house

EVERYBODY = {PUBLIC, GUEST_OR_CUSTOMER}
_PARAMETER = re.compile(r"\{[^}]+\}")


@pytest.fixture
async def town(town: Town) -> AsyncIterator[Town]:
    """The two shops in a house with every service that routes ask for."""
    names = ("public", "admin", "service", "portal")
    secrets = TokenSecrets.of(**{name: f"{name:_<32}" for name in names})
    house = build_house(town.house.store, WEB, secrets=secrets, tokens=town.tokens)
    engine = await TantivySearch.open(None)
    house.services[Finder] = Finder(engine)
    yield replace(town, house=house)
    await engine.close()
    for close in house.closers:
        close()


def app_of(town: Town, audience: str) -> Litestar:
    """The real app of an audience."""
    return (public_app if audience == "public" else admin_app)(town.house)


async def knock(client: httpx.AsyncClient, place: Place, token: str | None) -> httpx.Response:
    """Ask for an operation on things that are not there, with a body that says nothing."""
    path = _PARAMETER.sub(lambda found: "1" if "number" in found[0] else str(uuid4()), place.path)
    headers = {"idempotency-key": uuid4().hex, "if-match": '"1"'}
    if token:
        headers["authorization"] = f"Bearer {token}"
    body: dict[str, str] | None = None if place.method in {"GET", "DELETE"} else {}
    return await client.request(place.method, path, json=body, headers=headers)


@pytest.mark.parametrize("audience", ["public", "admin"])
async def test_nobody_passes_a_door_that_is_not_theirs(town: Town, audience: str) -> None:
    app = app_of(town, audience)
    places = [place for place in matrix(app) if place.door.shop]
    assert len(places) > 10
    strangers = {
        "nobody": None,
        "a forged token": "eyJhbGciOiJub25lIn0.e30.",
        "the other audience": _give(town.tokens, town, _other(audience), Actor("staff", uuid4())),
        "another shop's": town.tokens.give(
            audience, town.other, Actor(_kind(audience), uuid4(), frozenset({"*"}))
        ),
    }
    async with town.client(app) as client:
        for place in places:
            for name, token in strangers.items():
                answer = await knock(client, place, token)
                told = f"{name} at {place.method} {place.path}: {answer.text}"
                if token is None and place.permission in EVERYBODY:
                    assert answer.status_code not in {401, 403}, told
                else:
                    assert answer.status_code == 401, told
                assert answer.status_code < 500, told


async def test_staff_pass_by_the_permission_and_by_no_other(town: Town) -> None:
    app = app_of(town, "admin")
    places = [place for place in matrix(app) if place.permission not in SPECIAL]
    named = {place.permission for place in places}
    assert len(named) > 3
    tokens = {
        permission: _give(town.tokens, town, "admin", _staff(permission)) for permission in named
    }
    others = {
        permission: _give(town.tokens, town, "admin", _staff(*(named - {permission})))
        for permission in named
    }
    async with town.client(app) as client:
        for place in places:
            told = f"{place.method} {place.path}"
            refused = await knock(client, place, others[place.permission])
            assert refused.status_code == 403, f"{told}: {refused.text}"
            assert refused.json()["permission"] == place.permission
            passed = await knock(client, place, tokens[place.permission])
            assert passed.status_code < 500, f"{told}: {passed.text}"
            assert passed.status_code != 401, f"{told}: {passed.text}"
            if passed.status_code == 403:  # a door inside the house, of another permission
                assert passed.json()["permission"] != place.permission


async def test_customers_pass_where_customers_may(town: Town) -> None:
    app = app_of(town, "public")
    ann = _give(town.tokens, town, "public", Actor("customer", uuid4()))
    async with town.client(app) as client:
        for place in matrix(app):
            assert place.permission in {PUBLIC, GUEST_OR_CUSTOMER, CUSTOMER}, place
            if place.door.shop:
                answer = await knock(client, place, ann)
                assert answer.status_code not in {401, 403}, f"{place.path}: {answer.text}"
                assert answer.status_code < 500, f"{place.path}: {answer.text}"


def _give(tokens: ListedTokens, town: Town, audience: str, actor: Actor) -> str:
    return tokens.give(audience, town.shop, actor)


def _staff(*permissions: str) -> Actor:
    return Actor("staff", uuid4(), frozenset(permissions))


def _other(audience: str) -> str:
    return "admin" if audience == "public" else "public"


def _kind(audience: str) -> str:
    return "customer" if audience == "public" else "staff"
