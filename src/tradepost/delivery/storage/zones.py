"""Zones with their prefixes, and slots, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tradepost.delivery.domain.slot import Slot
from tradepost.delivery.domain.zone import Zone, ZonePrefix
from tradepost.kernel.ids import SlotId, ZoneId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    scoped,
    scoped_delete,
    versioned_update,
)
from tradepost.platform.db.work import Reader, Work

zones = tenant_table("zones", Zone, indexes=[("location_id",)])
zone_prefixes = tenant_table(
    "zone_prefixes",
    ZonePrefix,
    key=("country", "prefix"),
    indexes=[("zone_id",)],
    references={"zone_id": "zones"},
)
slots = tenant_table(
    "slots",
    Slot,
    unique=[("zone_id", "starts_at")],
    references={"zone_id": "zones"},
    checks={"taken": "taken >= 0 AND taken <= capacity"},
)
ZONES = Keeper("zone", Zone, zones)
SLOTS = Keeper("slot", Slot, slots)
_PREFIX_ROWS = Mapper(ZonePrefix, zone_prefixes)
OWNERS = Statement(
    scoped(zone_prefixes, zone_prefixes.c.prefix, zone_prefixes.c.zone_id)
    .where(zone_prefixes.c.country == param("country"))
    .where(any_of(zone_prefixes.c.prefix, "prefixes"))
)
_DROP = Statement(scoped_delete(zone_prefixes).where(zone_prefixes.c.zone_id == param("zone_id")))
_STARTS = Statement(
    scoped(slots, slots.c.starts_at)
    .where(slots.c.zone_id == param("zone_id"))
    .where(slots.c.starts_at >= param("first"))
    .where(slots.c.starts_at <= param("last"))
)
_LOCK = Statement(
    SLOTS.select.where(any_of(slots.c.id, "ids")).order_by(slots.c.id).with_for_update()
)
_SAVE = Statement(
    versioned_update(slots).values(capacity=param("capacity"), status=param("status"))
)


class SqlZones:
    """Answers the Zones port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, zone_id: ZoneId) -> Zone:
        return await ZONES.get(self._work, zone_id)

    async def owners(self, country: str, prefixes: Sequence[str]) -> Mapping[str, ZoneId]:
        return await owners(self._work, country, prefixes)

    def add(self, zone: Zone) -> None:
        ZONES.add(self._work, zone)
        self._add_prefixes(zone)

    async def save(self, zone: Zone, version: int) -> int:
        await self._work.run(_DROP, zone_id=zone.id)
        self._add_prefixes(zone)
        return await ZONES.save(self._work, zone, version)

    def _add_prefixes(self, zone: Zone) -> None:
        made = (ZonePrefix(zone.country, prefix, zone.id) for prefix in zone.prefixes)
        self._work.add(zone_prefixes, *map(_PREFIX_ROWS.dump, made))


async def owners(db: Reader, country: str, prefixes: Sequence[str]) -> dict[str, ZoneId]:
    """The zones of those prefixes that belong to one."""
    rows = await db.all(OWNERS, country=country, prefixes=list(prefixes))
    return {prefix: zone_id for prefix, zone_id in rows}  # noqa: C416  rows are no pairs to mypy


class SqlSlots:
    """Answers the Slots port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, made: Iterable[Slot]) -> None:
        SLOTS.add(self._work, *made)

    async def starts(self, zone_id: ZoneId, first: datetime, last: datetime) -> set[datetime]:
        rows = await self._work.all(_STARTS, zone_id=zone_id, first=first, last=last)
        return {row[0] for row in rows}

    async def lock(self, ids: Sequence[SlotId]) -> dict[SlotId, Slot]:
        found = await SLOTS.all(self._work, _LOCK, ids=sorted(set(ids)))
        return {one.id: one for one in found}

    async def save(self, slot: Slot, version: int) -> int:
        """Only what staff decide; the places taken are counted where orders come and go."""
        await SLOTS.get(self._work, slot.id)
        row = await self._work.one(
            _SAVE,
            key_id=slot.id,
            version_was=version,
            capacity=slot.capacity,
            status=slot.status,
        )
        if row is None:
            return await SLOTS.save(self._work, slot, version)  # tells what is stale
        return int(row[0])

    async def count(self, places: Mapping[SlotId, int]) -> None:
        """Give places of locked slots to orders, or (below zero) take them back."""
        rows = [{"id": slot_id, "taken": places[slot_id]} for slot_id in sorted(places)]
        await self._work.update_rows(slots, ("id",), rows, adding=True)
