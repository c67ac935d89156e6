"""Zones and slots, looked at by staff and by shoppers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.delivery.domain.slot import Slot, SlotStatus
from tradepost.delivery.domain.zone import Zone, beginnings
from tradepost.delivery.errors import OutsideZones, PostcodeMissing
from tradepost.delivery.storage.zones import SLOTS, ZONES, owners, slots, zones
from tradepost.kernel.clock import Clock
from tradepost.kernel.ids import SlotId, ZoneId
from tradepost.platform.db.statement import Statement, param
from tradepost.platform.db.work import Reader

SLOTS_SHOWN_MAX = 200
_ALL = Statement(ZONES.select.order_by(zones.c.name, zones.c.id))
_COMING = Statement(
    SLOTS.select.where(slots.c.zone_id == param("zone_id"))
    .where(slots.c.ends_at > param("after"))
    .order_by(slots.c.starts_at)
    .limit(param("limit", like=slots.c.version))
)
_OPEN = Statement(
    SLOTS.select.where(slots.c.zone_id == param("zone_id"))
    .where(slots.c.orders_until > param("now"))
    .where(slots.c.status == SlotStatus.OPEN)
    .order_by(slots.c.starts_at)
    .limit(SLOTS_SHOWN_MAX)
)


@dataclass(frozen=True, slots=True)
class ZoneView:
    """A zone; amounts in minor units of ``currency``."""

    id: ZoneId
    location_id: str
    name: str
    country: str
    prefixes: tuple[str, ...]
    currency: str
    fee: int
    free_from: int | None
    minimum: int
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot; ``free`` places can still be taken until ``orders_until``."""

    id: SlotId
    starts_at: datetime
    ends_at: datetime
    orders_until: datetime
    free: int


@dataclass(frozen=True, slots=True)
class StaffSlotView:
    """A slot with its places."""

    id: SlotId
    zone_id: ZoneId
    starts_at: datetime
    ends_at: datetime
    orders_until: datetime
    capacity: int
    taken: int
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class ServiceView:
    """What local delivery to an address costs, and when it comes; in minor units of ``currency``.

    ``free_from`` is the worth of goods from which no fee is taken, ``minimum`` the least.
    """

    zone: str
    location_id: str
    currency: str
    fee: int
    free_from: int | None
    minimum: int
    slots: tuple[SlotView, ...]


async def zone_of(db: Reader, country: str, postcode: str) -> Zone:
    """The zone of an address: that of the longest prefix of its postal code.

    :raises PostcodeMissing: without a postal code.
    :raises OutsideZones: if no zone has it.
    :raises ZoneClosed: if its zone is not served.
    """
    named = beginnings(country, postcode)
    if not named:
        raise PostcodeMissing
    found = await owners(db, country, named)
    best = next((found[prefix] for prefix in named if prefix in found), None)
    if best is None:
        raise OutsideZones(postcode, country)
    zone = await ZONES.get(db, best)
    zone.check_open()
    return zone


async def service_page(db: Reader, country: str, postcode: str, clock: Clock) -> ServiceView:
    """What is offered to an address now."""
    zone = await zone_of(db, country, postcode)
    found = await SLOTS.all(db, _OPEN, zone_id=zone.id, now=clock.now())
    return ServiceView(
        zone.name,
        str(zone.location_id),
        zone.currency.code,
        zone.fee.amount,
        None if zone.free_from is None else zone.free_from.amount,
        zone.minimum.amount,
        tuple(
            SlotView(one.id, one.starts_at, one.ends_at, one.orders_until, one.free)
            for one in found
        ),
    )


async def zone_rows(db: Reader) -> list[ZoneView]:
    """All zones, by name."""
    return [_zone(one) for one in await ZONES.all(db, _ALL)]


async def zone_page(db: Reader, zone_id: ZoneId) -> ZoneView:
    """One zone."""
    return _zone(await ZONES.get(db, zone_id))


async def slot_rows(
    db: Reader, zone_id: ZoneId, after: datetime | None, limit: int, clock: Clock
) -> list[StaffSlotView]:
    """The slots of a zone that are not over, the next first."""
    await ZONES.get(db, zone_id)
    since = after or clock.now()
    found = await SLOTS.all(db, _COMING, zone_id=zone_id, after=since, limit=limit)
    return list(map(_slot, found))


async def slots_named(db: Reader, ids: Sequence[SlotId]) -> list[StaffSlotView]:
    """Slots by their identifiers, the next first."""
    found = await SLOTS.get_many(db, ids)
    return [_slot(one) for one in sorted(found, key=lambda one: one.starts_at)]


async def slot_page(db: Reader, slot_id: SlotId) -> StaffSlotView:
    """One slot."""
    return _slot(await SLOTS.get(db, slot_id))


def _zone(zone: Zone) -> ZoneView:
    return ZoneView(
        zone.id,
        str(zone.location_id),
        zone.name,
        zone.country,
        zone.prefixes,
        zone.currency.code,
        zone.fee.amount,
        None if zone.free_from is None else zone.free_from.amount,
        zone.minimum.amount,
        zone.status.value,
        zone.version,
    )


def _slot(slot: Slot) -> StaffSlotView:
    return StaffSlotView(
        slot.id,
        slot.zone_id,
        slot.starts_at,
        slot.ends_at,
        slot.orders_until,
        slot.capacity,
        slot.taken,
        slot.status.value,
        slot.version,
    )
