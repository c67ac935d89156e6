"""Holds whose time has run out go back to stock: swept, or freed in passing by the next buyer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tradepost.inventory.commands.telling import Telling
from tradepost.inventory.domain.reservations import Reservation, ReservationState, by_place
from tradepost.inventory.domain.stock import Cause, CauseKind, Shelf
from tradepost.inventory.ports import Reservations, Stocks
from tradepost.kernel.ids import Ids, ReservationId, VariantId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.whole import whole_number

SWEPT_MAX: Final = 1_000
"""Holds that one sweep may free, so that no transaction grows long."""


class Expiry:
    """Ends holds that ran out; bound to one work."""

    def __init__(self, stocks: Stocks, reservations: Reservations, facts: Facts, ids: Ids) -> None:
        self._stocks = stocks
        self._reservations = reservations
        self._facts = facts
        self._ids = ids

    async def free(
        self,
        variants: Collection[VariantId],
        at: datetime,
        shelf: Shelf,
        spared: Collection[ReservationId],
    ) -> bool:
        """Free what ran out of these variants on a locked shelf, all else on it undone.

        Whether there was any; ``spared`` are holds that the work itself is about to use.
        """
        expired = [
            hold
            for hold in await self._reservations.lock_expired(variants, at)
            if (hold.location_id, hold.variant_id) in shelf and hold.id not in spared
        ]
        if expired:
            shelf.undo()
            await self._end(expired, shelf, at)
        return bool(expired)

    async def sweep(self, most: int, at: datetime) -> int:
        """Free the holds that ran out first; how many."""
        expired = await self._reservations.lock_first_expired(at, most)
        if expired:
            shelf = await self._stocks.lock(
                {hold.location_id for hold in expired}, {hold.variant_id for hold in expired}
            )
            await self._end(expired, shelf, at)
            await self._stocks.save(shelf)
        return len(expired)

    async def _end(self, expired: Sequence[Reservation], shelf: Shelf, at: datetime) -> None:
        await self._reservations.close([hold.id for hold in expired], ReservationState.EXPIRED)
        levels = shelf.change_all(by_place((h, h.quantity) for h in expired), held=-1)
        telling = Telling(self._facts, Cause(CauseKind.EXPIRY, self._ids.new()), at)
        telling.expired(expired)
        telling.updated(levels)


@dataclass(frozen=True, slots=True)
class ExpireHolds(Command):
    """Free the holds that ran out by the command's instant, the oldest first."""

    most: int = 200


async def expire_holds(wish: ExpireHolds, expiry: Expiry) -> int:
    """Sweep once; answers how many holds were freed, so that the caller knows to come again."""
    return await expiry.sweep(whole_number(wish.most, "most", 1, SWEPT_MAX), wish.at)


HANDLERS = {ExpireHolds: expire_holds}
