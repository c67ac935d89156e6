"""Jobs are given to couriers, by hand or by themselves, taken or declined, and picked up."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.delivery.commands.told import JobAnswer, check_version, job_answer, save_job
from tradepost.delivery.domain.courier import Courier, fairest
from tradepost.delivery.domain.job import Delivery, Kind
from tradepost.delivery.ports import Book, Couriers, Deliveries, Rules, Trade
from tradepost.events.delivery import (
    DeliveryAccepted,
    DeliveryAssigned,
    DeliveryPickedUp,
    DeliveryReleased,
)
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CourierId, DeliveryId, LocationId
from tradepost.kernel.messages import Command, Facts

OUT, READY = "out_for_delivery", "ready"
CARRIER = "courier"


@dataclass(frozen=True, slots=True)
class AssignDelivery(Command):
    """Give a delivery to a courier who is on duty, whoever had it before."""

    delivery_id: DeliveryId
    courier_id: CourierId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class DispatchWaiting(Command):
    """Give what waits at a location to those on duty there, as far as it goes."""

    location_id: LocationId


@dataclass(frozen=True, slots=True)
class AcceptJob(Command):
    """A courier comes for a job of theirs."""

    delivery_id: DeliveryId
    courier_id: CourierId


@dataclass(frozen=True, slots=True)
class ReleaseJob(Command):
    """A job waits for another courier; by its courier, or by staff if none is named."""

    delivery_id: DeliveryId
    courier_id: CourierId | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PickUp(Command):
    """A courier leaves with the goods."""

    delivery_id: DeliveryId
    courier_id: CourierId


async def own_job(deliveries: Deliveries, id: DeliveryId, courier_id: CourierId) -> Delivery:
    """A courier's job, locked; another's is :class:`Unknown`."""
    job = await deliveries.lock(id)
    if not job.of(courier_id):
        raise Unknown("delivery", str(id))
    return job


async def assign_delivery(
    wish: AssignDelivery, deliveries: Deliveries, couriers: Couriers, facts: Facts
) -> JobAnswer:
    """The courier has the job."""
    job = await deliveries.lock(wish.delivery_id)
    check_version("delivery", wish.version, job.version)
    courier = await couriers.get(wish.courier_id)
    given = job.assigned(courier.id, wish.at)
    courier.check_takes(job)
    return await _give(given, courier, deliveries, facts, wish)


async def dispatch_waiting(
    wish: DispatchWaiting, deliveries: Deliveries, couriers: Couriers, rules: Rules, facts: Facts
) -> int:
    """Each in turn, the most urgent first; how many were given."""
    if not rules.assigns_by_itself:
        return 0
    jobs = await deliveries.lock_waiting(wish.location_id)
    standby = await couriers.standby(wish.location_id) if jobs else []
    given = 0
    for job in jobs:
        best = fairest(standby, job)
        if best is None:
            continue
        taken = job.assigned(best.courier.id, wish.at)
        await _give(taken, best.courier, deliveries, facts, wish)
        more = replace(best, jobs=best.jobs + 1)
        standby = [more if one is best else one for one in standby]
        given += 1
    return given


async def _give(
    job: Delivery, courier: Courier, deliveries: Deliveries, facts: Facts, wish: Command
) -> JobAnswer:
    fact = DeliveryAssigned(job.id, job.order_id, courier.id)
    return await save_job(job, fact, deliveries, facts, wish.at)


async def accept_job(wish: AcceptJob, deliveries: Deliveries, facts: Facts) -> JobAnswer:
    """The courier comes; said again, nothing changes."""
    job = await own_job(deliveries, wish.delivery_id, wish.courier_id)
    accepted = job.accepted(wish.at)
    if accepted == job:
        return job_answer(job)
    fact = DeliveryAccepted(job.id, job.order_id, wish.courier_id)
    return await save_job(accepted, fact, deliveries, facts, wish.at)


async def release_job(wish: ReleaseJob, deliveries: Deliveries, facts: Facts) -> JobAnswer:
    """The job waits for another courier."""
    job = await deliveries.lock(wish.delivery_id)
    if wish.courier_id is not None and not job.of(wish.courier_id):
        raise Unknown("delivery", str(wish.delivery_id))
    check_version("delivery", wish.version, job.version)
    job.moved("release")
    released = job.released()
    fact = DeliveryReleased(job.id, job.order_id, job.location_id)
    return await save_job(released, fact, deliveries, facts, wish.at)


async def pick_up(
    wish: PickUp, deliveries: Deliveries, trade: Trade, book: Book, facts: Facts
) -> JobAnswer:
    """The goods leave the shop's stock, once; on a second try they have left before."""
    job = await own_job(deliveries, wish.delivery_id, wish.courier_id)
    assert job.kind is Kind.LOCAL, job.id
    job.moved("pick up")
    shipment_id = job.shipment_id
    if shipment_id is None:
        shipment_id = await trade.ship(job.order_id, CARRIER, wish.at)
    await book.reach(job.order_id, OUT, wish.at)
    left = job.picked_up(shipment_id, wish.at)
    fact = DeliveryPickedUp(job.id, job.order_id, wish.courier_id, left.attempt)
    return await save_job(left, fact, deliveries, facts, wish.at)


HANDLERS = {
    AssignDelivery: assign_delivery,
    DispatchWaiting: dispatch_waiting,
    AcceptJob: accept_job,
    ReleaseJob: release_job,
    PickUp: pick_up,
}
