"""The plan of a floor: units, their areas and tables, and the stations of their kitchens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from tradepost.floor.errors import NameTaken, SoldOutHere
from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import (
    AreaId,
    CategoryId,
    FloorTableId,
    LocationId,
    ProductId,
    SoldOutMarkId,
    StationId,
    UnitId,
    VariantId,
)

SERVICE_PPM_MAX: Final = 500_000
"""A service charge is at most half of what was ordered."""
SEATS_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Unit:
    """A restaurant at a location, whose stock it serves from.

    ``service_ppm`` is its service charge in millionths of what was ordered (100000 is 10 %); it is
    sold as ``service_variant_id``, whose tax class says how it is taxed. The version counts every
    change of the plan: areas, tables, stations, marks.
    """

    id: UnitId
    location_id: LocationId
    code: str
    name: str
    service_ppm: int
    service_variant_id: VariantId | None
    version: int

    def next(self, version: int | None) -> Unit:
        """About to change; :class:`Stale` if that was based on another version."""
        if version not in (None, self.version):
            raise Stale("unit", version or 0, self.version)
        return replace(self, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Area:
    """A room or a terrace."""

    id: AreaId
    unit_id: UnitId
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class FloorTable:
    """A table; one that is put away takes no tabs."""

    id: FloorTableId
    unit_id: UnitId
    area_id: AreaId
    name: str
    seats: int
    position: int
    in_use: bool


@dataclass(frozen=True, slots=True)
class Station:
    """Where dishes are made: the products and categories that come here.

    What no station asks for goes to the unit's first one.
    """

    id: StationId
    unit_id: UnitId
    name: str
    position: int
    product_ids: tuple[ProductId, ...]
    category_ids: tuple[CategoryId, ...]


@dataclass(frozen=True, slots=True)
class SoldOutMark:
    """An article that a unit has no more of, until an instant or until somebody lifts the mark."""

    id: SoldOutMarkId
    unit_id: UnitId
    variant_id: VariantId
    until: datetime | None
    marked_at: datetime

    def holds(self, at: datetime) -> bool:
        """Whether the article is sold out at an instant."""
        return self.until is None or at < self.until


N = TypeVar("N", Area, FloorTable, Station)


@dataclass(frozen=True, slots=True)
class Plan:
    """A unit with everything in it."""

    unit: Unit
    areas: tuple[Area, ...]
    tables: tuple[FloorTable, ...]
    stations: tuple[Station, ...]

    def area(self, id: AreaId) -> Area:
        """One of its areas; :class:`Unknown` if it has none of that name."""
        return _found(self.areas, id, "area")

    def table(self, id: FloorTableId) -> FloorTable:
        """One of its tables."""
        return _found(self.tables, id, "table")

    def station(self, id: StationId) -> Station:
        """One of its stations."""
        return _found(self.stations, id, "station")

    def check_name(self, what: str, name: str, taken: Iterable[str]) -> None:
        """Refuse a name that another has."""
        if name.casefold() in {one.casefold() for one in taken}:
            raise NameTaken(what, name)

    def station_for(self, product_id: ProductId, category_ids: Sequence[CategoryId]) -> StationId:
        """Where a dish is made: a station of its product, of its category, else the first."""
        for one in self.stations:
            if product_id in one.product_ids:
                return one.id
        for category_id in category_ids:
            for one in self.stations:
                if category_id in one.category_ids:
                    return one.id
        return self.stations[0].id


def _found(things: Sequence[N], id: object, what: str) -> N:
    for one in things:
        if one.id == id:
            return one
    raise Unknown(what, str(id))


def check_sold_out(
    marks: Iterable[SoldOutMark], wanted: Iterable[tuple[VariantId, str]], at: datetime
) -> None:
    """Refuse what is marked as sold out; ``wanted`` are articles with their SKUs."""
    held = {one.variant_id: one for one in marks if one.holds(at)}
    for variant_id, sku in wanted:
        if (mark := held.get(variant_id)) is not None:
            until = (
                "until further notice" if mark.until is None else f"until {mark.until:%H:%M} UTC"
            )
            raise SoldOutHere(sku, until)
