"""Orders over HTTP while the database is ended at once, and the one writer killed, twenty times.

Everybody comes back with their key. What was told to be placed is there in the end, once; nothing
is sold that was not there; and nobody waits long for the first answer.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func

from tests import servers
from tests.chaos.history import History, Kind, counter_faults, set_faults, taken
from tests.chaos.house import House, Server, Shoppers, opened
from tests.chaos.test_killed import SEED
from tradepost.ordering.storage.orders import order_lines, orders
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.idempotency import idempotency_keys

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(900)]
FAULTS = 20
SHOPPERS = 8
STOCK = {"mug": 100_000, "lamp": 300}
WRITES_AGAIN_S_MAX = 10.0
_k = idempotency_keys.c
_ANSWERS = Statement(scoped(idempotency_keys, _k.key, _k.answer).where(_k.route == param("route")))
_ORDERS = Statement(scoped(orders, func.count().label("n")))
_SOLD = Statement(
    scoped(order_lines, order_lines.c.sku, func.sum(order_lines.c.quantity).label("n")).group_by(
        order_lines.c.sku
    )
)


@dataclass
class Rush:
    """Shoppers who go on ordering, what they saw, and how long each fault kept them waiting."""

    shoppers: Shoppers
    chance: random.Random
    history: History = field(default_factory=History)
    waited_s: list[float] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def shop(self, process: int) -> None:
        """One shopper's day."""
        number = 0
        while not self.stop.is_set():
            number += 1
            key = f"shopper-{process:02}-order-{number:05}"
            sku, units = self.chance.choice([("mug", 2), ("lamp", 1)])
            self.history.note(Kind.INVOKE, process, key, sku, units)
            answer = await self.shoppers.order(key, sku, units, until=time.monotonic() + 60)
            kind = {0: Kind.INFO, 201: Kind.OK, 409: Kind.FAIL}[answer.status if answer else 0]
            self.history.note(kind, process, key, sku, units)

    async def healed(self) -> None:
        """Wait for the first order after now, and note how long that took."""
        at_s = time.monotonic()
        async with asyncio.timeout(60):
            while (took := self.history.first_ok_after(at_s)) is None:  # noqa: ASYNC110  a history
                await asyncio.sleep(0.01)
        self.waited_s.append(took)


async def final(house: House) -> tuple[list[str], int, dict[str, int]]:
    """The keys whose order was placed, how many orders there are, and what they sold."""
    store = await house.store()

    async def look(db: Reader) -> tuple[list[str], int, dict[str, int]]:
        answers = await db.all(_ANSWERS, route="PlaceOrder")
        placed = [key for key, answer in answers if '"refusal"' not in answer]
        return placed, int(await db.value(_ORDERS)), {s: int(n) for s, n in await db.all(_SOLD)}

    found = await store.read(house.shop.scope.tenant_id, look)
    await store.close()
    return found


async def judged(house: House, rush: Rush, faults: int) -> None:
    """Hold what was seen against what is there."""
    keys, count, sold = await final(house)
    assert set_faults(rush.history, keys) == []
    assert counter_faults(rush.history, STOCK, sold) == []
    assert count == len(keys) == len(set(keys))
    assert await house.broken_laws() == []
    seen = taken(rush.history)
    told = {
        "seed": SEED,
        "faults": faults,
        "orders": count,
        "tries again": rush.shoppers.troubles,
        "sold": {sku: (one.low, one.high) for sku, one in seen.items()},
        "first answer s": f"{sorted(rush.waited_s)[len(rush.waited_s) // 2]:.2f}"
        f", at most {max(rush.waited_s):.2f}",
    }
    sys.stdout.write(f"{house.kind}: {told}: none missing, none twice\n")


async def rushed(
    house: House, ports: list[int], fault: Callable[[Rush], AsyncIterator[None]]
) -> Rush:
    """Let shoppers order while faults happen."""
    rush = Rush(Shoppers(house, ports), random.Random(SEED))
    days = [asyncio.create_task(rush.shop(number)) for number in range(SHOPPERS)]
    async for _ in fault(rush):
        await asyncio.sleep(rush.chance.random() / 2)
    rush.stop.set()
    await asyncio.gather(*days)
    return rush


async def test_postgresql_is_ended_at_once_twenty_times(tmp_path: Path) -> None:
    with servers.running("postgres") as database:
        async with (
            opened("postgresql", tmp_path, database.url, STOCK) as house,
            house.serving() as first,
            house.serving() as second,
        ):

            async def ended(rush: Rush) -> AsyncIterator[None]:
                for _ in range(FAULTS):
                    await asyncio.to_thread(database.restart)
                    await rush.healed()
                    yield

            rush = await rushed(house, [first.port, second.port], ended)
            await judged(house, rush, FAULTS)
            assert max(rush.waited_s) < WRITES_AGAIN_S_MAX


async def test_the_writer_of_a_file_is_killed_twenty_times(tmp_path: Path) -> None:
    async with opened("sqlite", tmp_path, None, STOCK) as house:
        server = await Server(house.environ()).ready()
        ports = [server.port]

        async def killed(rush: Rush) -> AsyncIterator[None]:
            nonlocal server
            for _ in range(FAULTS):
                assert await server.end(signal.SIGKILL) == -signal.SIGKILL
                server = Server(house.environ(PUBLIC_PORT=str(ports[0])))
                await server.ready()
                await rush.healed()
                rush.waited_s[-1] = time.monotonic() - server.began
                yield

        try:
            rush = await rushed(house, ports, killed)
        finally:
            await server.end(signal.SIGKILL)
        await judged(house, rush, FAULTS)
        sys.stdout.write(f"from start to first order at most {max(rush.waited_s):.2f} s\n")
