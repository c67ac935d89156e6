"""The portal's people on the command line, and what its server asks of the settings."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tradepost.platform.settings import load
from tradepost.portal.http.desk import Desk
from tradepost.wiring.portal import open_portal

ADD = ("portal", "add", "ops@example.com", "--name", "Ops", "--role", "operator")


def test_an_operator_is_taken_on_and_can_sign_in(run: Run, tmp_path: Path) -> None:
    made = run(*ADD, "--json").json
    assert made["role"] == "operator"
    again = run(*ADD)
    assert again.code != 0
    assert "Somebody signs in with this mail address already." in again.err
    assert run("portal", "people", "--json").json == [
        {"email": "ops@example.com", "name": "Ops", "role": "operator", "status": "active"}
    ]
    fresh = run("portal", "password", "ops@example.com")
    assert fresh.code == 0
    settings = load({"TRADEPOST_PROFILE": "demo"}, given={"data_dir": str(tmp_path / "data")})

    async def sign_in(password: str) -> str:
        async with open_portal(settings.settings) as portal:
            desk: Desk = portal.desk
            person, _ = await desk.sign_in("OPS@example.com", password, "here")
            return person.name

    assert asyncio.run(sign_in(fresh.out.strip())) == "Ops"
    with pytest.raises(Exception, match="do not fit together"):
        asyncio.run(sign_in(made["password"]))


def test_a_portal_asks_for_its_own_secrets_and_for_no_other(run: Run) -> None:
    said = run("portal")
    assert said.code == 2
    for name in ("SERVICE", "PORTAL", "VAULT"):
        assert f"TRADEPOST_{name}_SECRET" in said.err
    for name in ("PUBLIC", "ADMIN", "CURSOR"):
        assert f"TRADEPOST_{name}_SECRET" not in said.err


def test_only_a_named_cell_serves_portals(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEPOST_PROFILE", "demo")
    said = run("serve", "--only", "provisioning")
    assert said.code != 0
    assert "TRADEPOST_CELL_NAME" in said.err
