"""The last units over HTTP, at processes as anybody serves them: exact, fast, and all of it back.

Two processes and a worker on PostgreSQL, one process on SQLite.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from bench.houses import UNITS, Houses, opened
from bench.http import rush
from bench.line import Line, connected
from bench.shoppers import CHOICES, request

from tradepost.inventory.queries import availability
from tradepost.inventory.storage.reservations import first_end
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Store
from tradepost.platform.relay.figures import relay_figures

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]
SEED = int(os.environ.get("TRADEPOST_TEST_SEED") or random.SystemRandom().randrange(2**32))
RUSHES = 10
SCARCE = 6
SHOPPERS = 80
HOLD_S = 60
BACK_S_MAX = 5.0


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_two_hundred_come_for_fifty_ten_times(kind: str) -> None:
    with opened(kind, 2, flashes=RUSHES + 1) as houses:
        houses.hire()
        rush(houses, houses.flashes[0])  # plans are made
        told = [rush(houses, sku) for sku in houses.flashes[1:]]
        sys.stdout.write(f"{kind}: {told}\n")
        assert all(one["exact"] for one in told), told
        assert houses.doctor() == ""


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_what_half_of_the_shoppers_leave_behind_is_on_the_shelf_again(kind: str) -> None:
    sys.stdout.write(f"TRADEPOST_TEST_SEED={SEED}\n")
    with opened(kind, 2, flashes=SCARCE, hold_starts="cart", hold_minutes=1) as houses:
        houses.hire()
        asyncio.run(_come_and_go(houses, random.Random(SEED)))
        assert houses.doctor() == ""


async def _come_and_go(houses: Houses, chance: random.Random) -> None:
    """All at once: some orders are placed, some carts are left, and the rest comes back."""
    plans = [_wanted(houses, chance) for _ in range(SHOPPERS)]
    stays = [n % 2 == 0 for n in range(SHOPPERS)]
    lines = [await connected(houses.ports[n % len(houses.ports)]) for n in range(SHOPPERS)]
    trips = [_trip(houses, n, lines[n], plans[n], stays[n]) for n in range(SHOPPERS)]
    sold: dict[str, int] = dict.fromkeys(houses.flashes, 0)
    placed = 0
    for bought in await asyncio.gather(*trips):
        placed += bool(bought)
        for sku, quantity in bought.items():
            sold[sku] += quantity
    for line in lines:
        line.close()
    assert placed > SHOPPERS // 8, "some were served"
    assert all(count <= UNITS for count in sold.values()), sold
    store = await _store(houses)
    try:
        await _granted(store)
        shelf = [UNITS - sold[sku] for sku in houses.flashes]
        assert await _free(store, houses) != shelf, "carts that were left hold goods"
        await _back(store, houses, shelf)
    finally:
        await store.close()


def _wanted(houses: Houses, chance: random.Random) -> list[tuple[str, int]]:
    articles = chance.sample(houses.flashes, chance.randint(2, 3))
    return [(sku, chance.randint(1, 3)) for sku in articles]


async def _trip(
    houses: Houses, n: int, line: Line, wanted: list[tuple[str, int]], stays: bool
) -> dict[str, int]:
    """Fill a cart; leave it, or order it: what was bought."""
    cart = json.loads(await _asked(line, houses, n, "POST", "/api/v1/carts", None, {201}))
    place, token = f"/api/v1/carts/{cart['id']}", f"x-cart-token: {cart['token']}\r\n"
    for sku, quantity in wanted:
        body = {"sku": sku, "quantity": quantity}
        await _asked(line, houses, n, "POST", f"{place}/lines", body, {200}, token)
    if not stays:
        return {}
    await _asked(line, houses, n, "PUT", f"{place}/choices", CHOICES, {200}, token)
    key = f"{token}idempotency-key: trip-of-shopper-{n:06}\r\n"
    order = await _asked(line, houses, n, "POST", f"{place}/checkout", {}, {201, 409}, key)
    if "ordering.sold_out" in order.decode():
        return {}
    assert json.loads(order).get("number"), order
    return dict(wanted)


async def _asked(
    line: Line,
    houses: Houses,
    n: int,
    method: str,
    path: str,
    body: Any,
    expected: set[int],
    more: str = "",
) -> bytes:
    status, answer = await line.ask(request(method, path, houses.code, n, body, more))
    assert status in expected, (status, answer)
    return answer


async def _store(houses: Houses) -> Store:
    """The store beside those who serve it."""
    if houses.urls is None:
        return SqliteStore(houses.folder / "store.sqlite", read_only=True)
    return await PostgresStore.open(*houses.urls[1:])


async def _granted(store: Store) -> None:
    """Wait until the worker has granted what was asked for."""
    async with asyncio.timeout(HOLD_S / 2):
        while True:
            now = await store.relay_read(relay_figures)
            if not now.outbox_depth and not any(now.lag.values()):
                return
            await asyncio.sleep(0.2)


async def _free(store: Store, houses: Houses) -> list[int]:
    assert houses.tenant_id is not None
    found = await store.read(houses.tenant_id, lambda db: availability(db, houses.scarce))
    free = {one.variant_id: one.available for one in found}
    return [free[variant_id] for variant_id in houses.scarce]


async def _back(store: Store, houses: Houses, shelf: list[int]) -> None:
    """Wait for the last hold's end; then everything has to be back."""
    assert houses.tenant_id is not None
    last, until = datetime.now(UTC), time.monotonic() + HOLD_S * 2
    while (free := await _free(store, houses)) != shelf:
        assert time.monotonic() < until, (free, shelf)
        end = await store.read(houses.tenant_id, first_end)
        last = end or last
        await asyncio.sleep(0.25)
    late_s = (datetime.now(UTC) - last).total_seconds()
    sys.stdout.write(f"{houses.kind}: all back {late_s:.1f} s after the last hold's end\n")
    assert late_s <= BACK_S_MAX
