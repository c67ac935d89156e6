"""Deliveries as staff, couriers and shoppers see them, and couriers with their cash."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from tradepost.delivery.domain.cash import Collected, HandIn
from tradepost.delivery.domain.courier import Courier
from tradepost.delivery.domain.job import OPEN_JOBS, Delivery, JobState
from tradepost.delivery.ports import Destination, Destinations, KnownOrders, Purse
from tradepost.delivery.storage.jobs import (
    COURIERS,
    DELIVERIES,
    HAND_IN_ROWS,
    IS_OPEN,
    couriers,
    deliveries,
    hand_ins,
    open_jobs,
    signatures,
)
from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CourierId, CustomerId, DeliveryId, OrderId
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader

HAND_INS_SHOWN_MAX = 200
_OF_ORDER = Statement(DELIVERIES.select.where(deliveries.c.order_id == param("order_id")))
_OWN = Statement(
    DELIVERIES.select.where(deliveries.c.courier_id == param("courier_id"))
    .where(IS_OPEN)
    .order_by(deliveries.c.assigned_at, deliveries.c.id)
)
_SIGNATURE = Statement(scoped(signatures, signatures.c.image).where(signatures.c.id == param("id")))
_COURIERS = Statement(COURIERS.select.order_by(couriers.c.name, couriers.c.id))
_HAND_INS = Statement(
    scoped(hand_ins, *HAND_IN_ROWS.columns)
    .where(hand_ins.c.courier_id == param("courier_id"))
    .order_by(hand_ins.c.at.desc(), hand_ins.c.id.desc())
    .limit(HAND_INS_SHOWN_MAX)
)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as staff see it; the shopper's code is not among it, since it is a proof."""

    id: UUID
    kind: str
    order_id: UUID
    order_number: int
    location_id: UUID | None
    zone_id: UUID | None
    slot_id: UUID | None
    due_at: datetime | None
    state: str
    courier_id: UUID | None
    declined_by: tuple[UUID, ...]
    attempt: int
    shipment_id: UUID | None
    payment_id: UUID | None
    proof_kind: str | None
    proof: str
    failure: str
    opened_at: datetime
    assigned_at: datetime | None
    accepted_at: datetime | None
    picked_up_at: datetime | None
    closed_at: datetime | None
    version: int

    @property
    def position(self) -> tuple[int, str]:
        """Its place in the list."""
        return to_micros(self.opened_at), str(self.id)


@dataclass(frozen=True, slots=True)
class JobView:
    """A delivery as its courier sees it; ``collect`` in minor units of ``currency``."""

    id: UUID
    order_id: UUID
    order_number: int
    state: str
    due_at: datetime | None
    accepted_at: datetime | None
    picked_up_at: datetime | None
    attempt: int
    location_id: UUID | None
    destination: Destination | None
    collect: int
    currency: str
    version: int


@dataclass(frozen=True, slots=True)
class ShopperView:
    """A delivery as its shopper sees it; ``code`` is what they show when they get the goods."""

    kind: str
    state: str
    due_at: datetime | None
    code: str
    picked_up_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CourierView:
    """A courier, and how many jobs they have."""

    id: UUID
    name: str
    location_id: UUID
    zone_ids: tuple[UUID, ...]
    status: str
    on_duty: bool
    duty_since: datetime | None
    jobs: int
    version: int


@dataclass(frozen=True, slots=True)
class CashView:
    """What a courier has collected and not handed in; amounts in minor units of ``currency``."""

    owed: int
    currency: str
    payments: tuple[Collected, ...]


@dataclass(frozen=True, slots=True)
class HandInView:
    """Cash that was handed in; amounts in minor units of ``currency``."""

    id: UUID
    currency: str
    owed: int
    counted: int
    missing: int
    payment_ids: tuple[UUID, ...]
    settlement_id: UUID
    note: str
    received_by: UUID | None
    at: datetime


def _statement(*, placed: bool, state: bool) -> Statement:
    table = deliveries
    chosen: Select[Any] = DELIVERIES.select.order_by(table.c.opened_at.desc(), table.c.id.desc())
    if state:
        chosen = chosen.where(table.c.state == param("state"))
    if placed:
        earlier = table.c.opened_at < param("at", like=table.c.opened_at)
        same = table.c.opened_at == param("at", like=table.c.opened_at)
        chosen = chosen.where(earlier | (same & (table.c.id < param("id", like=table.c.id))))
    return Statement(chosen.limit(param("limit", like=table.c.version)))


_STATEMENTS = {
    (placed, state): _statement(placed=placed, state=state)
    for placed in (False, True)
    for state in (False, True)
}


async def delivery_rows(
    db: Reader, state: JobState | None, after: tuple[Any, ...] | None, limit: int
) -> list[DeliveryView]:
    """Deliveries, the newest first."""
    values: dict[str, Any] = {"limit": limit}
    if state is not None:
        values["state"] = state
    if after is not None:
        values |= {"at": from_micros(after[0]), "id": UUID(after[1])}
    statement = _STATEMENTS[after is not None, state is not None]
    return [_view(one) for one in await DELIVERIES.all(db, statement, **values)]


async def delivery_page(db: Reader, delivery_id: DeliveryId) -> DeliveryView:
    """One delivery."""
    return _view(await DELIVERIES.get(db, delivery_id))


async def signature_of(db: Reader, delivery_id: DeliveryId) -> bytes:
    """The picture of a signature; :class:`Unknown` if there is none."""
    image = await db.value(_SIGNATURE, id=delivery_id)
    if image is None:
        raise Unknown("signature", str(delivery_id))
    return b64decode(image)


async def shopper_page(
    db: Reader, order_id: OrderId, owner: CustomerId | None, orders: KnownOrders
) -> ShopperView:
    """The delivery of an order, for its shopper."""
    await orders.check(order_id, owner)
    found = await DELIVERIES.first(db, _OF_ORDER, order_id=order_id)
    if found is None:
        raise Unknown("delivery of order", str(order_id))
    return ShopperView(
        found.kind.value,
        found.state.value,
        found.due_at,
        found.code,
        found.picked_up_at,
        found.closed_at,
    )


async def jobs_page(db: Reader, courier_id: CourierId, destinations: Destinations) -> list[JobView]:
    """A courier's jobs, the oldest first."""
    found = await DELIVERIES.all(db, _OWN, courier_id=courier_id)
    places = await destinations.of([one.order_id for one in found])
    return [_job(one, places) for one in found]


async def job_page(
    db: Reader, courier_id: CourierId, delivery_id: DeliveryId, destinations: Destinations
) -> JobView:
    """A courier's job; where it is over, without the address. Another's is :class:`Unknown`."""
    job = await own_job_page(db, courier_id, delivery_id)
    open_still = job.state in OPEN_JOBS or job.state is JobState.FAILED
    return _job(job, await destinations.of([job.order_id]) if open_still else {})


async def own_job_page(db: Reader, courier_id: CourierId, delivery_id: DeliveryId) -> Delivery:
    """A courier's job; another's is :class:`Unknown`."""
    job = await DELIVERIES.find(db, delivery_id)
    if job is None or not job.of(courier_id):
        raise Unknown("delivery", str(delivery_id))
    return job


async def courier_rows(db: Reader) -> list[CourierView]:
    """All couriers, by name."""
    found = await COURIERS.all(db, _COURIERS)
    jobs = await open_jobs(db, [one.id for one in found])
    return [_courier(one, jobs[one.id]) for one in found]


async def courier_page(db: Reader, courier_id: CourierId) -> CourierView:
    """One courier."""
    found = await COURIERS.get(db, courier_id)
    return _courier(found, (await open_jobs(db, [courier_id]))[courier_id])


async def cash_page(db: Reader, courier_id: CourierId, purse: Purse) -> CashView:
    """What a courier owes."""
    await COURIERS.get(db, courier_id)
    owed = await purse.owed(courier_id)
    currency = owed[0].currency if owed else ""
    return CashView(sum(one.amount for one in owed), currency, tuple(owed))


async def hand_in_rows(db: Reader, courier_id: CourierId) -> list[HandInView]:
    """What a courier handed in, the newest first."""
    await COURIERS.get(db, courier_id)
    rows = await db.all(_HAND_INS, courier_id=courier_id)
    return [_hand_in(HAND_IN_ROWS.load(row)) for row in rows]


def _view(one: Delivery) -> DeliveryView:
    return DeliveryView(
        id=one.id,
        kind=one.kind.value,
        order_id=one.order_id,
        order_number=one.order_number,
        location_id=one.location_id,
        zone_id=one.zone_id,
        slot_id=one.slot_id,
        due_at=one.due_at,
        state=one.state.value,
        courier_id=one.courier_id,
        declined_by=one.declined_by,
        attempt=one.attempt,
        shipment_id=one.shipment_id,
        payment_id=one.payment_id,
        proof_kind=one.proof_kind.value if one.proof_kind else None,
        proof=one.proof,
        failure=one.failure,
        opened_at=one.opened_at,
        assigned_at=one.assigned_at,
        accepted_at=one.accepted_at,
        picked_up_at=one.picked_up_at,
        closed_at=one.closed_at,
        version=one.version,
    )


def _job(one: Delivery, places: Mapping[OrderId, Destination]) -> JobView:
    place = places.get(one.order_id)
    return JobView(
        id=one.id,
        order_id=one.order_id,
        order_number=one.order_number,
        state=one.state.value,
        due_at=one.due_at,
        accepted_at=one.accepted_at,
        picked_up_at=one.picked_up_at,
        attempt=one.attempt,
        location_id=one.location_id,
        destination=place,
        collect=max(place.due, 0) if place else 0,
        currency=place.currency if place else "",
        version=one.version,
    )


def _courier(one: Courier, jobs: int) -> CourierView:
    return CourierView(
        one.id,
        one.name,
        one.location_id,
        one.zone_ids,
        one.status.value,
        one.on_duty,
        one.duty_since,
        jobs,
        one.version,
    )


def _hand_in(one: HandIn) -> HandInView:
    return HandInView(
        one.id,
        one.currency.code,
        one.owed.amount,
        one.counted.amount,
        one.missing.amount,
        one.payment_ids,
        one.settlement_id,
        one.note,
        one.received_by,
        one.at,
    )
