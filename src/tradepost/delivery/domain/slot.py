"""Slots: the hours in which a zone is delivered to, and how many orders they take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tradepost.delivery.errors import BadSlots, SlotFull, SlotOver, SlotTaken
from tradepost.kernel.ids import Ids, SlotId, ZoneId

SLOTS_AT_ONCE_MAX = 500
CAPACITY_MAX = 100_000
FIRST_YEAR, LAST_YEAR = 2000, 2099


class SlotStatus(StrEnum):
    """Whether it takes orders."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Slot:
    """Some hours of a day in a zone; ``taken`` of its ``capacity`` places belong to orders.

    Orders are taken before ``orders_until``. The version tells changes of staff; orders come and
    go without one, under the row's lock.
    """

    id: SlotId
    zone_id: ZoneId
    starts_at: datetime
    ends_at: datetime
    orders_until: datetime
    capacity: int
    taken: int
    status: SlotStatus
    version: int

    @property
    def free(self) -> int:
        """Places that nobody has."""
        return max(self.capacity - self.taken, 0)

    def check_open(self, at: datetime) -> None:
        """Refuse an order that comes too late, or for a slot that is full or closed."""
        if self.status is SlotStatus.CLOSED or at >= self.orders_until:
            raise SlotOver(self.starts_at.isoformat(), self.orders_until.isoformat())
        if not self.free:
            raise SlotFull(self.starts_at.isoformat(), self.capacity)

    def changed(self, capacity: int, status: SlotStatus) -> Slot:
        """With other places, or closed; those who have a place keep it.

        :raises SlotTaken: for fewer places than are taken.
        """
        if capacity < self.taken and status is SlotStatus.OPEN:
            raise SlotTaken(self.taken, capacity)
        return replace(self, capacity=max(capacity, self.taken), status=status)


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of a day, by the shop's clock; ``ends`` before ``starts`` is on the next day."""

    starts: time
    ends: time


def slots_of(
    zone_id: ZoneId,
    days: tuple[date, date],
    windows: Sequence[Window],
    capacity: int,
    cutoff_minutes: int,
    time_zone: str,
    ids: Ids,
) -> list[Slot]:
    """The slots of the windows of each day, from the first day to the last.

    :raises BadSlots: for days out of order, none, or more than :data:`SLOTS_AT_ONCE_MAX`.
    """
    if not FIRST_YEAR <= days[0].year <= days[1].year <= LAST_YEAR:
        raise BadSlots("are of no day of this century", SLOTS_AT_ONCE_MAX)
    count = ((days[1] - days[0]).days + 1) * len(windows)
    if not 0 < count <= SLOTS_AT_ONCE_MAX:
        raise BadSlots("are none, or too many", SLOTS_AT_ONCE_MAX)
    spans = [span for day in _each(days) for span in _spans(day, windows, time_zone)]
    if len({starts for starts, _ in spans}) < len(spans):
        raise BadSlots("start at the same time", SLOTS_AT_ONCE_MAX)
    cutoff = timedelta(minutes=cutoff_minutes)
    return [
        Slot(
            SlotId(ids.new()), zone_id, starts, ends, starts - cutoff, capacity, 0,
            SlotStatus.OPEN, 1,
        )
        for starts, ends in spans
    ]  # fmt: skip


def _each(days: tuple[date, date]) -> Iterator[date]:
    for number in range((days[1] - days[0]).days + 1):
        yield days[0] + timedelta(days=number)


def _spans(
    day: date, windows: Sequence[Window], time_zone: str
) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(time_zone)
    for one in windows:
        last = day + timedelta(days=1) if one.ends <= one.starts else day
        starts = datetime.combine(day, one.starts, zone).astimezone(UTC)
        ends = datetime.combine(last, one.ends, zone).astimezone(UTC)
        if ends <= starts:
            raise BadSlots("end before they start", SLOTS_AT_ONCE_MAX)
        yield starts, ends
