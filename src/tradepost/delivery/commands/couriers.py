"""Couriers are hired and changed by staff, and go on and off duty by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.delivery.domain.courier import Courier, CourierStatus
from tradepost.delivery.errors import CourierBusy, SignInMissing
from tradepost.delivery.ports import Couriers, Deliveries, Rules, SignIns, Zones
from tradepost.events.delivery import CourierChanged
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CourierId, Ids, LocationId, ZoneId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class HireCourier(Command):
    """Take a courier on, who signs in by mail address or telephone number."""

    name: str
    location_id: LocationId
    zone_ids: tuple[ZoneId, ...]
    email: str | None
    phone: str | None
    secret_hash: str


@dataclass(frozen=True, slots=True)
class ChangeCourier(Command):
    """Another name, place or zones; or nobody who delivers for the shop any more."""

    courier_id: CourierId
    name: str
    location_id: LocationId
    zone_ids: tuple[ZoneId, ...]
    status: CourierStatus
    version: int


@dataclass(frozen=True, slots=True)
class PutOnDuty(Command):
    """A courier begins to take jobs, or takes no more."""

    courier_id: CourierId
    duty: bool


@dataclass(frozen=True, slots=True)
class CourierAnswer:
    """Where a courier stands."""

    courier_id: CourierId
    on_duty: bool
    version: int


async def hire_courier(
    wish: HireCourier,
    couriers: Couriers,
    sign_ins: SignIns,
    zones: Zones,
    rules: Rules,
    ids: Ids,
    facts: Facts,
) -> CourierId:
    """A courier who can sign in and is off duty."""
    if not wish.email and not wish.phone:
        raise SignInMissing
    await _check(wish.location_id, wish.zone_ids, zones, rules)
    new = CourierId(ids.new())
    blank = Courier(new, "", wish.location_id, (), CourierStatus.ACTIVE, False, None, wish.at, 1)
    courier = blank.changed(wish.name, wish.location_id, wish.zone_ids, CourierStatus.ACTIVE)
    await sign_ins.open(new, wish.email, wish.phone, wish.secret_hash)
    couriers.add(courier)
    facts.tell(courier_fact(courier), courier.version, wish.at)
    return new


async def change_courier(
    wish: ChangeCourier,
    couriers: Couriers,
    deliveries: Deliveries,
    sign_ins: SignIns,
    zones: Zones,
    rules: Rules,
    facts: Facts,
) -> int:
    """The courier as staff say; whoever still has jobs cannot be let go."""
    await _check(wish.location_id, wish.zone_ids, zones, rules)
    before = await couriers.get(wish.courier_id)
    changed = before.changed(wish.name, wish.location_id, wish.zone_ids, wish.status)
    if changed.status is not before.status:
        barred = changed.status is CourierStatus.DISABLED
        jobs = await deliveries.jobs_of(changed.id) if barred else 0
        if jobs:
            raise CourierBusy(changed.name, jobs)
        await sign_ins.bar(changed.id, barred=barred)
    version = await couriers.save(changed, wish.version)
    facts.tell(courier_fact(changed), version, wish.at)
    return version


async def put_on_duty(wish: PutOnDuty, couriers: Couriers, facts: Facts) -> CourierAnswer:
    """On duty or off; said again, nothing changes. Jobs that they have stay theirs."""
    courier = await couriers.get(wish.courier_id)
    changed = courier.put_on(wish.duty, wish.at)
    version = courier.version
    if changed != courier:
        version = await couriers.save(changed, courier.version)
        facts.tell(courier_fact(changed), version, wish.at)
    return CourierAnswer(changed.id, changed.on_duty, version)


async def _check(
    location_id: LocationId, zone_ids: tuple[ZoneId, ...], zones: Zones, rules: Rules
) -> None:
    if location_id not in rules.locations:
        raise Unknown("location", str(location_id))
    for zone_id in zone_ids:
        await zones.get(zone_id)


def courier_fact(courier: Courier) -> CourierChanged:
    """The fact that tells how a courier stands."""
    return CourierChanged(courier.id, courier.location_id, courier.status.value, courier.on_duty)


HANDLERS = {
    HireCourier: hire_courier,
    ChangeCourier: change_courier,
    PutOnDuty: put_on_duty,
}
