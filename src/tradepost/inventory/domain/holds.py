"""What carts hold: asked for when goods are put in, granted by a worker, for a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tradepost.inventory.domain.demand import route
from tradepost.inventory.domain.quota import Quota
from tradepost.inventory.domain.reservations import (
    OwnerKind,
    Reservation,
    ReservationState,
    by_place,
)
from tradepost.inventory.domain.stock import Place, Shelf, Stock
from tradepost.inventory.errors import Shortage
from tradepost.kernel.ids import (
    CartId,
    CartLineId,
    Ids,
    LocationId,
    ReservationId,
    ReservationRequestId,
    VariantId,
)
from tradepost.kernel.states import States


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """How long a hold lasts, and how often activity in the cart may prolong it by as much."""

    minutes: int
    extensions_max: int = 0

    @property
    def seconds_max(self) -> int:
        """For how long a hold may last, with all that prolongs it."""
        return self.minutes * (1 + self.extensions_max) * 60

    def until(self, at: datetime, made_at: datetime) -> datetime:
        """When a hold that was made at an instant runs out if it is prolonged at another."""
        last = timedelta(minutes=self.minutes)
        return min(at + last, made_at + last * (1 + self.extensions_max))


@dataclass(frozen=True, slots=True)
class HoldLine:
    """How many units of a variant a cart line wants held in all; none lets go of them.

    ``only_at`` are the locations they may come from, where these are not all of the cart's.
    """

    line_id: CartLineId
    variant_id: VariantId
    quantity: int
    only_at: tuple[LocationId, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class CartHold:
    """What a cart wants held: its lines as they are now, from the locations it may draw on."""

    cart_id: CartId
    version: int
    lines: tuple[HoldLine, ...]
    locations: tuple[LocationId, ...]
    terms: HoldTerms
    at: datetime
    quota: Quota | None = None

    def units(self) -> int:
        """How many units it wants held in all."""
        return sum(line.quantity for line in self.lines)


class RequestState(StrEnum):
    """What became of a request."""

    PENDING = "pending"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


REQUEST: Final = States(
    "reservation request",
    {
        RequestState.PENDING: {
            "grant": RequestState.GRANTED,
            "grant in part": RequestState.PARTLY_GRANTED,
            "reject": RequestState.REJECTED,
            "withdraw": RequestState.WITHDRAWN,
        }
    },
)


@dataclass(frozen=True, slots=True)
class ReservationRequest:
    """Lines of a cart that wait for a worker; hot ones wait apart, in a lane of their own."""

    id: ReservationRequestId
    cart_id: CartId
    is_hot: bool
    lines: tuple[HoldLine, ...]
    locations: tuple[LocationId, ...]
    terms: HoldTerms
    state: RequestState
    requested_at: datetime
    cart_version: int
    version: int = 1

    def as_wish(self, at: datetime) -> CartHold:
        """What it wants, to be held from an instant on."""
        return CartHold(self.cart_id, self.cart_version, self.lines, self.locations, self.terms, at)

    def answered(self, grant: Grant) -> ReservationRequest:
        """The request after what a worker could do for it."""
        if not grant.rejected:
            return self.after("grant")
        whole = len(grant.rejected) == len(self.lines)
        return self.after("reject" if whole else "grant in part")

    def after(self, action: str) -> ReservationRequest:
        """The request after an action, one version later."""
        return replace(self, state=REQUEST.after(self.state, action), version=self.version + 1)


Line = tuple[CartId, CartLineId]


@dataclass(slots=True)
class Grant:
    """What a request (or a cart that holds at once) did to reservations and stock."""

    ended: list[Reservation] = field(default_factory=list)
    made: list[Reservation] = field(default_factory=list)
    levels: dict[Place, Stock] = field(default_factory=dict)
    more: dict[Place, int] = field(default_factory=dict)
    less: dict[Place, int] = field(default_factory=dict)
    rejected: list[tuple[HoldLine, Shortage]] = field(default_factory=list)

    def hold(
        self, line: HoldLine, wish: CartHold, shelf: Shelf, mine: Sequence[Reservation], ids: Ids
    ) -> None:
        """Hold what a line wants in place of what it holds; or leave that, and note the refusal."""
        own = by_place((one, one.quantity) for one in mine)
        takes: dict[Place, int] = {}
        if line.quantity:
            wanted = {line.variant_id: line.quantity}
            limits = {line.variant_id: line.only_at}
            pieces = route(wanted, wish.locations, shelf, own, limits=limits)
            if isinstance(pieces, Shortage):
                self.rejected.append((line, pieces))
                return
            parts = pieces[line.variant_id]
            takes = {(location, line.variant_id): units for location, units in parts}
        self._book(own, takes, shelf)
        self.ended.extend(mine)
        # What has run out and was not swept yet does not count against a fresh start.
        lasting = [one.made_at for one in mine if one.expires_at and one.expires_at > wish.at]
        made_at = min(lasting, default=wish.at)
        self.made.extend(
            Reservation(
                ReservationId(ids.new()),
                OwnerKind.CART,
                wish.cart_id,
                line.line_id,
                place[0],
                place[1],
                units,
                ReservationState.ACTIVE,
                made_at,
                wish.terms.until(wish.at, made_at),
            )
            for place, units in takes.items()
        )

    def _book(self, own: Mapping[Place, int], takes: Mapping[Place, int], shelf: Shelf) -> None:
        for place in {**takes, **own}:
            change = takes.get(place, 0) - own.get(place, 0)
            if change:
                self.levels[place] = shelf.change(place, held=change)
                sums = self.more if change > 0 else self.less
                sums[place] = sums.get(place, 0) + abs(change)


def grant_all(
    wishes: Sequence[CartHold], shelf: Shelf, holds: Sequence[Reservation], ids: Ids
) -> list[Grant]:
    """Hold what carts want, in the order in which they come, each line whole or not at all.

    ``holds`` are the living holds of these carts; no line is named twice.
    """
    mine: dict[Line, list[Reservation]] = {}
    for one in holds:
        line_of = (CartId(one.owner_id), CartLineId(one.line_id))
        mine.setdefault(line_of, []).append(one)
    grants = []
    for wish in wishes:
        grant = Grant()
        for line in wish.lines:
            grant.hold(line, wish, shelf, mine.get((wish.cart_id, line.line_id), ()), ids)
        grants.append(grant)
    return grants


def differing(wish: CartHold, holds: Sequence[Reservation]) -> list[HoldLine]:
    """The lines that want something other than they hold.

    Lines that are gone from the cart want nothing any more.
    """
    held: dict[CartLineId, HoldLine] = {}
    for one in holds:
        line_id = CartLineId(one.line_id)
        had = held[line_id].quantity if line_id in held else 0
        held[line_id] = HoldLine(line_id, one.variant_id, had + one.quantity)
    wanted = {line.line_id: line for line in wish.lines}
    gone = [replace(line, quantity=0) for id, line in held.items() if id not in wanted]
    return [line for line in [*wanted.values(), *gone] if line != held.get(line.line_id)]
