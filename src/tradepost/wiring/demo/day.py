"""A day at all doors of the demo's street at once; safe to repeat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from tradepost.platform.bus import Bus
from tradepost.wiring.demo.lantern import an_evening
from tradepost.wiring.demo.plans import RESTAURANT
from tradepost.wiring.demo.shops import Plan, Shop, open_shop, stock, take_on

DAYS: Final[tuple[tuple[Plan, Callable[[Shop], Awaitable[None]]], ...]] = (
    (RESTAURANT, an_evening),
)
"""The shops of the street, and how each spends its day."""


async def a_day(bus: Bus) -> None:
    """Open every shop of the street, and let all of them trade at the same time."""
    await asyncio.gather(*(_one(bus, plan, day) for plan, day in DAYS))


async def _one(bus: Bus, plan: Plan, day: Callable[[Shop], Awaitable[None]]) -> None:
    shop = await open_shop(bus, plan)
    await take_on(bus, shop.scope)
    await day(await stock(shop, plan, {}))
