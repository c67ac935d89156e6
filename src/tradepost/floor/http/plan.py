"""The plan of a floor, for those who run it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post, put
from msgspec import Meta

from tradepost.floor.commands.plan import (
    AddArea,
    AddStation,
    AddTable,
    ChangeStation,
    ChangeTable,
    ChangeUnit,
    LiftSoldOut,
    MarkSoldOut,
    OpenUnit,
)
from tradepost.floor.domain.plan import SEATS_MAX, SERVICE_PPM_MAX
from tradepost.floor.queries.plan import FloorView, UnitRow, floor_page, unit_rows
from tradepost.kernel.ids import (
    AreaId,
    CategoryId,
    FloorTableId,
    LocationId,
    ProductId,
    StationId,
    UnitId,
    VariantId,
)
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    Body,
    Caller,
    FromCaller,
    FromPath,
    JSONBody,
    door,
    versioned,
)
from tradepost.platform.web.body import Code, Instant, Line

TAGS = ["Floor"]
UNITS = "/api/v1/floor/units"
UNIT = f"{UNITS}/{{unit_id:uuid}}"
READ, WRITE = Permission.TABS_READ, Permission.FLOOR_WRITE
ROUTES_MAX = 1000
Ids = Annotated[tuple[UUID, ...], Meta(max_length=ROUTES_MAX)]
Seats = Annotated[int, Meta(ge=1, le=SEATS_MAX)]


class UnitBody(Body, frozen=True):
    """A restaurant at a location."""

    location_id: UUID
    code: Code
    name: Line


class ChangedUnitBody(Body, frozen=True):
    """Name and service charge: 100000 is 10 %, sold as the service article of a SKU."""

    name: Line
    service_ppm: Annotated[int, Meta(ge=0, le=SERVICE_PPM_MAX)] = 0
    service_sku: Code | None = None


class AreaBody(Body, frozen=True):
    """A room."""

    name: Line


class TableBody(Body, frozen=True):
    """A table in a room."""

    area_id: UUID
    name: Line
    seats: Seats = 2


class ChangedTableBody(TableBody, frozen=True):
    """A table as it is from now on; one that is put away takes no tabs."""

    in_use: bool = True


class StationBody(Body, frozen=True):
    """What comes to a station."""

    name: Line
    product_ids: Ids = ()
    category_ids: Ids = ()


class SoldOutBody(Body, frozen=True):
    """Until when; without an instant until the mark is lifted."""

    until: Instant | None = None


@get(UNITS, opt=door(READ), tags=TAGS)
async def list_units(caller: FromCaller) -> list[UnitRow]:
    """All restaurants of the shop."""
    return await caller.ask(unit_rows)


@post(UNITS, opt=door(WRITE), tags=TAGS)
async def open_unit(data: JSONBody[UnitBody], caller: FromCaller) -> Response[FloorView]:
    """Open a restaurant at a location, whose stock it serves from."""
    wish = OpenUnit(LocationId(data.location_id), data.code, data.name)
    id: UnitId = await caller.send(wish)
    return await _floor(caller, id, status=201, place=f"{UNITS}/{id}")


@get(UNIT, opt=door(READ), tags=TAGS)
async def read_floor(unit_id: FromPath[UUID], caller: FromCaller) -> Response[FloorView]:
    """A restaurant: its rooms, tables and who sits there, stations, and what is sold out."""
    return await _floor(caller, UnitId(unit_id))


@put(UNIT, opt=door(WRITE, if_match=True), tags=TAGS)
async def change_unit(
    unit_id: FromPath[UUID], data: JSONBody[ChangedUnitBody], caller: FromCaller
) -> Response[FloorView]:
    """Change name and service charge."""
    id = UnitId(unit_id)
    wish = ChangeUnit(id, data.name, data.service_ppm, data.service_sku, caller.matched)
    await caller.send(wish)
    return await _floor(caller, id)


@post(f"{UNIT}/areas", opt=door(WRITE), tags=TAGS)
async def add_area(
    unit_id: FromPath[UUID], data: JSONBody[AreaBody], caller: FromCaller
) -> Response[FloorView]:
    """Plan a room."""
    made: AreaId = await caller.send(AddArea(UnitId(unit_id), data.name))
    return await _floor(caller, UnitId(unit_id), status=201, place=f"{UNITS}/areas/{made}")


@post(f"{UNIT}/tables", opt=door(WRITE), tags=TAGS)
async def add_table(
    unit_id: FromPath[UUID], data: JSONBody[TableBody], caller: FromCaller
) -> Response[FloorView]:
    """Put a table into a room."""
    wish = AddTable(UnitId(unit_id), AreaId(data.area_id), data.name, data.seats)
    made: FloorTableId = await caller.send(wish)
    return await _floor(caller, UnitId(unit_id), status=201, place=f"{UNITS}/tables/{made}")


@put(f"{UNIT}/tables/{{table_id:uuid}}", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_table(
    unit_id: FromPath[UUID],
    table_id: FromPath[UUID],
    data: JSONBody[ChangedTableBody],
    caller: FromCaller,
) -> Response[FloorView]:
    """Change a table, or put it away."""
    id, table = UnitId(unit_id), FloorTableId(table_id)
    area = AreaId(data.area_id)
    version = caller.matched
    await caller.send(ChangeTable(id, table, area, data.name, data.seats, data.in_use, version))
    return await _floor(caller, id)


@post(f"{UNIT}/stations", opt=door(WRITE), tags=TAGS)
async def add_station(
    unit_id: FromPath[UUID], data: JSONBody[StationBody], caller: FromCaller
) -> Response[FloorView]:
    """Open a station for products and categories; what is in a category below counts too."""
    made: StationId = await caller.send(AddStation(UnitId(unit_id), data.name, *_routes(data)))
    return await _floor(caller, UnitId(unit_id), status=201, place=f"{UNITS}/stations/{made}")


@put(f"{UNIT}/stations/{{station_id:uuid}}", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_station(
    unit_id: FromPath[UUID],
    station_id: FromPath[UUID],
    data: JSONBody[StationBody],
    caller: FromCaller,
) -> Response[FloorView]:
    """Say what comes to a station from now on."""
    id, station = UnitId(unit_id), StationId(station_id)
    await caller.send(ChangeStation(id, station, data.name, *_routes(data), caller.matched))
    return await _floor(caller, id)


@put(
    f"{UNIT}/sold-out/{{variant_id:uuid}}",
    opt=door(Permission.KITCHEN_WORK),
    tags=TAGS,
)
async def mark_sold_out(
    unit_id: FromPath[UUID],
    variant_id: FromPath[UUID],
    data: JSONBody[SoldOutBody],
    caller: FromCaller,
) -> Response[FloorView]:
    """Take no more of an article, until an instant or until the mark is lifted."""
    id = UnitId(unit_id)
    await caller.send(MarkSoldOut(id, VariantId(variant_id), data.until))
    return await _floor(caller, id)


@delete(
    f"{UNIT}/sold-out/{{variant_id:uuid}}",
    opt=door(Permission.KITCHEN_WORK),
    tags=TAGS,
    status_code=200,
)
async def lift_sold_out(
    unit_id: FromPath[UUID], variant_id: FromPath[UUID], caller: FromCaller
) -> Response[FloorView]:
    """There is more of an article again."""
    await caller.send(LiftSoldOut(UnitId(unit_id), VariantId(variant_id)))
    return await _floor(caller, UnitId(unit_id))


def _routes(data: StationBody) -> tuple[tuple[ProductId, ...], tuple[CategoryId, ...]]:
    products = tuple(ProductId(one) for one in data.product_ids)
    return products, tuple(CategoryId(one) for one in data.category_ids)


async def _floor(
    caller: Caller, id: UnitId, *, status: int = 200, place: str = ""
) -> Response[FloorView]:
    view = await caller.ask(floor_page, id)
    return versioned(view, view.unit.version, status=status, location=place)


ROUTES = (
    list_units,
    open_unit,
    read_floor,
    change_unit,
    add_area,
    add_table,
    change_table,
    add_station,
    change_station,
    mark_sold_out,
    lift_sold_out,
)
