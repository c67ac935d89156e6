"""Lanes in the house: on unless a setting says otherwise, with the settings' limits and figures."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests import stores
from tests.journeys.spine import Shop, open_shop
from tests.lanes.test_checkout import basket, ordered
from tests.web.conftest import WEB
from tradepost.ordering.commands import OpenCart
from tradepost.ordering.commands.answers import Placed
from tradepost.platform.db.errors import StoreBusy
from tradepost.platform.db.work import Store
from tradepost.platform.lanes import LaneLimits
from tradepost.platform.settings import load
from tradepost.wiring.house import House, build_house
from tradepost.wiring.installed import house_of, lane_limits

DEMO = {"TRADEPOST_PROFILE": "demo"}


def settings_of(**given: str) -> LaneLimits | None:
    """What the lanes are told by settings."""
    environ = {f"TRADEPOST_{name.upper()}": value for name, value in given.items()}
    return lane_limits(load(DEMO | environ, config=Path("there-is-no-such-file")).settings)


async def moved_in(store: Store, house: House) -> Shop:
    """A shop whose orders the house takes."""
    shop = await open_shop(store)
    await shop.article("lamp", stock=5)
    return replace(shop, bus=house.bus)


async def test_the_house_tells_what_its_lanes_do(store: Store) -> None:
    house = build_house(store, WEB, lanes=LaneLimits(queue_max=8))
    shop = await moved_in(store, house)
    await house.bus.send(shop.scope, OpenCart())  # what the shop has set is known from here on
    answers = await ordered(shop, *[basket(("lamp", 1))] * 10)
    assert len([one for one in answers if isinstance(one, Placed)]) == 5
    shown = house.metrics.text().decode()
    for line in (
        'tradepost_lane_batch_size_sum{command="PlaceOrder"} 8.0',
        'tradepost_lane_batch_size_count{command="PlaceOrder"} 1.0',
        'tradepost_lane_wait_seconds_count{command="PlaceOrder"} 1.0',
        'tradepost_lane_turned_away_total{command="PlaceOrder"} 2.0',
        'tradepost_lane_waiting{command="PlaceOrder"} 0.0',
    ):
        assert line in shown


async def test_a_house_that_closes_answers_whoever_waits() -> None:
    store = await stores.sqlite_store(None)
    house = build_house(store, WEB)
    shop = await moved_in(store, house)
    await house.bus.send(shop.scope, OpenCart())  # what the shop has set is known from here on
    orders = asyncio.create_task(ordered(shop, *[basket(("lamp", 1))] * 5))
    while b'lane_waiting{command="PlaceOrder"}' not in house.metrics.text():  # noqa: ASYNC110  they stand there
        await asyncio.sleep(0)
    await house.close()
    assert [type(one) for one in await orders] == [Placed] * 5
    with pytest.raises(StoreBusy):
        await house.bus.send(shop.scope, basket(("lamp", 1)), key="late-0000000001")


async def test_a_setting_turns_them_off() -> None:
    assert settings_of() == LaneLimits()
    told = settings_of(lane_queue_max="9", lane_wait_seconds_max="2", lane_batch_max="3")
    assert told == LaneLimits(queue_max=9, wait_s_max=2, batch_max=3)
    assert settings_of(lanes="false") is None
    store = await stores.sqlite_store(None)
    environ = DEMO | {"TRADEPOST_LANES": "false"}
    settings = load(environ, config=Path("there-is-no-such-file")).settings
    house = house_of(settings, store)
    assert house.bus.lane is None
    await house.close()
