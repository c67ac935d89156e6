"""Zones and slots, as staff make and change them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tradepost.delivery.domain.slot import Slot, SlotStatus, Window, slots_of
from tradepost.delivery.domain.zone import Zone, ZoneTerms, made_zone
from tradepost.delivery.errors import PrefixTaken, SlotThere
from tradepost.delivery.ports import Rules, Slots, Zones
from tradepost.events.delivery import SlotChanged, ZoneChanged
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import Ids, SlotId, ZoneId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class MakeZone(Command):
    """Deliver to the addresses of some postal codes."""

    terms: ZoneTerms


@dataclass(frozen=True, slots=True)
class ChangeZone(Command):
    """Deliver there on other terms; orders keep what was agreed."""

    zone_id: ZoneId
    terms: ZoneTerms
    version: int


@dataclass(frozen=True, slots=True)
class OpenSlots(Command):
    """Take orders for hours of some days; ``cutoff_minutes`` before each no more are taken."""

    zone_id: ZoneId
    first_day: date
    last_day: date
    windows: tuple[Window, ...]
    capacity: int
    cutoff_minutes: int = 60


@dataclass(frozen=True, slots=True)
class ChangeSlot(Command):
    """Give a slot more or fewer places, or take no more orders for it."""

    slot_id: SlotId
    capacity: int
    status: SlotStatus
    version: int


async def make_zone(wish: MakeZone, zones: Zones, rules: Rules, ids: Ids, facts: Facts) -> ZoneId:
    """A new zone."""
    zone = made_zone(ZoneId(ids.new()), wish.terms, rules.currency)
    await _check(zone, zones, rules)
    zones.add(zone)
    facts.tell(_zone_fact(zone), zone.version, wish.at)
    return zone.id


async def change_zone(wish: ChangeZone, zones: Zones, rules: Rules, facts: Facts) -> int:
    """The zone on other terms."""
    zone = (await zones.get(wish.zone_id)).changed(wish.terms)
    await _check(zone, zones, rules)
    version = await zones.save(zone, wish.version)
    facts.tell(_zone_fact(zone), version, wish.at)
    return version


async def _check(zone: Zone, zones: Zones, rules: Rules) -> None:
    if zone.location_id not in rules.locations:
        raise Unknown("location", str(zone.location_id))
    for prefix, owner in (await zones.owners(zone.country, zone.prefixes)).items():
        if owner != zone.id:
            raise PrefixTaken(prefix, zone.country)


async def open_slots(
    wish: OpenSlots, zones: Zones, slots: Slots, rules: Rules, ids: Ids, facts: Facts
) -> list[SlotId]:
    """Fresh slots, each told."""
    zone = await zones.get(wish.zone_id)
    made = slots_of(
        zone.id,
        (wish.first_day, wish.last_day),
        wish.windows,
        wish.capacity,
        wish.cutoff_minutes,
        rules.time_zone,
        ids,
    )
    starts = [slot.starts_at for slot in made]
    for there in sorted(await slots.starts(zone.id, min(starts), max(starts)) & set(starts)):
        raise SlotThere(there.isoformat())
    slots.add(made)
    for slot in made:
        facts.tell(_slot_fact(slot), slot.version, wish.at)
    return [slot.id for slot in made]


async def change_slot(wish: ChangeSlot, slots: Slots, facts: Facts) -> int:
    """The slot with other places, or closed."""
    slot = (await slots.lock([wish.slot_id])).get(wish.slot_id)
    if slot is None:
        raise Unknown("slot", str(wish.slot_id))
    changed = slot.changed(wish.capacity, wish.status)
    version = await slots.save(changed, wish.version)
    facts.tell(_slot_fact(replace(changed, version=version)), version, wish.at)
    return version


def _zone_fact(zone: Zone) -> ZoneChanged:
    return ZoneChanged(
        zone_id=zone.id,
        location_id=zone.location_id,
        status=zone.status.value,
        currency=zone.currency.code,
        fee=zone.fee.amount,
        free_from=None if zone.free_from is None else zone.free_from.amount,
        minimum=zone.minimum.amount,
    )


def _slot_fact(slot: Slot) -> SlotChanged:
    return SlotChanged(
        slot_id=slot.id,
        zone_id=slot.zone_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        capacity=slot.capacity,
        status=slot.status.value,
    )


HANDLERS = {
    MakeZone: make_zone,
    ChangeZone: change_zone,
    OpenSlots: open_slots,
    ChangeSlot: change_slot,
}
