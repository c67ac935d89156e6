"""Clock and identifiers of a history: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tradepost.kernel.clock import EPOCH
from tradepost.kernel.ids import uuid_of

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class SimTime:
    """What all clocks of a history have in common; a jump moves every one of them."""

    def __init__(self, seconds: Callable[[], float] = lambda: 0.0) -> None:
        self.played: datetime | None = None
        """What all clocks say while a transaction is played again."""
        self._seconds = seconds
        self._start = (BEGINNING - EPOCH) // _MILLISECOND
        self._known = (self._start, BEGINNING)

    def jump(self, by: timedelta) -> None:
        """Go on by so much at once."""
        self._start += by // _MILLISECOND

    def now_ms(self) -> int:
        """The true time, in whole milliseconds since 1970."""
        if self.played is not None:
            return (self.played - EPOCH) // _MILLISECOND
        return self._start + int(self._seconds() * 1000)

    def now(self) -> datetime:
        """The true time."""
        if self.played is not None:
            return self.played
        millis = self.now_ms()
        if self._known[0] != millis:
            self._known = (millis, EPOCH + millis * _MILLISECOND)
        return self._known[1]


class SimClock:
    """The clock of one process, which may go wrong by ``skew``."""

    def __init__(self, time: SimTime) -> None:
        self.skew = timedelta()
        self._time = time

    def now(self) -> datetime:
        """The time as this process sees it."""
        if not self.skew:
            return self._time.now()
        return self._time.played or self._time.now() + self.skew


class SimIds:
    """UUIDs of version 7 by seed; what a transaction draws can be played again."""

    def __init__(self, seed: str, time: SimTime) -> None:
        self.drawn: list[UUID] = []
        self.played: list[UUID] | None = None
        self.time = time
        self.begin(seed)

    def begin(self, seed: str) -> None:
        """Draw by a seed from here on."""
        self._bits = random.Random(seed).getrandbits

    def new(self) -> UUID:
        """A fresh one, or the next of those that are played again."""
        if self.played is not None:
            return self.played.pop(0)
        chance = self._bits(74)
        made = uuid_of(
            self.time.now_ms() << 80
            | 0x7 << 76
            | (chance >> 62) << 64
            | 0b10 << 62
            | chance & 0x3FFF_FFFF_FFFF_FFFF
        )
        self.drawn.append(made)
        return made
