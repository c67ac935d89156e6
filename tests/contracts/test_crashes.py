"""Whoever was told "done" can rely on it, and nothing is done twice: writers and servers killed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func

from tests import servers, stores
from tradepost.kernel.errors import Unavailable
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import OutcomeUnknown
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.idempotency import KeyRunning, idempotency_keys
from tradepost.platform.outbox import outbox
from tradepost.tenancy.commands import CreateStore
from tradepost.tenancy.storage import stores as stores_table
from tradepost.wiring.parts import build_bus

pytestmark = pytest.mark.acceptance

SEED = int(os.environ.get("TRADEPOST_TEST_SEED", str(random.randrange(10**6))))
KILLS = 20
RESTARTS = 3
WRITERS = 4
BACK_WITHIN_S = 10.0
_CODES = Statement(scoped(stores_table, stores_table.c.code))
_KEYS = Statement(scoped(idempotency_keys, func.count().label("n")))
_TOLD = Statement(scoped(outbox, outbox.c.stream_id).where(outbox.c.name == "store.created"))

WRITER = """
import asyncio, os, sys
from pathlib import Path
from uuid import UUID
from tests.contracts.test_crashes import write_on

path, tenant = Path(sys.argv[1]), UUID(sys.argv[2])
for line in sys.stdin:
    process = os.fork()
    if not process:
        asyncio.run(write_on(path, tenant, int(line)))
    os.write(1, b"pid %d\\n" % process)
    status = os.waitpid(process, 0)[1]
    os.write(1, b"ended %d\\n" % status)
"""


async def write_on(path: Path, tenant_id: TenantId, n: int) -> None:
    """Write for ever, from a number on, and say of each number that it is done."""
    bus = build_bus(SqliteStore(path))
    scope = Scope(TenantId(tenant_id), SYSTEM)
    while True:
        await bus.send(scope, CreateStore(f"s{n}", "A store"), key=f"k{n}")
        os.write(1, b"%d\n" % n)
        n += 1


async def check_once(bus: Bus, scope: Scope, acked: set[int]) -> int:
    """Each wish that was answered is there, and none is there twice; how many there are."""

    async def look(db: Reader) -> tuple[list[str], int, list[object]]:
        codes = [row[0] for row in await db.all(_CODES)]
        told = [row[0] for row in await db.all(_TOLD)]
        return codes, int(await db.value(_KEYS)), told

    codes, keys, told = await bus.store.read(scope.tenant_id, look)
    assert max(Counter(codes).values()) == 1
    assert {f"s{n}" for n in acked} <= set(codes), "what was answered is there"
    assert len(codes) == keys == len(told) == len(set(told)), "with its key and its fact"
    return len(codes)


def _killed_again_and_again(path: Path, scope: Scope, chance: random.Random) -> set[int]:
    """Start writers that go on where the last one's answers ended, and kill them; all answers."""
    acked: set[int] = set()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(scope.tenant_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=servers.ROOT,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for _ in range(KILLS):
            writer.stdin.write(f"{max(acked, default=-1) + 1}\n")
            writer.stdin.flush()
            process, wanted = 0, len(acked) + chance.randint(1, 25)
            for line in writer.stdout:
                word, _, number = line.strip().partition(" ")
                if word == "pid":
                    process = int(number)
                elif word == "ended":
                    assert int(number) == signal.SIGKILL, "the writer ended by itself"
                    break
                else:
                    acked.add(int(word))
                if process and len(acked) >= wanted:
                    time.sleep(chance.random() / 200)
                    os.kill(process, signal.SIGKILL)
                    wanted = 10**9
        writer.stdin.close()
    return acked


async def test_a_sqlite_writer_is_killed_twenty_times(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    sys.stdout.write(f"seed {SEED}\n")
    path = tmp_path / "store.sqlite"
    await (await stores.sqlite_store(path)).close()
    scope = Scope(TenantId(uuid4()), SYSTEM)
    acked = await asyncio.to_thread(_killed_again_and_again, path, scope, chance)
    store = SqliteStore(path)
    try:
        bus = build_bus(store)
        found = await check_once(bus, scope, acked)
        assert found - len(acked) <= 1, "at most the last one was done without an answer"
        assert acked == set(range(len(acked)))
    finally:
        await store.close()


class Shopper:
    """Wishes one after the other, each with its key until it is answered."""

    def __init__(self, bus: Bus, scope: Scope, first: int) -> None:
        self.acked: set[int] = set()
        self.answered = asyncio.Event()
        self.troubles: Counter[str] = Counter()
        self._bus = bus
        self._scope = scope
        self._next = first

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until told to stop."""
        while not stop.is_set():
            await self._until_answered(self._next)
            self.acked.add(self._next)
            self.answered.set()
            self._next += WRITERS

    async def answered_again(self) -> None:
        """Return when one more wish has been answered."""
        self.answered.clear()
        await self.answered.wait()

    async def _until_answered(self, n: int) -> None:
        wish = CreateStore(f"s{n}", "A store")
        while True:
            try:
                await self._bus.send(self._scope, wish, key=f"k{n}")
            except (Unavailable, KeyRunning, OutcomeUnknown) as error:
                self.troubles[type(error).__name__] += 1
                await asyncio.sleep(0.05)
            else:
                return


@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_a_postgresql_server_is_ended_at_once_again_and_again() -> None:
    chance = random.Random(SEED)
    sys.stdout.write(f"seed {SEED}\n")
    with servers.running("postgres") as server:
        _, app, relay = await stores.postgres_database(server.url)
        store = await PostgresStore.open(app, relay, pool_size_max=WRITERS)
        bus, scope = build_bus(store), Scope(TenantId(uuid4()), SYSTEM)
        shoppers = [Shopper(bus, scope, n) for n in range(WRITERS)]
        stop = asyncio.Event()
        running = [asyncio.create_task(shopper.run(stop)) for shopper in shoppers]
        for _ in range(RESTARTS):
            await asyncio.sleep(0.2 + chance.random() / 2)
            await asyncio.to_thread(server.restart)
            async with asyncio.timeout(BACK_WITHIN_S):
                await asyncio.gather(*(shopper.answered_again() for shopper in shoppers))
        stop.set()
        await asyncio.gather(*running)
        acked = set[int]().union(*(shopper.acked for shopper in shoppers))
        assert await check_once(bus, scope, acked) == len(acked), "all were answered in the end"
        assert min(len(shopper.acked) for shopper in shoppers) >= RESTARTS
        assert sum(shopper.troubles.total() for shopper in shoppers) > 0, "nothing was interrupted"
        await store.close()
