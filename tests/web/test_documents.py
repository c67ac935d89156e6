"""The documents of both APIs, and the page that shows them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from litestar import Litestar

from tests.stores import sqlite_store
from tests.web.conftest import WEB, Town
from tradepost.apps.admin_api.app import create_app as admin_app
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.kernel.errors import REASONS
from tradepost.platform.web.door import door_of, matrix
from tradepost.platform.web.openapi import document_of
from tradepost.platform.web.problem import RESERVED, status_of
from tradepost.wiring.house import House, build_house

APPS = {"public": public_app, "admin": admin_app}


@pytest.fixture
async def house() -> House:
    """A house over a store in memory."""
    return build_house(await sqlite_store(None), WEB)


@pytest.fixture(params=sorted(APPS))
async def app(request: pytest.FixtureRequest, house: House) -> Litestar:
    """Each app in turn."""
    return APPS[request.param](house)


@pytest.fixture
def document(app: Litestar) -> dict[str, Any]:
    """The app's document."""
    return document_of(app, "An API", "")


def test_the_document_tells_every_operation_and_who_may(
    app: Litestar, document: dict[str, Any]
) -> None:
    told = {
        (method.upper(), path): operation["x-permission"]
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    served = {
        (place.method, place.path): place.permission
        for place in matrix(app)
        if "docs" not in place.path and not place.path.endswith(("openapi.json", "metrics"))
    }
    assert told == served
    assert len(told) > 15


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    operations = [one for item in document["paths"].values() for one in item.values()]
    for one in operations:
        assert one["summary"], one
        assert one["tags"], one["operationId"]
    assert set(Counter(one["operationId"] for one in operations).values()) == {1}


def test_every_reference_leads_somewhere_and_every_schema_is_one(document: dict[str, Any]) -> None:
    for reference in _references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found, reference
    schemas = document["components"]["schemas"]
    for name in schemas:
        whole = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema_rs.Draft202012Validator(whole)
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)


def test_bodies_are_closed_and_their_numbers_bounded(
    app: Litestar, document: dict[str, Any]
) -> None:
    names = {
        name
        for item in document["paths"].values()
        for one in item.values()
        if "requestBody" in one
        for name in _references(one["requestBody"])
    }
    schemas = document["components"]["schemas"]
    seen: set[str] = set()
    while names:
        name = names.pop().rsplit("/", 1)[-1]
        seen.add(name)
        schema = schemas[name]
        names |= {one for one in _references(schema) if one.rsplit("/", 1)[-1] not in seen}
        if "properties" in schema:
            assert schema["additionalProperties"] is False, name
        for number in _numbers(schema):
            assert {"minimum", "maximum"} <= number.keys(), (name, number)
            assert abs(number["maximum"]) < 2**63
    assert seen


def test_every_reason_has_a_status_and_facts_of_its_own_name() -> None:
    for code, reason in REASONS.items():
        if not reason.__module__.startswith("tradepost."):
            continue
        assert 400 <= status_of(reason) < 600, code
        taken = getattr(reason, "__dataclass_fields__", {}).keys() & RESERVED
        assert not taken, f"{code}: {taken} are members of every problem"


async def test_the_document_and_its_page_need_no_other_host(town: Town) -> None:
    async with town.client(public_app(town.house)) as client:
        document = await client.get("/api/v1/openapi.json")
        assert document.json()["openapi"] == "3.1.0"
        assert "max-age" in document.headers["cache-control"]
        page = await client.get("/api/v1/docs")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        files = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
        assert {"docs/docs.css", "docs/docs.js", "openapi.json", "data:,"} == set(files)
        for name in ("docs/docs.css", "docs/docs.js"):
            asset = await client.get(f"/api/v1/{name}")
            assert asset.status_code == 200
            assert "://" not in asset.text
            assert "innerHTML" not in asset.text


async def test_a_code_is_explained_where_its_type_points(town: Town) -> None:
    async with town.client() as client:
        told = (await client.get("/nowhere")).json()
        explained = (await client.get(told["type"])).json()
        assert explained["code"] == told["code"]
        assert explained["status"] == 404
        assert "{path}" in explained["message"]
        assert (await client.get("/api/v1/problems/none.such")).status_code == 404


async def test_no_route_is_left_without_a_door(house: House) -> None:
    for make in APPS.values():
        for route in make(house).routes:
            for handler, _ in getattr(route, "route_handler_map", {}).values():
                options = "options_handler" in str(handler)
                assert options or door_of(handler) is not None


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(one) for one in value))
    return set()


def _numbers(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if value.get("type") == "integer" else []
        return own + [one for inner in value.values() for one in _numbers(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _numbers(inner)]
    return []
