"""Both services as real processes: every step, and every way in which a step can go wrong.

Whatever happens on the way, portal and cell end in the same, right state, and each step was taken
once.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import pytest

from tests.chaos.proxy import Line, line_to
from tests.portal.both import ANSWER_S_MAX, OWNER, Json, Pair, made, person
from tradepost.kernel.ids import RandomIds, TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Reader, Store
from tradepost.tenancy.commands import CreateTenant
from tradepost.tenancy.queries import life_page
from tradepost.wiring.parts import build_bus


@pytest.fixture(params=["sqlite", "postgresql"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    return await _pair(request, tmp_path, request.param)


@pytest.fixture
async def plain(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    return await _pair(request, tmp_path, "sqlite")


async def _pair(request: pytest.FixtureRequest, folder: Path, kind: str) -> Pair:
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    return await made(folder, kind, url)


@pytest.fixture
async def line(plain: Pair) -> AsyncIterator[Line]:
    """A line between portal and cell that can break."""
    async with line_to(f"http://127.0.0.1:{plain.cell_port}") as between:
        plain.cell_seen_at = between.port
        yield between


async def lived(pair: Pair, told: Json) -> list[str]:
    """The steps that the cell has taken of a tenant's life."""
    if pair.cell_urls is None:
        store: Store = SqliteStore(pair.folder / "cell" / "store.sqlite", read_only=True)
    else:
        store = await PostgresStore.open(*pair.cell_urls[1:], pool_size_max=2)
    tenant_id = TenantId(UUID(told["tenant"]["id"]))
    try:

        async def look(db: Reader) -> list[str]:
            return [step.action for step in await life_page(db)]

        return await store.read(tenant_id, look)
    finally:
        await store.close()


async def until_lived(pair: Pair, told: Json, steps: list[str]) -> None:
    """Wait until the cell has taken these steps."""
    for _ in range(int(ANSWER_S_MAX * 20)):
        if await lived(pair, told) == steps:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(steps)


async def test_a_tenant_is_led_through_its_whole_life(pair: Pair) -> None:
    async with pair.cell(), pair.portal() as portal, person(portal.port) as ops:
        tenant = await ops.register("tea-house")
        assert (tenant["tenant"]["state"], tenant["actions"]) == ("draft", ["provision"])
        await ops.step(tenant, "provision", "signed")
        await ops.until(tenant, "active")
        for action, state in (
            ("suspend", "suspended"),
            ("reactivate", "active"),
            ("suspend", "suspended"),
            ("archive", "archived"),
        ):
            await ops.step(tenant, action, f"because of {action}")
            now = await ops.until(tenant, state)
        steps = ["provision", "activate", "suspend", "reactivate", "suspend", "archive"]
        assert [one["action"] for one in reversed(now["history"])] == steps
        assert [one["reason"] for one in now["history"]][:2] == [
            "because of archive",
            "because of suspend",
        ]
        assert {one["changed_by"] for one in now["history"]} == {"ops@example.com"}
        assert now["actions"] == []
        assert await lived(pair, tenant) == steps
        wrong = await ops.client.post(
            f"/api/v1/tenants/{tenant['tenant']['id']}/steps/reactivate",
            json={"version": now["tenant"]["version"]},
        )
        assert (wrong.status_code, wrong.json()["code"]) == (409, "kernel.wrong_state")


async def test_a_cell_that_is_down_is_asked_until_it_is_there(plain: Pair) -> None:
    async with plain.portal() as portal, person(portal.port) as ops:
        tenant = await ops.register("early")
        await ops.step(tenant, "provision")
        waiting = await ops.until(tenant, "provisioning", "unreachable")
        assert waiting["actions"] == ["withdraw"]
        async with plain.cell():
            await ops.until(tenant, "active")
            assert await lived(plain, tenant) == ["provision", "activate"]


async def test_what_is_open_when_the_portal_dies_is_taken_up_by_the_next(
    plain: Pair, line: Line
) -> None:
    async with plain.cell():
        async with plain.portal() as portal, person(portal.port) as ops:
            tenant = await ops.register("mid-way")
            line.answers.clear()  # the cell hears it, and its answer never arrives
            await ops.step(tenant, "provision")
            await until_lived(plain, tenant, ["provision", "activate"])
            assert (await ops.look(tenant))["tenant"]["state"] == "provisioning"
            await portal.end(signal.SIGKILL)
        line.heal()
        async with plain.portal() as portal, person(portal.port) as ops:
            await ops.until(tenant, "active")
    assert await lived(plain, tenant) == ["provision", "activate"]


async def test_lost_answers_are_asked_for_again_and_nothing_is_done_twice(
    plain: Pair, line: Line
) -> None:
    async with plain.cell(), plain.portal() as portal, person(portal.port) as ops:
        tenant = await ops.register("lossy")
        for action, word, state in (
            ("provision", b"PUT /provisioning", "active"),
            ("suspend", b"/moves", "suspended"),
            ("reactivate", b"/moves", "active"),
            ("archive", b"/moves", "archived"),
        ):
            line.breaks_after.append(word)
            before = line.broken
            await ops.step(tenant, action)
            await ops.until(tenant, state)
            assert line.broken == before + 1
        steps = ["provision", "activate", "suspend", "reactivate", "archive"]
        assert await lived(plain, tenant) == steps


async def test_taking_back_overtakes_a_provisioning_that_hangs(plain: Pair, line: Line) -> None:
    async with plain.cell(), plain.portal() as portal, person(portal.port) as ops:
        tenant = await ops.register("late")
        line.asks.clear()  # the request is under way, and does not arrive
        await ops.step(tenant, "provision")
        await asyncio.sleep(0.2)
        wished = await ops.step(tenant, "withdraw", "on second thoughts")
        assert wished["actions"] == []
        line.heal()  # now both arrive, in whichever order
        async with asyncio.timeout(ANSWER_S_MAX):
            while any(one["state"] == "open" for one in wished["calls"]):
                await asyncio.sleep(0.05)
                wished = await ops.look(tenant)
        took = await lived(plain, tenant)
        if wished["tenant"]["state"] == "draft":
            assert took in ([], ["provision", "withdraw"])
        else:
            assert wished["tenant"]["state"] == "active"
            assert took == ["provision", "activate"]
            assert wished["history"][0]["action"] == "activate"
        assert {one["state"] for one in wished["calls"]} <= {"dropped", "done", "failed"}


async def test_a_refused_provisioning_stays_until_it_is_retried_or_taken_back(plain: Pair) -> None:
    store = SqliteStore(plain.folder / "cell" / "store.sqlite")
    other = Scope(TenantId(RandomIds().new()), SYSTEM)
    await build_bus(store).send(other, CreateTenant("taken", "Other", "EUR", opened=True))
    await store.close()
    async with plain.cell(), plain.portal() as portal, person(portal.port) as ops:
        tenant = await ops.register("taken")
        await ops.step(tenant, "provision")
        failed = await ops.until(tenant, "provisioning", "tenancy.code_taken")
        assert failed["actions"] == ["retry", "withdraw"]
        await ops.step(tenant, "retry")
        again = await ops.until(tenant, "provisioning")
        assert [one["state"] for one in again["calls"]] == ["failed", "failed"]
        await ops.step(tenant, "withdraw")
        draft = await ops.until(tenant, "draft")
        row = draft["tenant"]
        names = "name default_currency owner_email owner_name cell type locale time_zone version"
        said = {name: row[name] for name in names.split()} | {"code": "free"}
        await ops.ask("PUT", f"/tenants/{row['id']}", said)
        await ops.step(tenant, "provision")
        await ops.until(tenant, "active")


async def test_a_portal_that_a_cell_does_not_trust_waits(plain: Pair) -> None:
    async with plain.portal(SERVICE_SECRET="z" * 40) as portal, person(portal.port) as ops:
        async with plain.cell():
            tenant = await ops.register("stranger")
            await ops.step(tenant, "provision")
            await ops.until(tenant, "provisioning", "not_trusted")
            assert await lived(plain, tenant) == []
        both = f"{'SERVICE':x<40},{'z' * 40}"  # the secret is turned over
        async with plain.cell(SERVICE_SECRET=both):
            await ops.until(tenant, "active")


async def test_owners_see_their_own_and_do_not_suspend(plain: Pair) -> None:
    async with plain.portal() as portal, person(portal.port) as ops:
        mine = await ops.register("mine")
        other = await ops.register("other", owner_email="bob@example.com")
        async with person(portal.port, OWNER) as ada:
            listed = await ada.ask("GET", "/tenants")
            assert [one["code"] for one in listed["items"]] == ["mine"]
            hidden = await ada.client.get(f"/api/v1/tenants/{other['tenant']['id']}")
            assert (hidden.status_code, hidden.json()["code"]) == (404, "kernel.unknown")
            for action, status in (("provision", 404), ("fly", 404)):
                said = {"version": 1}
                place = f"/api/v1/tenants/{other['tenant']['id']}/steps/{action}"
                assert (await ada.client.post(place, json=said)).status_code == status
            anothers = {
                "code": "third", "name": "Third", "default_currency": "EUR", "cell": "main",
                "owner_email": "bob@example.com", "owner_name": "Bob",
            }  # fmt: skip
            refused = await ada.client.post("/api/v1/tenants", json=anothers)
            assert (refused.status_code, refused.json()["code"]) == (403, "portal.operators_only")
            await ada.step(mine, "provision")
            stale = {"version": 1, "reason": ""}
            place = f"/api/v1/tenants/{mine['tenant']['id']}/steps/withdraw"
            told = await ada.client.post(place, json=stale)
            assert (told.status_code, told.json()["code"]) == (409, "kernel.stale")


async def test_a_database_is_looked_at_and_its_password_told_to_nobody(
    plain: Pair, postgres_url: str
) -> None:
    secret = "very-secret-word-4711"
    connection = await asyncpg.connect(postgres_url)
    user = f"brings_{plain.cell_port}"
    await connection.execute(f"CREATE ROLE {user} LOGIN CREATEROLE PASSWORD '{secret}'")
    await connection.execute(f"CREATE DATABASE {user} OWNER {user}")
    port = urlsplit(postgres_url).port
    said = {"host": "127.0.0.1", "port": port, "name": user, "user": user, "password": secret}
    anywhere = {"FOREIGN_ADDRESSES": "any", "FOREIGN_PORTS": str(port)}
    answers = []
    async with plain.portal() as portal, person(portal.port) as ops:
        tenant = await ops.register("bring-along")
        place = f"/tenants/{tenant['tenant']['id']}/database"
        for more, looks in (
            ({}, [("off", "invalid", ["unreachable"])]),
            (anywhere, [("require", "invalid", ["unreachable"]), ("off", "valid", [])]),
        ):
            async with plain.cell(**more):
                for tls, status, problems in looks:
                    await ops.ask("PUT", place, said | {"tls": tls})
                    now = await ops.until(tenant, "draft")
                    answers.append(now)
                    bad = [one["problem"] for one in now["database"]["checks"] if one["problem"]]
                    assert (now["database"]["status"], bad) == (status, problems)
        names = [one["name"] for one in now["database"]["checks"]]
        assert names == ["connectivity", "version", "rights", "schema"]
        page = await ops.client.get(f"/api/v1{place}")
        answers.append({"page": page.text})
    await connection.execute(f"DROP DATABASE {user}")
    await connection.execute(f"DROP ROLE {user}")
    await connection.close()
    kept = [path for path in plain.folder.rglob("*") if path.is_file()]
    assert any(path.name == "portal.sqlite" for path in kept)
    assert all(secret.encode() not in path.read_bytes() for path in kept)
    assert secret not in str(answers)
