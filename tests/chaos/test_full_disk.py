"""Disks that fill up: whoever writes is told so, reading goes on, nothing acknowledged is lost.

The small disk is a tmpfs in a mount namespace that ends with its server.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests import servers
from tests.chaos.house import Shoppers, opened
from tests.web.market import Market, key, open_market, order_of
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Store
from tradepost.wiring.doctor import LAWS, Visit, examine

MEGABYTES = 192
OWN = ["--mount", *([] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"])]


@pytest.fixture
def small() -> Iterator[tuple[servers.Running, Path]]:
    """A server on the small disk, and where we reach that disk from outside."""
    place = Path(tempfile.mkdtemp(prefix="tradepost-small-"))
    place.chmod(0o755)  # the server's account has to come in
    mount = f"mount -t tmpfs -o size={MEGABYTES}m,mode=755 tmpfs {place} && export TMPDIR={place}"
    keep = f"exec {sys.executable} -m tests.servers postgres"
    with subprocess.Popen(
        ["unshare", *OWN, "sh", "-c", f"{mount} && {keep}"],
        cwd=servers.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        url = keeper.stdout.readline().strip()
        assert url, "the server did not start on the small disk"
        yield servers.Running(url, keeper), Path(f"/proc/{keeper.pid}/root{place}/ballast")
        keeper.stdin.close()
    place.rmdir()


def fill(ballast: Path) -> None:
    """Leave no room on the disk of a file."""
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(65_536))
                file.flush()
        except OSError:
            pass
        os.ftruncate(file.fileno(), max(0, os.fstat(file.fileno()).st_size - 300_000))


@pytest.mark.acceptance
@pytest.mark.timeout(600)
async def test_a_small_disk_fills_up(small: tuple[servers.Running, Path], tmp_path: Path) -> None:
    server, ballast = small
    async with (
        opened("postgresql", tmp_path, server.url, {"mug": 100_000}) as house,
        house.serving() as serving,
    ):
        shoppers = Shoppers(house, [serving.port])
        statuses: list[int] = []
        acked: dict[str, str] = {}

        async def rush(first: int, count: int) -> None:
            for number in range(first, first + count):
                key = f"order-{number:06}-of-the-day"
                answer = await shoppers.once(key, "mug")
                statuses.append(answer.status if answer else 0)
                if answer and answer.status == 201:
                    acked[key] = answer.json["id"]

        await rush(0, 20)
        await asyncio.to_thread(fill, ballast)
        for turn in range(1, 30):
            await asyncio.gather(*(rush(turn * 10_000 + n * 100, 20) for n in range(8)))
            if statuses[-1] in {503, 507}:
                break
        told = {code: statuses.count(code) for code in sorted(set(statuses))}
        sys.stdout.write(f"full: {told}\n")
        assert set(statuses) <= {201, 503, 507} and told.keys() & {503, 507}
        await asyncio.to_thread(ballast.unlink)
        await asyncio.to_thread(server.restart)  # the log found no room: PostgreSQL has given up
        again = await shoppers.order("after-the-flood-0001", "mug")
        assert again is not None and again.status == 201
        for key, order_id in list(acked.items())[-50:]:
            answer = await shoppers.order(key, "mug")
            assert answer is not None and answer.json["id"] == order_id
        assert await house.broken_laws() == []


async def test_a_full_disk_is_told_and_passes(store: Store, request: pytest.FixtureRequest) -> None:
    """Orders are refused with 507 and Retry-After; reading goes on; the same key goes through."""
    market = await open_market(store)
    await market.shop.article("mug", "4.00", stock=500)
    async with market.shopper() as guest, disk(store, request) as (fill, clear):
        await fill()
        for _ in range(100):  # there may be some room left in the pages there are
            stays = key()
            told = await guest.post("/api/v1/checkout", json=order_of("mug"), headers=stays)
            if told.status_code != 201:
                break
        assert (told.status_code, told.json()["code"]) == (507, "platform.store_full")
        assert told.headers["retry-after"] == "60"
        assert (await guest.get("/api/v1/products")).status_code == 200
        assert (await guest.get("/health/ready")).status_code == 200
        await clear()
        placed = await guest.post("/api/v1/checkout", json=order_of("mug"), headers=stays)
        assert placed.status_code == 201, placed.text
    assert await broken(market) == []


@asynccontextmanager
async def disk(store: Store, request: pytest.FixtureRequest) -> AsyncIterator[tuple[Any, Any]]:
    """How to fill up the disk of a store, and how to make room."""
    if isinstance(store, SqliteStore):

        def room(connection: sqlite3.Connection, pages: int) -> None:
            used = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute("PRAGMA incremental_vacuum")
            connection.execute(f"PRAGMA max_page_count = {used + pages}")

        yield (
            lambda: store.run_script(lambda one: room(one, 0)),
            lambda: store.run_script(lambda one: room(one, 100_000)),
        )
        return
    owner, _, _ = request.getfixturevalue("postgres_schema")
    connection = await asyncpg.connect(owner)
    raised = "raise exception using errcode = '53100', message = 'no space left on device'"
    full = f"create function no_room() returns trigger language plpgsql as $$begin {raised}; end$$"
    on_orders = "create trigger no_room before insert on orders execute function no_room()"
    yield (
        lambda: connection.execute(f"{full}; {on_orders}"),
        lambda: connection.execute("drop function no_room cascade"),
    )
    await connection.close()


async def broken(market: Market) -> list[str]:
    """What the doctor finds."""
    visit = Visit(market.shop.scope.tenant_id, market.code)
    report = await examine(market.house.store, LAWS, [visit])
    return [f"{one.law} {one.keys}" for one in report.breaches if one.shop]
