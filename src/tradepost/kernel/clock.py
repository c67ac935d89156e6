"""Time is a port: commands ask the clock they are given, so tests, replays and tills own it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Tells the instant a command happens at."""

    def now(self) -> datetime:
        """The instant, in UTC, to the microsecond."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands at one instant: the business instant of a replayed document."""

    def __init__(self, instant: datetime) -> None:
        assert instant.utcoffset() == timedelta(0), "instants are UTC"
        self._instant = instant

    def now(self) -> datetime:
        return self._instant


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z, the form in which instants are stored."""
    return (instant - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The instant that a stored number of microseconds means."""
    return EPOCH + micros * _MICROSECOND


def business_date(instant: datetime, time_zone: str, cutoff_hour: int = 0) -> date:
    """The trading day that an instant belongs to: local date of the instant less the cut-off.

    Stored with the record when it is made, because the setting may change later.
    """
    shifted = instant - timedelta(hours=cutoff_hour)
    return shifted.astimezone(ZoneInfo(time_zone)).date()
