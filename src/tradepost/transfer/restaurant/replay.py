"""The replay of a restaurant: sittings in the order of the file, in chunks, each whole or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from tradepost.kernel.clock import EPOCH
from tradepost.kernel.errors import Refusal
from tradepost.transfer.restaurant.menu import MenuItem
from tradepost.transfer.restaurant.report import Figures
from tradepost.transfer.restaurant.sittings import Sitting
from tradepost.transfer.retail.replay import Progress

SITTINGS_PER_CHUNK = 60
"""How many tabs are booked in one transaction."""


class Desk(Protocol):
    """Who serves sittings: the same commands that a waiter's requests take."""

    async def plan(self, menu: Mapping[str, MenuItem]) -> None:
        """Take the menu into the catalogue and the floor, where it is not."""
        ...

    async def booked(self, chunk: Sequence[Sitting]) -> set[str]:
        """The orders among these that are booked already."""
        ...

    async def book(self, chunk: Sequence[Sitting]) -> None:
        """Open, serve, take the money for and close the tabs of sittings, in one transaction."""
        ...


@dataclass(slots=True)
class Tally:
    """What the file holds: by category, and lines that name no dish."""

    by_category: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    sittings: int = 0
    orders: int = 0
    nameless: int = 0

    def add(self, one: Sitting) -> None:
        """Count a sitting."""
        self.sittings += 1
        self.orders += bool(one.dishes)
        self.nameless += one.nameless
        for dish in one.dishes:
            self.by_category[dish.category] += Figures(1, 1, dish.price_micros)


@dataclass(slots=True)
class Replay:
    """One run over a file's sittings."""

    desk: Desk
    watch: Callable[[Progress], None]
    tally: Tally = field(default_factory=Tally)
    progress: Progress = field(default_factory=Progress)
    _chunk: list[Sitting] = field(default_factory=list)
    _days: list[date] = field(default_factory=list)

    async def run(self, menu: Mapping[str, MenuItem], stream: Iterable[Sitting]) -> None:
        """Book everything; what was whole before the file broke off is booked before it is told.

        :raises Refusal: of the file, with the line it is in.
        """
        await self.desk.plan(menu)
        try:
            for one in stream:
                self.tally.add(one)
                self._days = [*self._days[:1], one.opened_at.date()]
                self._chunk.append(one)
                if len(self._chunk) == SITTINGS_PER_CHUNK:
                    await self._flush()
        except Refusal:
            await self._flush()
            raise
        await self._flush()

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the file."""
        return (self._days[0], self._days[-1]) if self._days else (EPOCH.date(), EPOCH.date())

    async def _flush(self) -> None:
        chunk, self._chunk = self._chunk, []
        if not chunk:
            return
        done = await self.desk.booked(chunk)
        fresh = [one for one in chunk if one.order not in done]
        if fresh:
            await self.desk.book(fresh)
        self.progress.documents += len(chunk)
        self.progress.lines += sum(one.lines for one in chunk)
        self.progress.passed_over += len(chunk) - len(fresh)
        self.progress.reached = chunk[-1].opened_at
        self.watch(self.progress)
