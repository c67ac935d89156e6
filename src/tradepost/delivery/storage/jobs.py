"""Deliveries, their signatures, couriers, and what they handed in, as rows."""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_

from tradepost.delivery.domain.cash import HandIn
from tradepost.delivery.domain.courier import Courier, CourierStatus, Standby
from tradepost.delivery.domain.job import OPEN_JOBS, Delivery, JobState, Kind
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CourierId, DeliveryId, LocationId, OrderId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped, scoped_delete
from tradepost.platform.db.work import Reader, Work


@dataclass(frozen=True, slots=True)
class Signature:
    """The picture of a signature, in Base64; ``id`` is the delivery's."""

    id: DeliveryId
    image: str


deliveries = tenant_table(
    "deliveries",
    Delivery,
    unique=[("order_id",)],
    indexes=[("state", "location_id"), ("courier_id", "state"), ("opened_at",)],
    references={"order_id": "orders"},
)
signatures = tenant_table("delivery_signatures", Signature, references={"id": "deliveries"})
couriers = tenant_table("couriers", Courier, indexes=[("location_id",)])
hand_ins = tenant_table("hand_ins", HandIn, indexes=[("courier_id",)])
DELIVERIES = Keeper("delivery", Delivery, deliveries)
COURIERS = Keeper("courier", Courier, couriers)
_SIGNATURE_ROWS = Mapper(Signature, signatures)
HAND_IN_ROWS = Mapper(HandIn, hand_ins)
_LOCK = Statement(DELIVERIES.select.where(deliveries.c.id == param("id")).with_for_update())
_LOCK_OF = Statement(
    DELIVERIES.select.where(deliveries.c.order_id == param("order_id"))
    .order_by(deliveries.c.id)
    .with_for_update()
)
_LOCK_WAITING = Statement(
    DELIVERIES.select.where(deliveries.c.state == JobState.PENDING)
    .where(deliveries.c.kind == Kind.LOCAL)
    .where(deliveries.c.location_id == param("location_id"))
    .order_by(deliveries.c.id)
    .with_for_update()
)
_FORGET = Statement(scoped_delete(signatures).where(signatures.c.id == param("id")))
_ON_DUTY = Statement(
    COURIERS.select.where(couriers.c.location_id == param("location_id"))
    .where(couriers.c.on_duty == param("on_duty"))
    .where(couriers.c.status == CourierStatus.ACTIVE)
)
IS_OPEN = or_(*(deliveries.c.state == state for state in OPEN_JOBS))
"""Deliveries that a courier has."""
_JOBS = Statement(
    scoped(deliveries, deliveries.c.courier_id, func.count())
    .where(any_of(deliveries.c.courier_id, "ids"))
    .where(IS_OPEN)
    .group_by(deliveries.c.courier_id)
)
_ENDED = Statement(
    scoped(deliveries, deliveries.c.courier_id, func.max(deliveries.c.closed_at))
    .where(any_of(deliveries.c.courier_id, "ids"))
    .where(deliveries.c.closed_at.is_not(None))
    .group_by(deliveries.c.courier_id)
)


class SqlDeliveries:
    """Answers the Deliveries port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, delivery: Delivery) -> None:
        DELIVERIES.add(self._work, delivery)

    async def lock(self, id: DeliveryId) -> Delivery:
        found = await DELIVERIES.first(self._work, _LOCK, id=id)
        if found is None:
            raise Unknown("delivery", str(id))
        return found

    async def lock_of(self, order_id: OrderId) -> list[Delivery]:
        return await DELIVERIES.all(self._work, _LOCK_OF, order_id=order_id)

    async def lock_waiting(self, location_id: LocationId) -> list[Delivery]:
        found = await DELIVERIES.all(self._work, _LOCK_WAITING, location_id=location_id)
        return sorted(found, key=lambda one: (one.due_at or one.opened_at, one.opened_at, one.id))

    async def save(self, delivery: Delivery) -> int:
        return await DELIVERIES.save(self._work, delivery, delivery.version)

    async def sign(self, id: DeliveryId, image: bytes) -> None:
        kept = Signature(id, b64encode(image).decode())
        self._work.add(signatures, _SIGNATURE_ROWS.dump(kept))

    async def forget_signature(self, id: DeliveryId) -> None:
        await self._work.run(_FORGET, id=id)

    async def jobs_of(self, courier_id: CourierId) -> int:
        return (await open_jobs(self._work, [courier_id]))[courier_id]


class SqlCouriers:
    """Answers the Couriers port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, courier_id: CourierId) -> Courier:
        return await COURIERS.get(self._work, courier_id)

    def add(self, courier: Courier) -> None:
        COURIERS.add(self._work, courier)

    async def save(self, courier: Courier, version: int) -> int:
        return await COURIERS.save(self._work, courier, version)

    async def standby(self, location_id: LocationId) -> list[Standby]:
        found = await COURIERS.all(self._work, _ON_DUTY, location_id=location_id, on_duty=True)
        ids = [one.id for one in found]
        jobs = await open_jobs(self._work, ids)
        ended: dict[CourierId, datetime] = dict(await self._work.all(_ENDED, ids=ids))
        return [Standby(one, jobs[one.id], _idle(one, ended.get(one.id))) for one in found]


def _idle(courier: Courier, ended: datetime | None) -> datetime:
    since = courier.duty_since or courier.hired_at
    return max(ended, since) if ended else since


async def open_jobs(db: Reader, ids: Iterable[CourierId]) -> dict[CourierId, int]:
    """How many jobs couriers have; none for those who have none."""
    found: dict[CourierId, int] = defaultdict(int)
    found.update(await db.all(_JOBS, ids=sorted(set(ids))))
    return found


class SqlHandIns:
    """Answers the HandIns port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, made: HandIn) -> None:
        self._work.add(hand_ins, HAND_IN_ROWS.dump(made))
