"""A day at all doors of the demo's street at once; safe to repeat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tradepost.kernel.ids import VendorId
from tradepost.platform.bus import Bus
from tradepost.wiring.demo.corner import a_shift
from tradepost.wiring.demo.greens import a_morning
from tradepost.wiring.demo.harbour import invite, two_days
from tradepost.wiring.demo.lantern import an_evening
from tradepost.wiring.demo.plans import COUNTER, GROCER, MALL, RESTAURANT
from tradepost.wiring.demo.shops import Plan, Shop, open_shop, stock, take_on


async def nobody(shop: Shop) -> Mapping[str, VendorId]:
    """The shop sells for itself alone."""
    return {}


@dataclass(frozen=True, slots=True)
class Door:
    """A shop of the street, how it spends its day, and for whom it sells."""

    plan: Plan
    trade: Callable[[Shop], Awaitable[None]]
    vendors: Callable[[Shop], Awaitable[Mapping[str, VendorId]]] = nobody


STREET: Final = (
    Door(MALL, two_days, invite),
    Door(COUNTER, a_shift),
    Door(RESTAURANT, an_evening),
    Door(GROCER, a_morning),
)


async def a_day(bus: Bus) -> None:
    """Open every shop of the street, and let all of them trade at the same time."""
    await asyncio.gather(*(_spent(bus, door) for door in STREET))


async def _spent(bus: Bus, door: Door) -> None:
    shop = await open_shop(bus, door.plan)
    await take_on(bus, shop.scope)
    vendors = await door.vendors(shop)
    await door.trade(await stock(shop, door.plan, vendors))
