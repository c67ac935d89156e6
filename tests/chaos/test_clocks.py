"""Machines whose clocks are an hour off, and processes that are told to end."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.chaos.asking import ask, request
from tests.chaos.house import Shoppers, opened
from tests.journeys.spine import code_of, open_shop
from tests.web.conftest import WEB
from tests.web.market import client_of, key, order_of
from tradepost.apps.public_api.app import create_app as public_app
from tradepost.kernel.clock import SystemClock
from tradepost.platform.db.clock import StoreClock
from tradepost.platform.db.work import Store
from tradepost.wiring.doctor import LAWS, Visit, examine
from tradepost.wiring.house import House, build_house
from tradepost.wiring.worker import build_worker

HOUR = timedelta(hours=1)


class Wrong:
    """A machine's clock that is off."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return SystemClock().now() + self._by


async def house_with(store: Store, by: timedelta) -> House:
    """A house on a machine whose clock is off, as a process opens it."""
    clock = StoreClock(store, Wrong(by))
    await clock.sync()
    return build_house(store, WEB, clock=clock)


@pytest.mark.parametrize("lone_store", ["postgresql"], indirect=True)
async def test_clocks_an_hour_off(lone_store: Store) -> None:
    """All go by the store's time; readiness tells which machine is wrong; the laws hold."""
    shop = await open_shop(lone_store)
    await shop.article("mug", "4.00", stock=6)
    code = code_of(shop.scope.tenant_id)
    houses = [await house_with(lone_store, by) for by in (-HOUR, timedelta(), HOUR)]
    for house, ready in zip(houses, (503, 200, 503), strict=True):
        off = abs(house.bus.clock.now() - SystemClock().now())
        assert off < timedelta(seconds=2)
        async with client_of(public_app(house), {"x-tenant": code}) as guest:
            assert (await guest.get("/health/ready")).status_code == ready
            assert (await guest.get("/health/live")).status_code == 200
            told = await guest.post("/api/v1/checkout", json=order_of("mug"), headers=key())
            assert told.status_code == 201, told.text
    ahead, right = build_worker(houses[2].bus), build_worker(houses[1].bus)
    await ahead.settle()
    await right.settle()  # what the other held is free, and not for an hour
    report = await examine(lone_store, LAWS, [Visit(shop.scope.tenant_id, code)])
    assert [one.law for one in report.breaches] == []


async def test_a_process_that_is_told_to_end(tmp_path: Path) -> None:
    """Not ready at once, and still there for its balancer; then it ends with nobody cut off."""
    async with (
        opened("sqlite", tmp_path, None, {"mug": 9}) as house,
        house.serving(LEAVE_SECONDS_MIN="1") as server,
    ):
        shoppers = Shoppers(house, [server.port])
        assert (await shoppers.once("before-the-end-01", "mug")) is not None
        ending = asyncio.create_task(server.end(signal.SIGTERM))
        await asyncio.sleep(0.3)
        ready = await ask(server.port, "GET", "/health/ready")
        assert ready is not None and ready.status == 503
        assert ready.json["checks"]["process"] == "draining"
        late = await shoppers.once("while-it-leaves-1", "mug")
        assert late is not None and late.status == 201
        assert await ending == 0


@pytest.mark.acceptance
async def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    async with (
        opened("sqlite", tmp_path, None, {"mug": 9}) as house,
        house.serving(DRAIN_SECONDS_MAX="60") as server,
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        headers = {"idempotency-key": uuid4().hex, "x-tenant": house.code}
        whole = request("POST", "/api/v1/checkout", order_of("mug"), headers)
        writer.write(whole[:-10])  # the rest never comes
        await writer.drain()
        await asyncio.sleep(0.3)
        os.kill(server.pid, signal.SIGTERM)  # nobody waits for its end yet: only one may
        await asyncio.sleep(0.3)
        assert server.died is None
        assert await server.end(signal.SIGTERM) == 1
        writer.close()
    assert await house.broken_laws() == []
