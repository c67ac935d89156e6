"""Plans of floors as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table

from tradepost.floor.domain.plan import Area, FloorTable, Plan, SoldOutMark, Station, Unit
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import FloorTableId, UnitId, VariantId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, param, scoped, scoped_delete
from tradepost.platform.db.work import Reader, Work

_OF_UNIT = {"unit_id": "units"}
units = tenant_table("units", Unit, unique=[("code",)], references={"location_id": "locations"})
areas = tenant_table("floor_areas", Area, unique=[("unit_id", "position")], references=_OF_UNIT)
floor_tables = tenant_table(
    "floor_tables",
    FloorTable,
    unique=[("unit_id", "position")],
    references={**_OF_UNIT, "area_id": "floor_areas"},
)
stations = tenant_table("stations", Station, unique=[("unit_id", "position")], references=_OF_UNIT)
marks = tenant_table(
    "sold_out_marks", SoldOutMark, unique=[("unit_id", "variant_id")], references=_OF_UNIT
)
UNIT_ROWS = Mapper(Unit, units)
AREA_ROWS = Mapper(Area, areas)
TABLE_ROWS = Mapper(FloorTable, floor_tables)
STATION_ROWS = Mapper(Station, stations)
MARK_ROWS = Mapper(SoldOutMark, marks)


def _in_unit(table: Table, rows: Mapper[Any], order: str) -> Statement:
    found = scoped(table, *rows.columns).where(table.c.unit_id == param("unit_id"))
    return Statement(found.order_by(table.c[order], table.c.id))


_UNIT = Statement(scoped(units, *UNIT_ROWS.columns).where(units.c.id == param("id")))
_LOCK_UNIT = Statement(
    scoped(units, *UNIT_ROWS.columns).where(units.c.id == param("id")).with_for_update()
)
UNITS = Statement(scoped(units, *UNIT_ROWS.columns).order_by(units.c.code, units.c.id))
_LOCK_TABLE = Statement(
    scoped(floor_tables, *TABLE_ROWS.columns)
    .where(floor_tables.c.id == param("id"))
    .with_for_update()
)
_AREAS = _in_unit(areas, AREA_ROWS, "position")
_TABLES = _in_unit(floor_tables, TABLE_ROWS, "position")
_STATIONS = _in_unit(stations, STATION_ROWS, "position")
_MARKS = _in_unit(marks, MARK_ROWS, "marked_at")
_DROP_MARK = Statement(
    scoped_delete(marks)
    .where(marks.c.unit_id == param("unit_id"))
    .where(marks.c.variant_id == param("variant_id"))
)


async def plan_of(db: Reader, id: UnitId) -> Plan:
    """The unit with everything in it; :class:`Unknown` if missing."""
    row = await db.one(_UNIT, id=id)
    if row is None:
        raise Unknown("unit", str(id))
    return Plan(
        UNIT_ROWS.load(row),
        tuple(AREA_ROWS.load(one) for one in await db.all(_AREAS, unit_id=id)),
        tuple(TABLE_ROWS.load(one) for one in await db.all(_TABLES, unit_id=id)),
        tuple(STATION_ROWS.load(one) for one in await db.all(_STATIONS, unit_id=id)),
    )


async def marks_of(db: Reader, id: UnitId) -> list[SoldOutMark]:
    """What is marked as sold out at a unit."""
    return [MARK_ROWS.load(row) for row in await db.all(_MARKS, unit_id=id)]


class SqlFloors:
    """Answers the port ``Floors``."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._plans: dict[UnitId, Plan] = {}
        self._marks: dict[UnitId, list[SoldOutMark]] = {}

    def add_unit(self, unit: Unit) -> None:
        self._work.add(units, UNIT_ROWS.dump(unit))

    async def lock_unit(self, id: UnitId) -> Unit:
        self._plans.pop(id, None)
        row = await self._work.one(_LOCK_UNIT, id=id)
        if row is None:
            raise Unknown("unit", str(id))
        return UNIT_ROWS.load(row)

    async def save_unit(self, unit: Unit) -> None:
        self._plans.pop(unit.id, None)
        await self._work.update_rows(units, ("id",), [UNIT_ROWS.dump(unit)])

    async def codes(self) -> list[str]:
        return [UNIT_ROWS.load(row).code for row in await self._work.all(UNITS)]

    async def plan(self, id: UnitId) -> Plan:
        """Looked up once in a work; units are locked and saved whenever a plan changes."""
        if id not in self._plans:
            self._plans[id] = await plan_of(self._work, id)
        return self._plans[id]

    def add_area(self, area: Area) -> None:
        self._work.add(areas, AREA_ROWS.dump(area))

    def add_table(self, table: FloorTable) -> None:
        self._work.add(floor_tables, TABLE_ROWS.dump(table))

    async def save_table(self, table: FloorTable) -> None:
        await self._work.update_rows(floor_tables, ("id",), [TABLE_ROWS.dump(table)])

    async def lock_table(self, id: FloorTableId) -> FloorTable:
        row = await self._work.one(_LOCK_TABLE, id=id)
        if row is None:
            raise Unknown("table", str(id))
        return TABLE_ROWS.load(row)

    def add_station(self, station: Station) -> None:
        self._work.add(stations, STATION_ROWS.dump(station))

    async def save_station(self, station: Station) -> None:
        await self._work.update_rows(stations, ("id",), [STATION_ROWS.dump(station)])

    async def marks(self, id: UnitId) -> list[SoldOutMark]:
        """Looked up once in a work, as the plan is."""
        if id not in self._marks:
            self._marks[id] = await marks_of(self._work, id)
        return self._marks[id]

    def add_mark(self, mark: SoldOutMark) -> None:
        self._marks.pop(mark.unit_id, None)
        self._work.add(marks, MARK_ROWS.dump(mark))

    async def drop_mark(self, id: UnitId, variant_id: VariantId) -> bool:
        self._marks.pop(id, None)
        return bool(await self._work.run(_DROP_MARK, unit_id=id, variant_id=variant_id))
