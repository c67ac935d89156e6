"""Booking goods in and out, and raising what orders will miss because of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.inventory.commands.telling import Telling, tell_short
from tradepost.inventory.domain.bookings import Booking
from tradepost.inventory.domain.reservations import Reservation
from tradepost.inventory.domain.shortfalls import Shortfall, raised
from tradepost.inventory.domain.stock import Cause, Place, Stock, moved
from tradepost.inventory.ports import Reservations, Shortfalls, Stocks
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids, ShortfallId
from tradepost.kernel.messages import Facts


@dataclass(frozen=True, slots=True)
class _Booked:
    booking: Booking
    levels: list[Stock]
    short: list[Stock]


class Books:
    """Books lists of documents of the stock room; bound to one work."""

    def __init__(
        self,
        stocks: Stocks,
        reservations: Reservations,
        shortfalls: Shortfalls,
        facts: Facts,
        ids: Ids,
    ) -> None:
        self._stocks = stocks
        self._reservations = reservations
        self._shortfalls = shortfalls
        self._facts = facts
        self._ids = ids

    async def book(self, bookings: Sequence[Booking | Refusal]) -> list[Refusal | None]:
        """Book documents in their order; one that cannot be booked changes nothing.

        What is refused already stays so. A loss below what orders were promised is booked, and
        the shortfall raised.
        """
        wanted = [one for one in bookings if isinstance(one, Booking)]
        shelf = await self._stocks.lock_or_open(
            {place for one in wanted for place, _ in one.deltas}
        )
        answers: list[Refusal | None] = []
        done: list[_Booked] = []
        for one in bookings:
            try:
                if isinstance(one, Refusal):
                    raise one
                done.append(_Booked(one, *one.put_on(shelf)))
                answers.append(None)
            except Refusal as refusal:
                answers.append(refusal)
        await self._stocks.save(shelf)
        promised = await self._promised({stock.place for one in done for stock in one.short})
        for booked in done:
            self._keep(booked, promised)
        return answers

    async def look_for_shortfalls(
        self, places: Collection[Place], cause: Cause, at: datetime
    ) -> bool:
        """Raise what orders will miss at places from which goods left that others were promised.

        Whether any do.
        """
        shelf = await self._stocks.lock({one[0] for one in places}, {one[1] for one in places})
        short = [shelf[one] for one in sorted(places) if one in shelf and shelf[one].missing]
        promised = await self._promised({stock.place for stock in short})
        found = [
            raised(ShortfallId(self._ids.new()), one, promised.get(one.place, []), cause, at)
            for one in short
        ]
        self._shortfalls.add(found)
        for shortfall in found:
            tell_short(self._facts, shortfall)
        return bool(found)

    def _keep(self, booked: _Booked, promised: dict[Place, list[Reservation]]) -> None:
        one = booked.booking
        self._stocks.record(moved(one.kind, one.cause, one.at, one.reason, one.deltas, self._ids))
        short: list[Shortfall] = []
        for stock in booked.short:
            id = ShortfallId(self._ids.new())
            short.append(raised(id, stock, promised.get(stock.place, []), one.cause, one.at))
        self._shortfalls.add(short)
        Telling(self._facts, one.cause, one.at).updated(booked.levels)
        for shortfall in short:
            tell_short(self._facts, shortfall)

    async def _promised(self, places: set[Place]) -> dict[Place, list[Reservation]]:
        found: dict[Place, list[Reservation]] = {}
        for one in await self._reservations.of_orders_at(places) if places else ():
            found.setdefault((one.location_id, one.variant_id), []).append(one)
        return found
