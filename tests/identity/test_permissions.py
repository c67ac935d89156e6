"""Permissions: every door and every role speaks of the same ones."""

from __future__ import annotations

import re
from pathlib import Path

from tests.identity.town import Town
from tradepost.identity.domain import BUILT_IN
from tradepost.kernel.permissions import Permission
from tradepost.platform.web.door import SPECIAL, matrix

SOURCE = Path(__file__).resolve().parents[2] / "src"
_ASKED = re.compile(r"actor\.(?:must|may)\(\s*\"([^\"]+)\"")


async def test_every_door_and_handler_asks_for_a_permission_that_there_is(town: Town) -> None:
    doors = {place.permission for app in (town.public, town.admin) for place in matrix(app)}
    asked = {
        name for path in SOURCE.rglob("*.py") for name in _ASKED.findall(path.read_text("utf-8"))
    }
    assert doors | asked <= SPECIAL | frozenset(Permission)


async def test_no_door_of_staff_is_open_to_shoppers(town: Town) -> None:
    for place in matrix(town.public):
        assert place.permission in SPECIAL - {"staff"}, place
    public = {place.path for place in matrix(town.admin) if place.permission == "public"}
    api = {path for path in public if path.startswith("/api/")}
    about = {path for path in api if path.startswith(("/api/v1/docs", "/api/v1/problems"))}
    own = {"/api/v1/sign-in", "/api/v1/refresh", "/api/v1/invitation"}
    assert api - about - {"/api/v1/openapi.json"} == own


def test_every_permission_is_held_by_somebody() -> None:
    held = frozenset[str]().union(*BUILT_IN.values())
    assert frozenset(Permission) - held == {"tenants.read", "tenants.write"}
