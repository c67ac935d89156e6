"""One stock: web, counter, table and delivery compete for the last units; none is sold twice."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tradepost.counter.commands.baskets import RungLine
from tradepost.counter.commands.checkout import CompleteSale
from tradepost.counter.commands.registers import CreateRegister
from tradepost.counter.commands.shifts import OpenShift
from tradepost.counter.domain.tender import Given
from tradepost.delivery.commands.zones import MakeZone, OpenSlots
from tradepost.delivery.domain.slot import Window
from tradepost.delivery.domain.zone import ZoneTerms
from tradepost.delivery.queries.zones import slot_rows
from tradepost.floor.commands.plan import AddArea, AddTable, OpenUnit
from tradepost.floor.commands.rounds import DraftRound
from tradepost.floor.commands.tabs import OpenTab
from tradepost.floor.domain.rounds import WantedArticle, WantedDish
from tradepost.inventory.queries import on_hand_of
from tradepost.kernel.errors import Refusal, Unavailable
from tradepost.kernel.ids import RegisterId, SaleId, SlotId, TabId, VariantId
from tradepost.kernel.messages import Command
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address, Delivery, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.platform.db.work import Store
from tradepost.wiring.doctor import LAWS, Visit, examine

UNITS, BUYERS, AT_ONCE, TRIES = 30, 300, 12, 5
SEED = int(os.environ.get("TRADEPOST_TEST_SEED") or random.SystemRandom().randrange(2**32))
NEAR = Address("GB", name="A. Shopper", line1="1 High Street", city="Leeds", postcode="LS1 4AP")
Buy = Callable[[], Awaitable[object]]


@dataclass
class Street:
    """One shop with all its doors open, and one article they all sell."""

    shop: Shop
    sake: VariantId
    register_id: RegisterId
    tab_id: TabId
    slot_id: SlotId

    async def web(self) -> None:
        basket = Basket(lines=(Wanted(1, sku="sake"),), ship_to=HOME)
        await self.shop.bus.send(self.shop.scope, PlaceOrder(basket))

    async def around_the_corner(self) -> None:
        basket = Basket(
            lines=(Wanted(1, sku="sake"),),
            ship_to=NEAR,
            delivery=Delivery.LOCAL,
            payment_method="cod",
            slot_id=self.slot_id,
        )
        await self.shop.bus.send(self.shop.scope, PlaceOrder(basket))

    async def counter(self) -> None:
        lines, cash = (RungLine(1, sku="sake"),), (Given("cash", 2000),)
        sale = CompleteSale(SaleId(uuid4()), self.register_id, lines, cash)
        await self.shop.bus.send(self.shop.scope, sale)

    async def table(self) -> None:
        dish = WantedDish(WantedArticle(1, "sake"))
        await self.shop.bus.send(self.shop.scope, DraftRound(self.tab_id, (dish,), send=True))


async def _street(store: Store) -> Street:
    shop = await open_shop(store)
    sake = await shop.article("sake", "13.00", stock=UNITS)

    async def made(command: Command) -> Any:
        return await shop.bus.send(shop.scope, command)

    register_id = await made(CreateRegister(shop.location_id, "till", "Till"))
    await made(OpenShift(register_id, 100_000))
    unit_id = await made(OpenUnit(shop.location_id, "bar", "Bar"))
    area_id = await made(AddArea(unit_id, "Inside"))
    table_id = await made(AddTable(unit_id, area_id, "1", 4))
    tab = await made(OpenTab(unit_id, table_id))
    zone_id = await made(MakeZone(ZoneTerms(shop.location_id, "Near", "GB", ("LS1",))))
    day = datetime.now(UTC).date() + timedelta(1)
    await made(OpenSlots(zone_id, day, day, (Window(time(10), time(12)),), BUYERS))
    (slot,) = await shop.bus.ask(shop.scope, slot_rows, zone_id, None, 9)
    return Street(shop, sake, register_id, tab.tab_id, SlotId(slot.id))


async def _patiently(way: Buy) -> None:
    """As people do who are told to come back: one table, one till and one slot for all of them."""
    for _ in range(TRIES - 1):
        with suppress(Unavailable):
            await way()
            return
    await way()


async def test_doors_that_compete_sell_what_is_there_and_no_more(lone_store: Store) -> None:
    street = await _street(lone_store)
    ways: list[Buy] = [street.web, street.counter, street.table, street.around_the_corner]
    buyers = [ways[place % len(ways)] for place in range(BUYERS)]
    random.Random(SEED).shuffle(buyers)
    gate, sold, told = asyncio.Semaphore(AT_ONCE), Counter[str](), Counter[str]()

    async def buy(way: Buy) -> None:
        async with gate:
            try:
                await _patiently(way)
            except Refusal as refusal:
                told[refusal.code] += 1
            else:
                sold[getattr(way, "__name__", "")] += 1

    await asyncio.gather(*map(buy, buyers))
    assert sold.total() == UNITS, f"seed {SEED}: {sold} {told}"
    assert set(told) == {"ordering.sold_out"}, f"seed {SEED}: {told}"
    shop = street.shop
    totals = await shop.bus.ask(shop.scope, on_hand_of, [street.sake])
    assert totals[street.sake].available == 0
    report = await examine(lone_store, LAWS, [Visit(shop.scope.tenant_id, "street")])
    assert report.breaches == [], f"seed {SEED}"
