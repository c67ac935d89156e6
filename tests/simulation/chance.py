"""Clock and identifiers of a history: the same for the same seed."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tradepost.kernel.clock import EPOCH
from tradepost.kernel.ids import uuid_of

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class SimTime:
    """What all clocks of a history have in common; a jump moves every one of them."""

    def __init__(self) -> None:
        self.jumped = timedelta()
        self.played: datetime | None = None
        """What all clocks say while a transaction is played again."""

    def now(self) -> datetime:
        """The true time."""
        if self.played is not None:
            return self.played
        try:
            seconds = asyncio.get_running_loop().time()
        except RuntimeError:
            seconds = 0.0
        return BEGINNING + self.jumped + timedelta(milliseconds=int(seconds * 1000))


class SimClock:
    """The clock of one process, which may go wrong by ``skew``."""

    def __init__(self, time: SimTime) -> None:
        self.skew = timedelta()
        self._time = time

    def now(self) -> datetime:
        """The time as this process sees it."""
        return self._time.played or self._time.now() + self.skew


class SimIds:
    """UUIDs of version 7 by seed; what a transaction draws can be played again."""

    def __init__(self, seed: str, time: SimTime) -> None:
        self.drawn: list[UUID] = []
        self.played: list[UUID] | None = None
        self.time = time
        self._random = random.Random(seed)

    def new(self) -> UUID:
        """A fresh one, or the next of those that are played again."""
        if self.played is not None:
            return self.played.pop(0)
        chance = self._random.getrandbits(74)
        made = uuid_of(
            ((self.time.now() - EPOCH) // _MILLISECOND) << 80
            | 0x7 << 76
            | (chance >> 62) << 64
            | 0b10 << 62
            | chance & 0x3FFF_FFFF_FFFF_FFFF
        )
        self.drawn.append(made)
        return made
