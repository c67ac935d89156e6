"""A restaurant for tests: a shop with a unit, tables, stations and a menu."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.journeys.spine import Shop, open_shop
from tradepost.floor.commands.checks import PayCheck, SplitTab
from tradepost.floor.commands.plan import AddArea, AddStation, AddTable, OpenUnit
from tradepost.floor.commands.rounds import DraftRound
from tradepost.floor.commands.tabs import OpenTab
from tradepost.floor.domain.bill import REST, Split
from tradepost.floor.domain.check import TenderMethod
from tradepost.floor.domain.rounds import WantedArticle, WantedDish
from tradepost.floor.queries.kitchen import TicketView, station_tickets
from tradepost.floor.queries.plan import FloorView, floor_page
from tradepost.floor.queries.tabs import tab_page
from tradepost.floor.queries.views import TabView
from tradepost.kernel.ids import FloorTableId, ProductId, StationId, TabId, UnitId, VariantId
from tradepost.kernel.messages import Command
from tradepost.platform.db.work import Store

PRICES = {"soup": "4.50", "steak": "21.90", "beer": "3.80", "sauce": "1.25"}


@dataclass
class House:
    """A restaurant that serves."""

    shop: Shop
    unit_id: UnitId
    tables: list[FloorTableId]
    kitchen: StationId
    bar: StationId
    menu: dict[str, VariantId] = field(default_factory=dict)

    async def send(self, command: Command, key: str | None = None) -> Any:
        return await self.shop.bus.send(self.shop.scope, command, key=key)

    async def tab(self, tab_id: TabId) -> TabView:
        return await self.shop.bus.ask(self.shop.scope, tab_page, tab_id)

    async def floor(self) -> FloorView:
        return await self.shop.bus.ask(self.shop.scope, floor_page, self.unit_id)

    async def tickets(self, station: StationId) -> list[TicketView]:
        return await self.shop.bus.ask(self.shop.scope, station_tickets, station, None, None, 100)

    async def seated(self, place: int = 0, guests: int = 2) -> TabId:
        """Guests at a table."""
        made = await self.send(OpenTab(self.unit_id, self.tables[place], guests=guests))
        tab_id: TabId = made.tab_id
        return tab_id

    async def round(self, tab_id: TabId, *dishes: WantedDish) -> Any:
        """A round that is sent at once."""
        return await self.send(DraftRound(tab_id, dishes, send=True))

    async def checks(self, tab_id: TabId, how: Split = REST) -> list[Any]:
        made = await self.send(SplitTab(tab_id, how))
        return list(made.checks)

    async def pay(self, tab_id: TabId, check: Any, amount: int | None = None, tip: int = 0) -> Any:
        wish = PayCheck(tab_id, check.check_id, TenderMethod.CARD_TERMINAL, amount, tip)
        return await self.send(wish)


def dish(sku: str, quantity: int = 1, *extras: str, course: int = 1, note: str = "") -> WantedDish:
    """A dish with what goes with it."""
    chosen = tuple(WantedArticle(1, one) for one in extras)
    return WantedDish(WantedArticle(quantity, sku), chosen, course, note)


async def open_house(store: Store, stock: int = 100, **settings: Any) -> House:
    """A restaurant with four tables, a kitchen and a bar."""
    shop = await open_shop(store, **settings)
    unit_id = await shop.bus.send(shop.scope, OpenUnit(shop.location_id, "bistro", "Bistro"))
    area = await shop.bus.send(shop.scope, AddArea(unit_id, "Terrace"))
    tables = [
        await shop.bus.send(shop.scope, AddTable(unit_id, area, str(n), 4)) for n in range(1, 5)
    ]
    menu = {sku: await shop.article(sku, price, stock) for sku, price in PRICES.items()}
    beer = await product_of(shop, menu["beer"])
    bar = await shop.bus.send(shop.scope, AddStation(unit_id, "Bar", (beer,)))
    view = await shop.bus.ask(shop.scope, floor_page, unit_id)
    return House(shop, unit_id, tables, StationId(view.stations[0].id), bar, menu)


async def product_of(shop: Shop, variant_id: VariantId) -> ProductId:
    """The product of a variant."""
    from tradepost.catalog.storage import Articles

    async def look(db: Any) -> ProductId:
        return (await Articles(db).by_ids([variant_id]))[variant_id].product_id

    return await shop.bus.ask(shop.scope, look)
