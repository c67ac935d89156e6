"""Units that orders were promised and that are not there, for a person to settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tradepost.inventory.domain.reservations import Reservation
from tradepost.inventory.domain.stock import Cause, CauseKind, Stock
from tradepost.kernel.ids import LocationId, OrderId, ShortfallId, VariantId
from tradepost.kernel.states import States


class ShortfallState(StrEnum):
    """Whether somebody has dealt with it."""

    OPEN = "open"
    SETTLED = "settled"


SHORTFALL: Final = States("shortfall", {ShortfallState.OPEN: {"settle": ShortfallState.SETTLED}})


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A count or a loss left fewer units than orders were promised.

    ``missing`` is by how much it fell short then; ``order_ids`` are the orders that were promised
    last, as many as it takes to make up for it.
    """

    id: ShortfallId
    location_id: LocationId
    variant_id: VariantId
    missing: int
    order_ids: tuple[OrderId, ...]
    cause_kind: CauseKind
    cause_id: UUID
    state: ShortfallState
    raised_at: datetime
    note: str = ""
    version: int = 1

    def settled(self, note: str) -> Shortfall:
        """The shortfall once somebody has dealt with it; the note says how."""
        state = SHORTFALL.after(self.state, "settle")
        return replace(self, state=state, note=note, version=self.version + 1)


def raised(
    id: ShortfallId,
    stock: Stock,
    promised: Sequence[Reservation],
    cause: Cause,
    at: datetime,
) -> Shortfall:
    """The shortfall of stock that has less than its orders were promised."""
    touched: dict[OrderId, None] = {}
    uncovered = stock.missing
    for reservation in sorted(promised, key=lambda one: (one.made_at, one.id), reverse=True):
        if uncovered <= 0:
            break
        touched[OrderId(reservation.owner_id)] = None
        uncovered -= reservation.quantity
    return Shortfall(
        id,
        stock.location_id,
        stock.variant_id,
        stock.missing,
        tuple(touched),
        cause.kind,
        cause.id,
        ShortfallState.OPEN,
        at,
    )
