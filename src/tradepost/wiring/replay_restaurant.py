"""Books a restaurant's sittings as tabs, by the commands that a waiter's requests take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from tradepost.catalog.commands import CreateCategory, CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.floor.commands.checks import PayTab
from tradepost.floor.commands.cooking import ServeTab
from tradepost.floor.commands.plan import AddArea, AddStation, OpenUnit
from tradepost.floor.commands.rounds import DraftRound
from tradepost.floor.commands.tabs import CloseTab, OpenTab
from tradepost.floor.domain.check import TenderMethod
from tradepost.floor.domain.rounds import WantedArticle, WantedDish
from tradepost.kernel.clock import EPOCH
from tradepost.kernel.ids import CategoryId, LocationId, OrderId, RoundId, TabId, TenantId, UnitId
from tradepost.kernel.messages import SYSTEM, Actor, Command, Scope
from tradepost.platform.bus import Bus, Wish
from tradepost.platform.idempotency import keys_known
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant
from tradepost.transfer import errors
from tradepost.transfer.restaurant.menu import MenuItem, menu_items
from tradepost.transfer.restaurant.replay import Replay
from tradepost.transfer.restaurant.report import Report
from tradepost.transfer.restaurant.sittings import TIME_ZONE, Sitting, sittings
from tradepost.transfer.retail.source import TextFile
from tradepost.wiring.replay import named_id
from tradepost.wiring.replay_restaurant_report import restaurant_report
from tradepost.wiring.replay_run import Watch

CURRENCY = "USD"
ORDERS_FILE, MENU_FILE = "restaurant_order_details.csv", "restaurant_menu_items.csv"
SETTINGS = {
    "charges_tax": False,
    "lines_per_order_max": 1000,
    "payment_methods": ["cash", "card_terminal"],
}
WAITER = Actor(
    "import",
    permissions=frozenset({"tabs.write", "kitchen.work", "catalog.write", "floor.write"}),
    origin="replay",
)


def key_of(name: str) -> str:
    """The idempotency key of something this replay books."""
    return f"restaurant-replay/{name}"


class FloorDesk:
    """Answers the replay's Desk for one tenant and one unit."""

    def __init__(self, bus: Bus, tenant_id: TenantId, unit_id: UnitId) -> None:
        self._bus = bus
        self._scope = Scope(tenant_id, WAITER, reason="replay")
        self._unit_id = unit_id

    async def plan(self, menu: Mapping[str, MenuItem]) -> None:
        """A category and a station for each cuisine, a product for each dish, all made to order."""
        made: dict[str, CategoryId] = {}
        for name in sorted({item.category for item in menu.values()}):
            category = await self._send(CreateCategory(name), f"category/{name}")
            made[name] = category.category_id
            station = AddStation(self._unit_id, name, (), (made[name],))
            await self._send(station, f"station/{name}")
        for item in menu.values():
            await self._send(_product(item, made[item.category]), f"dish/{item.id}")

    async def _send(self, command: Command, name: str) -> Any:
        return await self._bus.send(self._scope, command, key=key_of(name))

    async def booked(self, chunk: Sequence[Sitting]) -> set[str]:
        """The orders whose keys are known."""
        keys = {key_of(one.order): one.order for one in chunk}
        found = await self._bus.ask(self._scope, keys_known, self._scope, list(keys))
        return {keys[key] for key in found}

    async def book(self, chunk: Sequence[Sitting]) -> None:
        """One transaction: all tabs are opened, sent, served, then paid; each at its instant."""
        wishes: list[Wish] = []
        for step in (self._opened, self._sent, self._served, self._paid):
            wishes += [wish for one in chunk for wish in step(one)]
        await self._bus.send_all(self._scope, wishes, whole=True)

    def _opened(self, one: Sitting) -> list[Wish]:
        name, tab_id = f"Order {one.order}", TabId(self._id(one, "tab"))
        wish = OpenTab(self._unit_id, None, name, tab_id=tab_id, at=one.opened_at)
        return [Wish(wish, key_of(one.order))]

    def _sent(self, one: Sitting) -> list[Wish]:
        if not one.dishes:
            return []
        wish = DraftRound(
            TabId(self._id(one, "tab")),
            tuple(WantedDish(WantedArticle(1, sku_of(dish.id))) for dish in one.dishes),
            send=True,
            round_id=RoundId(self._id(one, "round")),
            order_id=OrderId(self._id(one, "order")),
            at=one.opened_at,
        )
        return [Wish(wish)]

    def _served(self, one: Sitting) -> list[Wish]:
        if not one.dishes:
            return []
        return [Wish(ServeTab(TabId(self._id(one, "tab")), at=one.opened_at))]

    def _paid(self, one: Sitting) -> list[Wish]:
        tab_id = TabId(self._id(one, "tab"))
        if not one.dishes:
            return [Wish(CloseTab(tab_id, at=one.opened_at))]
        return [Wish(PayTab(tab_id, TenderMethod.CARD_TERMINAL, at=one.opened_at))]

    def _id(self, one: Sitting, kind: str) -> UUID:
        return named_id(self._scope.tenant_id, f"{kind}/{one.order}", one.opened_at)


def sku_of(item_id: str) -> str:
    """The SKU of a dish of the file."""
    return f"DISH-{item_id}"


def _product(item: MenuItem, category_id: CategoryId) -> CreateProduct:
    kind, price = FulfillmentType.PREPARED, item.price_micros
    variant = VariantDraft(sku_of(item.id), price, fulfillment_type=kind, stocked=False)
    details = ProductDetails(title=item.name, category_ids=(category_id,))
    return CreateProduct(details, CURRENCY, (variant,), ProductStatus.ACTIVE)


def files_of(place: Path) -> tuple[Path, Path]:
    """The file of orders in a folder, or that file itself, and the menu beside it.

    :raises NoMenu: if there are orders without a menu.
    """
    orders_path = place / ORDERS_FILE if place.is_dir() else place
    menu_path = orders_path.with_name(MENU_FILE)
    if orders_path.exists() and not menu_path.exists():
        raise errors.NoMenu(str(menu_path))
    return orders_path, menu_path


async def replay_folder(
    bus: Bus, tenant_id: TenantId, unit_id: UnitId, place: Path, watch: Watch
) -> Report:
    """Take a folder, or a file of orders with the menu beside it, into a tenant; account for it.

    :raises Refusal: of the file, with line and column; everything before it has been booked.
    """
    orders_path, menu_path = files_of(place)
    desk = FloorDesk(bus, tenant_id, unit_id)
    with TextFile(orders_path) as file, TextFile(menu_path) as card:
        menu = menu_items(card.lines())
        replay = Replay(desk, lambda progress: watch(progress, file))
        await replay.run(menu, sittings(file.lines(), menu))
    scope = Scope(tenant_id, WAITER)
    return await bus.ask(scope, restaurant_report, replay.tally, *replay.days)


async def ready_restaurant(bus: Bus, code: str) -> tuple[TenantId, UnitId]:
    """The tenant that a replay goes into, with its one unit; made at the first call."""
    tenant_id = TenantId(named_id(TenantId(UUID(int=0)), code, EPOCH))
    scope = Scope(tenant_id, SYSTEM, reason="replay")
    made = CreateTenant(
        code, "Restaurant", CURRENCY, time_zone=TIME_ZONE, settings=SETTINGS, opened=True
    )
    await bus.send(scope, made, key="restaurant-setup/tenant")
    store_id = await bus.send(scope, CreateStore("house", "House"), key="restaurant-setup/store")
    place = CreateLocation(store_id, "house", "House")
    location_id: LocationId = await bus.send(scope, place, key="restaurant-setup/location")
    opened = OpenUnit(location_id, "house", "House")
    unit_id: UnitId = await bus.send(scope, opened, key="restaurant-setup/unit")
    await bus.send(scope, AddArea(unit_id, "Room"), key="restaurant-setup/area")
    return tenant_id, unit_id
