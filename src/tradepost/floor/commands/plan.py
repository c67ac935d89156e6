"""Planning a floor: units, areas, tables, stations, and what is sold out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.events.floor import SoldOut, SoldOutLifted, UnitPlanned
from tradepost.floor.domain.plan import (
    SEATS_MAX,
    SERVICE_PPM_MAX,
    Area,
    FloorTable,
    SoldOutMark,
    Station,
    Unit,
)
from tradepost.floor.errors import NameTaken, NotOnTheMenu, ServiceArticleMissing
from tradepost.floor.ports import Floors, Locations, Menu
from tradepost.kernel.codes import Code, folded
from tradepost.kernel.ids import (
    AreaId,
    CategoryId,
    FloorTableId,
    Ids,
    LocationId,
    ProductId,
    SoldOutMarkId,
    StationId,
    UnitId,
    VariantId,
)
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number


@dataclass(frozen=True, slots=True)
class OpenUnit(Command):
    """Open a restaurant at a location; it has one station, for all that no other asks for."""

    location_id: LocationId
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ChangeUnit(Command):
    """Another name or service charge: millionths of what is ordered, sold as a service article."""

    unit_id: UnitId
    name: str
    service_ppm: int = 0
    service_sku: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AddArea(Command):
    """Plan a room."""

    unit_id: UnitId
    name: str


@dataclass(frozen=True, slots=True)
class AddTable(Command):
    """Put a table into a room."""

    unit_id: UnitId
    area_id: AreaId
    name: str
    seats: int


@dataclass(frozen=True, slots=True)
class ChangeTable(Command):
    """Another name, room or number of seats; or put a table away."""

    unit_id: UnitId
    table_id: FloorTableId
    area_id: AreaId
    name: str
    seats: int
    in_use: bool = True
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AddStation(Command):
    """Open a station for products and categories."""

    unit_id: UnitId
    name: str
    product_ids: tuple[ProductId, ...] = ()
    category_ids: tuple[CategoryId, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeStation(Command):
    """What comes to a station from now on."""

    unit_id: UnitId
    station_id: StationId
    name: str
    product_ids: tuple[ProductId, ...] = ()
    category_ids: tuple[CategoryId, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MarkSoldOut(Command):
    """Take nothing more of an article, until an instant or until the mark is lifted."""

    unit_id: UnitId
    variant_id: VariantId
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LiftSoldOut(Command):
    """There is more of it again."""

    unit_id: UnitId
    variant_id: VariantId


async def open_unit(
    wish: OpenUnit, floors: Floors, locations: Locations, facts: Facts, ids: Ids
) -> UnitId:
    """A unit with its first station."""
    locations.check(wish.location_id)
    code, name = Code.parse(wish.code).value, one_line(wish.name, "name")
    if code in await floors.codes():
        raise NameTaken("unit", code)
    unit = Unit(UnitId(ids.new()), wish.location_id, code, name, 0, None, 1)
    floors.add_unit(unit)
    floors.add_station(Station(StationId(ids.new()), unit.id, "Kitchen", 1, (), ()))
    facts.tell(UnitPlanned(unit.id, unit.location_id), unit.version, wish.at)
    return unit.id


async def change_unit(wish: ChangeUnit, floors: Floors, menu: Menu, facts: Facts) -> int:
    """Answers the new version, as all changes of a plan do."""
    unit = (await floors.lock_unit(wish.unit_id)).next(wish.version)
    ppm = whole_number(wish.service_ppm, "service_ppm", 0, SERVICE_PPM_MAX)
    service = await _service_article(wish.service_sku, menu) if ppm else None
    changed = replace(
        unit, name=one_line(wish.name, "name"), service_ppm=ppm, service_variant_id=service
    )
    return await _planned(changed, wish, floors, facts)


async def _service_article(sku: str | None, menu: Menu) -> VariantId:
    if sku is None:
        raise ServiceArticleMissing("service_sku", "is needed for a service charge")
    dish = (await menu.dishes([folded(sku)], [])).get(folded(sku))
    if dish is None or dish.fulfillment_type != "service":
        raise ServiceArticleMissing("service_sku", "is no article of the type service")
    return dish.variant_id


async def add_area(wish: AddArea, floors: Floors, facts: Facts, ids: Ids) -> AreaId:
    """A room behind the others."""
    unit = (await floors.lock_unit(wish.unit_id)).next(None)
    plan = await floors.plan(unit.id)
    name = one_line(wish.name, "name")
    plan.check_name("area", name, (one.name for one in plan.areas))
    area = Area(AreaId(ids.new()), unit.id, name, len(plan.areas) + 1)
    floors.add_area(area)
    await _planned(unit, wish, floors, facts)
    return area.id


async def add_table(wish: AddTable, floors: Floors, facts: Facts, ids: Ids) -> FloorTableId:
    """A table of a name that no other has."""
    unit = (await floors.lock_unit(wish.unit_id)).next(None)
    plan = await floors.plan(unit.id)
    area, name = plan.area(wish.area_id), one_line(wish.name, "name")
    plan.check_name("table", name, (one.name for one in plan.tables))
    table = FloorTable(
        id=FloorTableId(ids.new()),
        unit_id=unit.id,
        area_id=area.id,
        name=name,
        seats=whole_number(wish.seats, "seats", 1, SEATS_MAX),
        position=len(plan.tables) + 1,
        in_use=True,
    )
    floors.add_table(table)
    await _planned(unit, wish, floors, facts)
    return table.id


async def change_table(wish: ChangeTable, floors: Floors, facts: Facts) -> int:
    """A table that is put away keeps the tab it has."""
    unit = (await floors.lock_unit(wish.unit_id)).next(wish.version)
    plan = await floors.plan(unit.id)
    table, area = plan.table(wish.table_id), plan.area(wish.area_id)
    name = one_line(wish.name, "name")
    plan.check_name("table", name, (one.name for one in plan.tables if one.id != table.id))
    seats = whole_number(wish.seats, "seats", 1, SEATS_MAX)
    await floors.save_table(
        replace(table, area_id=area.id, name=name, seats=seats, in_use=wish.in_use)
    )
    return await _planned(unit, wish, floors, facts)


async def add_station(
    wish: AddStation, floors: Floors, menu: Menu, facts: Facts, ids: Ids
) -> StationId:
    """A station behind the others."""
    unit = (await floors.lock_unit(wish.unit_id)).next(None)
    plan = await floors.plan(unit.id)
    name = one_line(wish.name, "name")
    plan.check_name("station", name, (one.name for one in plan.stations))
    await menu.check_routes(wish.product_ids, wish.category_ids)
    routes = wish.product_ids, wish.category_ids
    station = Station(StationId(ids.new()), unit.id, name, len(plan.stations) + 1, *routes)
    floors.add_station(station)
    await _planned(unit, wish, floors, facts)
    return station.id


async def change_station(wish: ChangeStation, floors: Floors, menu: Menu, facts: Facts) -> int:
    """Tickets that there are stay where they are."""
    unit = (await floors.lock_unit(wish.unit_id)).next(wish.version)
    plan = await floors.plan(unit.id)
    station, name = plan.station(wish.station_id), one_line(wish.name, "name")
    others = (one.name for one in plan.stations if one.id != station.id)
    plan.check_name("station", name, others)
    await menu.check_routes(wish.product_ids, wish.category_ids)
    await floors.save_station(
        replace(station, name=name, product_ids=wish.product_ids, category_ids=wish.category_ids)
    )
    return await _planned(unit, wish, floors, facts)


async def mark_sold_out(
    wish: MarkSoldOut, floors: Floors, menu: Menu, facts: Facts, ids: Ids
) -> int:
    """A mark in place of the one there was."""
    unit = (await floors.lock_unit(wish.unit_id)).next(None)
    if wish.variant_id not in await menu.dishes([], [wish.variant_id]):
        raise NotOnTheMenu(str(wish.variant_id))
    await floors.drop_mark(unit.id, wish.variant_id)
    mark_id = SoldOutMarkId(ids.new())
    floors.add_mark(SoldOutMark(mark_id, unit.id, wish.variant_id, wish.until, wish.at))
    await floors.save_unit(unit)
    facts.tell(SoldOut(unit.id, wish.variant_id, wish.until), unit.version, wish.at)
    return unit.version


async def lift_sold_out(wish: LiftSoldOut, floors: Floors, facts: Facts) -> int:
    """Without a mark nothing changes."""
    unit = await floors.lock_unit(wish.unit_id)
    if not await floors.drop_mark(unit.id, wish.variant_id):
        return unit.version
    unit = unit.next(None)
    await floors.save_unit(unit)
    facts.tell(SoldOutLifted(unit.id, wish.variant_id), unit.version, wish.at)
    return unit.version


async def _planned(unit: Unit, wish: Command, floors: Floors, facts: Facts) -> int:
    await floors.save_unit(unit)
    facts.tell(UnitPlanned(unit.id, unit.location_id), unit.version, wish.at)
    return unit.version


HANDLERS = {
    OpenUnit: open_unit,
    ChangeUnit: change_unit,
    AddArea: add_area,
    AddTable: add_table,
    ChangeTable: change_table,
    AddStation: add_station,
    ChangeStation: change_station,
    MarkSoldOut: mark_sold_out,
    LiftSoldOut: lift_sold_out,
}
