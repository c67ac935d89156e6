"""Couriers: who brings the goods, whether they are on duty, and who gets the next job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.delivery.domain.job import Delivery
from tradepost.delivery.errors import CourierElsewhere, CourierOff
from tradepost.kernel.ids import CourierId, LocationId, ZoneId
from tradepost.kernel.text import one_line

JOBS_MAX = 8
"""Jobs that a courier is given by itself; by hand it may be more."""


class CourierStatus(StrEnum):
    """Whether somebody still delivers for the shop."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Courier:
    """Somebody who delivers from a location: to its zones, or to those of ``zone_ids`` only.

    How they sign in is kept with the other sign-ins.
    """

    id: CourierId
    name: str
    location_id: LocationId
    zone_ids: tuple[ZoneId, ...]
    status: CourierStatus
    on_duty: bool
    duty_since: datetime | None
    hired_at: datetime
    version: int

    def changed(
        self,
        name: str,
        location_id: LocationId,
        zone_ids: Iterable[ZoneId],
        status: CourierStatus,
    ) -> Courier:
        """With another name, place, zones or status; who is disabled is off duty."""
        active = status is CourierStatus.ACTIVE
        return replace(
            self,
            name=one_line(name, "name", longest=100),
            location_id=location_id,
            zone_ids=tuple(sorted(set(zone_ids))),
            status=status,
            on_duty=self.on_duty and active,
            duty_since=self.duty_since if active else None,
        )

    def put_on(self, duty: bool, at: datetime) -> Courier:
        """On duty from now on, or off; who is on already stays since when they were."""
        if duty and self.status is not CourierStatus.ACTIVE:
            raise CourierOff(self.name, self.status.value)
        since = (self.duty_since or at) if duty else None
        return replace(self, on_duty=duty, duty_since=since)

    def serves(self, job: Delivery) -> bool:
        """Whether it leaves from their location, to one of their zones."""
        here = job.location_id == self.location_id
        return here and (not self.zone_ids or job.zone_id in self.zone_ids)

    def check_takes(self, job: Delivery) -> None:
        """Refuse to give them a job while they are off, or one of another place or zone."""
        if self.status is not CourierStatus.ACTIVE or not self.on_duty:
            active = self.status is CourierStatus.ACTIVE
            raise CourierOff(self.name, "off duty" if active else self.status.value)
        if not self.serves(job):
            raise CourierElsewhere(self.name)


@dataclass(frozen=True, slots=True)
class Standby:
    """A courier on duty, with how many jobs they have, and since when they have had none."""

    courier: Courier
    jobs: int
    idle_since: datetime


def fairest(waiting: Iterable[Standby], job: Delivery) -> Standby | None:
    """Who gets a job: fewest jobs first, then whoever has been idle longest.

    Nobody who declined it, who is full, or whose place or zone it is not.
    """
    fit = [
        one
        for one in waiting
        if one.jobs < JOBS_MAX
        and one.courier.on_duty
        and one.courier.status is CourierStatus.ACTIVE
        and one.courier.serves(job)
        and one.courier.id not in job.declined_by
    ]
    return min(fit, key=lambda one: (one.jobs, one.idle_since, one.courier.id), default=None)
