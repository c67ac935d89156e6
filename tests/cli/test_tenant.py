"""``tradepost tenant``, on a store of its own and beside a process that serves it."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

from tests import stores
from tests.cli.conftest import Run, Said
from tests.servers import ROOT
from tradepost.kernel.ids import RandomIds, TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.local.door import LocalDoor
from tradepost.platform.local.wire import socket_of
from tradepost.tenancy.commands import ChangeTenant, CreateTenant, MoveTenant
from tradepost.tenancy.queries import TenantProfiles
from tradepost.wiring.parts import build_bus

CREATE = ("tenant", "create", "tea-house", "--name", "Tea House", "--currency", "GBP")


def test_a_shop_is_opened_listed_and_shown(run: Run) -> None:
    made = run(*CREATE, "--place", "Main", "--host", "tea.example", "--json").json
    assert made["code"] == "tea-house"
    assert made["location_id"]
    (listed,) = run("tenant", "list", "--json").json
    assert (listed["id"], listed["state"]) == (made["id"], "active")
    shown = run("tenant", "show", "tea-house", "--json").json
    assert shown["hosts"] == ["tea.example"]
    assert [one["name"] for one in shown["locations"]] == ["Main"]
    assert [one["action"] for one in shown["life"]] == ["provision", "activate"]
    text = run("tenant", "show", "tea-house").out
    assert "Tea House" in text
    assert "\x1b[" not in text, "no colours in a pipe"


def test_a_shop_is_led_through_its_life(run: Run) -> None:
    assert run(*CREATE).code == 0
    assert run("tenant", "suspend", "tea-house", "--reason", "unpaid").code == 0
    again = run("tenant", "suspend", "tea-house")
    assert again.code == 1
    assert "archive, reactivate" in again.err
    assert run("tenant", "reactivate", "tea-house").code == 0
    assert run("tenant", "archive", "tea-house", "--json").json["state"] == "archived"
    life = run("tenant", "show", "tea-house", "--json").json["life"]
    assert ("suspend", "unpaid") in {(one["action"], one["reason"]) for one in life}


def test_settings_are_changed_together_or_not_at_all(run: Run) -> None:
    assert run(*CREATE).code == 0
    change = ("tenant", "settings", "tea-house", "--set")
    held = run(*change, "lines_per_order_max=500", "--set", "charges_tax=false", "--json").json
    assert (held["lines_per_order_max"], held["charges_tax"]) == (500, False)
    assert run(*change, "lines_per_order_max=7", "--set", "no_such=1").code == 1
    assert run(*change, "lines_per_order_max=0").code == 1
    assert run(*change, "nonsense").code == 2
    held = run("tenant", "settings", "tea-house", "--json").json
    assert held["lines_per_order_max"] == 500


def test_a_shop_nobody_has_is_told(run: Run) -> None:
    assert run("migrate").code == 0
    said = run("tenant", "show", "nobodys")
    assert (said.code, "There is no shop nobodys." in said.err) == (1, True)


async def _call(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """The command line as a process of its own."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("TRADEPOST_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", "import sys; from tradepost.apps.cli.main import main; sys.exit(main())"),
        *("--data-dir", str(folder), *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env=environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_a_second_process_has_its_wishes_granted_by_the_one_that_serves(
    tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "data" / "store.sqlite"
    store = await stores.sqlite_store(path)
    bus = build_bus(store)

    async def beside(*arguments: str) -> Said:
        return await asyncio.to_thread(run, *arguments)

    try:
        alone = await beside(*CREATE)
        assert alone.code == 1
        assert f"already written to by process {os.getpid()}" in alone.err, "nobody listens yet"
        async with LocalDoor(socket_of(path.parent), bus, [CreateTenant, ChangeTenant]):
            assert stat.S_IMODE(socket_of(path.parent).stat().st_mode) == 0o600
            code, out, err = await _call(path.parent, *CREATE, "--json")
            assert code == 0, err
            again = await beside(*CREATE)
            assert (again.code, "tea-house" in again.err) == (1, True), "told as it is here"
            listed = (await beside("tenant", "list", "--json")).json
            assert [one["id"] for one in listed] == [json.loads(out)["id"]]
            other = await beside("tenant", "suspend", "tea-house")
            assert (other.code, "MoveTenant" in other.err) == (1, True), "only what was named"
        assert not socket_of(path.parent).exists()
        shops: list[Any] = await TenantProfiles(store).every()
        assert [shop.code for shop in shops] == ["tea-house"]
    finally:
        await store.close()


async def test_nonsense_at_the_local_door_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = await stores.sqlite_store(path)
    bus = build_bus(store)
    tenant_id = TenantId(RandomIds().new())
    await bus.send(Scope(tenant_id, SYSTEM), CreateTenant("tea", "Tea", "GBP"))
    scope = {"tenant_id": str(tenant_id), "actor": {"kind": "system", "permissions": ["*"]}}
    wish = {"command": "MoveTenant", "fields": {"action": "provision"}}
    bad: list[Any] = [
        "nonsense",
        {},
        {"job": "no_such_job"},
        {"wishes": [wish]},
        {"scope": scope, "wishes": [{**wish, "command": "ChangeTenant"}]},
        {"scope": scope, "wishes": [{**wish, "fields": {"action": 1}}]},
        {"scope": scope, "wishes": [wish], "further": True},
    ]
    try:
        async with LocalDoor(socket_of(path.parent), bus, [MoveTenant]):
            os.chdir(tmp_path)
            reader, writer = await asyncio.open_unix_connection(socket_of(path.parent).name)
            for line in bad:
                writer.write(json.dumps(line).encode() + b"\n")
                assert json.loads(await reader.readline())["fault"]
            writer.write(json.dumps({"scope": scope, "wishes": [wish]}).encode() + b"\n")
            assert json.loads(await reader.readline())["fault"] == ""
            writer.close()
        shops = await TenantProfiles(store).every()
        assert [shop.state for shop in shops] == ["provisioning"]
    finally:
        os.chdir(ROOT)
        await store.close()
