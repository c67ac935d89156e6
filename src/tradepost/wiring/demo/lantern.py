"""An evening at the restaurant: four tables, each in its own way, one still eating."""

from __future__ import annotations

from typing import Any

from tradepost.floor.commands.checks import PayCheck, SplitTab
from tradepost.floor.commands.cooking import MoveDishes
from tradepost.floor.commands.plan import AddArea, AddStation, AddTable, OpenUnit
from tradepost.floor.commands.rounds import DraftRound
from tradepost.floor.commands.tabs import MoveTab, OpenTab
from tradepost.floor.domain.bill import REST, Split
from tradepost.floor.domain.check import TenderMethod
from tradepost.floor.domain.rounds import WantedArticle, WantedDish
from tradepost.floor.queries.kitchen import station_tickets
from tradepost.floor.queries.plan import floor_page
from tradepost.kernel.ids import FloorTableId, KitchenTicketId, StationId, TabId, UnitId
from tradepost.wiring.demo.shops import Shop

TABLES = ("1", "2", "3", "4", "窓 Window", "座敷 Tatami")
TICKETS_MAX = 100


class Evening:
    """What waiters and the kitchen do; every step happens once."""

    def __init__(self, shop: Shop, unit_id: UnitId, tables: list[FloorTableId]) -> None:
        self._shop = shop
        self._unit_id = unit_id
        self._tables = tables

    async def seat(self, name: str, place: int, guests: int) -> TabId:
        """Guests at a table."""
        wish = OpenTab(self._unit_id, self._tables[place], guests=guests)
        made = await self._shop.once(f"tab/{name}", wish)
        tab_id: TabId = made.tab_id
        return tab_id

    async def order(
        self, name: str, tab_id: TabId, dishes: dict[str, int], *, send: bool = True
    ) -> None:
        """A round for the kitchen."""
        lines = tuple(WantedDish(WantedArticle(units, sku)) for sku, units in dishes.items())
        await self._shop.once(f"round/{name}", DraftRound(tab_id, lines, send=send))

    async def pay(self, name: str, tab_id: TabId, how: Split, *tips: int) -> None:
        """The tab in so many parts, each with its tip, the last of them in cash."""
        made = await self._shop.once(f"split/{name}", SplitTab(tab_id, how))
        for place, (check, tip) in enumerate(zip(made.checks, tips, strict=True)):
            last = place == len(tips) - 1
            method = TenderMethod.CASH if last else TenderMethod.CARD_TERMINAL
            wish = PayCheck(tab_id, check.check_id, method, tip=tip)
            await self._shop.once(f"pay/{name}/{place}", wish)

    async def move(self, name: str, tab_id: TabId, place: int) -> None:
        """The guests would rather sit elsewhere."""
        await self._shop.once(f"move/{name}", MoveTab(tab_id, self._tables[place]))


async def an_evening(shop: Shop) -> None:
    """Open the floor, and serve."""
    unit_id, tables = await _floor(shop)
    evening = Evening(shop, unit_id, tables)
    two = await evening.seat("two", 0, 2)
    await evening.order("two/1", two, {"TEA-HOT": 2, "SOBA": 1, "TEMPURA": 1})
    four = await evening.seat("four", 1, 4)
    await evening.order("four/1", four, {"BEER": 4, "GYOZA": 2, "TOFU": 1})
    await evening.move("four", four, 5)
    await evening.order("four/2", four, {"DONBURI": 3, "SOBA": 1, "SAKE-300": 2})
    await _cook(shop, unit_id, {two, four})
    await evening.pay("two", two, REST, 150)
    await evening.pay("four", four, Split(shares=(1, 1, 2)), 0, 100, 0)
    late = await evening.seat("late", 4, 3)
    await evening.order("late/1", late, {"BEER": 2, "TEMPURA": 2, "GYOZA": 1})
    await evening.order("late/2", late, {"MATCHA": 3}, send=False)


async def _floor(shop: Shop) -> tuple[UnitId, list[FloorTableId]]:
    opened = OpenUnit(shop.location_id, "lantern", "提灯 The Lantern")
    unit_id = await shop.once("unit", opened)
    area_id = await shop.once("area", AddArea(unit_id, "店内 Inside"))
    tables = [
        await shop.once(f"table/{place}", AddTable(unit_id, area_id, name, 4))
        for place, name in enumerate(TABLES)
    ]
    await shop.once("station", AddStation(unit_id, "酒 Bar"))
    return unit_id, tables


async def _cook(shop: Shop, unit_id: UnitId, tabs: set[TabId]) -> None:
    """Everything that these tabs have sent is made and served."""
    floor: Any = await shop.bus.ask(shop.scope, floor_page, unit_id)
    for station in floor.stations:
        where = StationId(station.id)
        tickets = await shop.bus.ask(shop.scope, station_tickets, where, None, None, TICKETS_MAX)
        for ticket in (one for one in tickets if one.tab_id in tabs):
            for action in ("start", "bump", "serve"):
                wish = MoveDishes(KitchenTicketId(ticket.id), action)
                await shop.once(f"cook/{ticket.id}/{action}", wish)
