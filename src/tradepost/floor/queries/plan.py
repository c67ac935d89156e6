"""Floor plans with who sits where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tradepost.floor.domain.tab import TabState
from tradepost.floor.storage.plan import UNIT_ROWS, UNITS, marks_of, plan_of
from tradepost.floor.storage.tabs import tabs
from tradepost.kernel.clock import Clock
from tradepost.kernel.ids import UnitId
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader

_OPEN = Statement(
    scoped(tabs, tabs.c.table_id, tabs.c.id, tabs.c.number, tabs.c.guests)
    .where(tabs.c.unit_id == param("unit_id"))
    .where(tabs.c.state == TabState.OPEN)
    .where(tabs.c.table_id.is_not(None))
)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in a list."""

    id: UUID
    location_id: UUID
    code: str
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class AreaView:
    """A room."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class TableView:
    """A table, with the open tab of those who sit there."""

    id: UUID
    area_id: UUID
    name: str
    seats: int
    in_use: bool
    tab_id: UUID | None
    tab_number: int | None
    guests: int


@dataclass(frozen=True, slots=True)
class StationView:
    """A station and what comes to it; what no station asks for comes to the first."""

    id: UUID
    name: str
    product_ids: tuple[UUID, ...]
    category_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class MarkView:
    """An article that is sold out now."""

    variant_id: UUID
    until: datetime | None
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class FloorView:
    """A unit with everything in it."""

    unit: UnitRow
    service_ppm: int
    service_variant_id: UUID | None
    areas: tuple[AreaView, ...]
    tables: tuple[TableView, ...]
    stations: tuple[StationView, ...]
    sold_out: tuple[MarkView, ...]


async def unit_rows(db: Reader) -> list[UnitRow]:
    """All units, by their codes."""
    found = [UNIT_ROWS.load(row) for row in await db.all(UNITS)]
    return [UnitRow(one.id, one.location_id, one.code, one.name, one.version) for one in found]


async def floor_page(db: Reader, unit_id: UnitId, clock: Clock) -> FloorView:
    """A unit as its staff see it."""
    plan = await plan_of(db, unit_id)
    seated = {row[0]: row[1:] for row in await db.all(_OPEN, unit_id=unit_id)}
    unit, now, nobody = plan.unit, clock.now(), (None, None, 0)
    return FloorView(
        UnitRow(unit.id, unit.location_id, unit.code, unit.name, unit.version),
        unit.service_ppm,
        unit.service_variant_id,
        tuple(AreaView(one.id, one.name) for one in plan.areas),
        tuple(
            TableView(t.id, t.area_id, t.name, t.seats, t.in_use, *seated.get(t.id, nobody))
            for t in plan.tables
        ),
        tuple(
            StationView(one.id, one.name, tuple(one.product_ids), tuple(one.category_ids))
            for one in plan.stations
        ),
        tuple(
            MarkView(one.variant_id, one.until, one.marked_at)
            for one in await marks_of(db, unit_id)
            if one.holds(now)
        ),
    )
