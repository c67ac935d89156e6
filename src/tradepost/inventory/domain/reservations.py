"""What of the stock is promised, to whom, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tradepost.inventory.domain.stock import Place
from tradepost.inventory.errors import NotAllocated
from tradepost.kernel.ids import Ids, LocationId, ReservationId, VariantId
from tradepost.kernel.states import States


class OwnerKind(StrEnum):
    """Who a reservation is for: a cart holds, an order is allocated."""

    CART = "cart"
    ORDER = "order"


class ReservationState(StrEnum):
    """Where a reservation stands; only an active one binds stock."""

    ACTIVE = "active"
    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"


RESERVATION: Final = States(
    "reservation",
    {
        ReservationState.ACTIVE: {
            "consume": ReservationState.CONSUMED,
            "release": ReservationState.RELEASED,
            "expire": ReservationState.EXPIRED,
        }
    },
)


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units of a variant at a location that are promised to one line of a cart or an order."""

    id: ReservationId
    owner_kind: OwnerKind
    owner_id: UUID
    line_id: UUID
    location_id: LocationId
    variant_id: VariantId
    quantity: int
    state: ReservationState
    made_at: datetime
    expires_at: datetime | None = None


Part = tuple[Reservation, int]
"""Some or all of a reservation's units."""


Spot = tuple[UUID, LocationId | None]
"""A line, and the location that is meant if not all are."""


def by_place(parts: Iterable[Part]) -> dict[Place, int]:
    """Units by the place where they are promised."""
    sums: dict[Place, int] = {}
    for reservation, quantity in parts:
        place = (reservation.location_id, reservation.variant_id)
        sums[place] = sums.get(place, 0) + quantity
    return sums


@dataclass(frozen=True, slots=True)
class Parting:
    """What taking parts does to the rows: which close in a state, shrink, are split off."""

    state: ReservationState
    closed: list[ReservationId]
    resized: list[tuple[ReservationId, int]]
    split_off: list[Reservation]


class Promised:
    """The living, locked reservations of some owners, from which parts are taken in turn."""

    def __init__(self, reservations: Iterable[Reservation]) -> None:
        self._lines: dict[tuple[UUID, UUID], list[Reservation]] = {}
        self._left: dict[ReservationId, int] = {}
        self._parts: dict[ReservationId, list[Part]] = {}
        for reservation in reservations:
            self._left[reservation.id] = reservation.quantity
            line = (reservation.owner_id, reservation.line_id)
            self._lines.setdefault(line, []).append(reservation)

    def all_of(self, owner_id: UUID) -> list[Part]:
        """Everything an owner has left."""
        mine = [r for line, rs in self._lines.items() if line[0] == owner_id for r in rs]
        return [(r, self._left[r.id]) for r in mine if self._left[r.id]]

    def some_of_all(self, owner_id: UUID, wanted: Iterable[tuple[Spot, int]]) -> list[Part]:
        """So many units of each line, of one location where that is named.

        :raises NotAllocated: if there are fewer.
        """
        sums: dict[Spot, int] = {}
        for spot, quantity in wanted:
            sums[spot] = sums.get(spot, 0) + quantity
        parts: list[Part] = []
        for spot, quantity in sums.items():
            self._some_of(owner_id, spot, quantity, parts)
        return parts

    def _some_of(self, owner_id: UUID, spot: Spot, quantity: int, parts: list[Part]) -> None:
        line_id, location_id = spot
        lacking = quantity
        for reservation in self._lines.get((owner_id, line_id), ()):
            if location_id is None or reservation.location_id == location_id:
                part = min(lacking, self._left[reservation.id])
                if part:
                    parts.append((reservation, part))
                    lacking -= part
        if lacking:
            raise NotAllocated(str(line_id), quantity, quantity - lacking)

    def take(self, parts: Iterable[Part]) -> None:
        """Take parts that were found before; each only once."""
        for reservation, quantity in parts:
            self._left[reservation.id] -= quantity
            assert self._left[reservation.id] >= 0, reservation
            self._parts.setdefault(reservation.id, []).append((reservation, quantity))

    def parting(self, action: str, ids: Ids) -> Parting:
        """What became of the reservations by an action on all that was taken.

        A reservation taken whole changes its state. Of one taken in part the parts become
        reservations of their own, and what is left lives on.
        """
        state = RESERVATION.after(ReservationState.ACTIVE, action)
        done = Parting(state, [], [], [])
        for id, parts in self._parts.items():
            left = self._left[id]
            apart = parts if left else parts[:-1]
            if apart:
                done.resized.append((id, left or parts[-1][1]))
            if not left:
                done.closed.append(id)
            done.split_off.extend(
                replace(r, id=ReservationId(ids.new()), quantity=quantity, state=state)
                for r, quantity in apart
            )
        return done
