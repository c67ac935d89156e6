"""Which stock an order gets: all of its lines or none, from the fewest places."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.inventory.domain.reservations import Reservation, by_place
from tradepost.inventory.domain.stock import Place, Shelf, Stock
from tradepost.inventory.errors import Shortage
from tradepost.kernel.ids import CartId, LocationId, OrderId, OrderLineId, VariantId
from tradepost.kernel.messages import NOBODY, Scope

Limits = Mapping[VariantId, Collection[LocationId]]
"""Variants that may come from some locations only; nothing, or no locations, is no limit."""
ANYWHERE: Limits = {}


@dataclass(frozen=True, slots=True)
class DemandLine:
    """An order line that wants stock; with ``backorder`` it takes what has yet to arrive too.

    ``only_at`` are the locations it may come from, where these are not all of the order's.
    """

    line_id: OrderLineId
    variant_id: VariantId
    quantity: int
    backorder: bool = False
    only_at: tuple[LocationId, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """What an order wants, from which locations, the most preferred first.

    ``cart_id`` names the cart it came from, whose holds turn into the allocation; ``version`` is
    the version that the order reaches by this; ``at`` the instant of its placing, ``by`` whose
    wish it was.
    """

    order_id: OrderId
    lines: tuple[DemandLine, ...]
    locations: tuple[LocationId, ...]
    at: datetime
    cart_id: CartId | None = None
    version: int = 1
    by: Scope = NOBODY

    def wanted(self) -> dict[VariantId, int]:
        """Units by variant: several lines of one variant want their sum."""
        sums: dict[VariantId, int] = {}
        for line in self.lines:
            sums[line.variant_id] = sums.get(line.variant_id, 0) + line.quantity
        return sums

    def limits(self) -> Limits:
        """The variants that may come from some of the locations only, with these."""
        return {line.variant_id: line.only_at for line in self.lines if line.only_at}

    def allowed(self, line: DemandLine) -> list[LocationId]:
        """The locations that a line may come from, the most preferred first."""
        return _allowed(self.locations, line.variant_id, {line.variant_id: line.only_at})

    def backorders(self) -> set[VariantId]:
        """The variants that may be promised before they arrive."""
        return {line.variant_id for line in self.lines if line.backorder}


@dataclass(frozen=True, slots=True)
class AllocatedLine:
    """Units of an order line that wait at a location."""

    line_id: OrderLineId
    variant_id: VariantId
    location_id: LocationId
    quantity: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where each line of an order gets its goods; a line may be split over locations."""

    order_id: OrderId
    lines: tuple[AllocatedLine, ...]

    def by_place(self) -> dict[Place, int]:
        """Units by the place where they wait."""
        sums: dict[Place, int] = {}
        for line in self.lines:
            place = (line.location_id, line.variant_id)
            sums[place] = sums.get(place, 0) + line.quantity
        return sums


@dataclass(frozen=True, slots=True)
class Admitted:
    """An allocation, the stock it changed, and the holds of its cart that went into it."""

    allocation: Allocation
    levels: list[Stock]
    used: Sequence[Reservation]


Pieces = dict[VariantId, list[tuple[LocationId, int]]]
NOTHING: Mapping[Place, int] = {}


def admit_all(
    demands: Sequence[Demand], shelf: Shelf, holds: Mapping[CartId, Sequence[Reservation]]
) -> list[Admitted | Shortage]:
    """Allocate orders in the order in which they come; a refused one changes nothing.

    ``holds`` are the living holds of their carts.
    """
    outcomes: list[Admitted | Shortage] = []
    unused = dict(holds)
    for demand in demands:
        mine = unused.get(demand.cart_id, ()) if demand.cart_id else ()
        outcome = admit(demand, shelf, _by_place(mine) if mine else NOTHING)
        if isinstance(outcome, Shortage):
            outcomes.append(outcome)
            continue
        outcomes.append(Admitted(*outcome, mine))
        if demand.cart_id:
            unused.pop(demand.cart_id, None)
    return outcomes


def _by_place(holds: Sequence[Reservation]) -> dict[Place, int]:
    return by_place((hold, hold.quantity) for hold in holds)


def admit(
    demand: Demand, shelf: Shelf, own: Mapping[Place, int] = NOTHING
) -> tuple[Allocation, list[Stock]] | Shortage:
    """Allocate an order on the shelf, and tell the stock it changed; or change nothing.

    ``own`` is what the order's cart holds: it may be used for the order, and what of it is not
    used becomes free.
    """
    wanted, places = demand.wanted(), demand.locations
    pieces = route(wanted, places, shelf, own, demand.backorders(), demand.limits())
    if isinstance(pieces, Shortage):
        return pieces
    takes: dict[Place, int] = {}
    for variant, parts in pieces.items():
        for location, quantity in parts:
            takes[(location, variant)] = quantity
    changed = [
        shelf.change(place, 0, -own.get(place, 0), takes.get(place, 0))
        for place in (takes | dict(own) if own else takes)
    ]
    return Allocation(demand.order_id, _lines(demand, pieces)), changed


def route(
    wanted: Mapping[VariantId, int],
    locations: Sequence[LocationId],
    shelf: Shelf,
    own: Mapping[Place, int] = NOTHING,
    backorders: Collection[VariantId] = (),
    limits: Limits = ANYWHERE,
) -> Pieces | Shortage:
    """One location for everything if there is one; else each variant from as few as possible.

    No variant comes from where its limit does not allow it.
    """
    for location in locations:
        for variant, quantity in wanted.items():
            if limits and location not in (limits.get(variant) or locations):
                break
            place = (location, variant)
            free = shelf.available(place)
            if free < quantity and (not own or free + own.get(place, 0) < quantity):
                break
        else:
            return {variant: [(location, quantity)] for variant, quantity in wanted.items()}
    pieces: Pieces = {}
    for variant, quantity in wanted.items():
        allowed = _allowed(locations, variant, limits)
        there = {
            location: max(0, shelf.available((location, variant)) + own.get((location, variant), 0))
            for location in allowed
        }
        parts = _spread(quantity, there)
        lacking = quantity - sum(part for _, part in parts)
        if lacking:
            later = _backorder_place(allowed, variant, shelf, variant in backorders)
            if later is None:
                return Shortage(str(variant), quantity, quantity - lacking)
            parts = _with(parts, later, lacking)
        pieces[variant] = parts
    return pieces


def _allowed(
    locations: Sequence[LocationId], variant: VariantId, limits: Limits
) -> list[LocationId]:
    """Of the locations those that a variant may come from, in their order."""
    only = limits.get(variant)
    return [place for place in locations if place in only] if only else list(locations)


def _spread(quantity: int, free: Mapping[LocationId, int]) -> list[tuple[LocationId, int]]:
    """The first location that has enough; else what each has, in order of preference."""
    for location, there in free.items():
        if there >= quantity:
            return [(location, quantity)]
    parts = []
    for location, there in free.items():
        part = min(there, quantity)
        if part:
            parts.append((location, part))
            quantity -= part
    return parts


def _backorder_place(
    locations: Sequence[LocationId], variant: VariantId, shelf: Shelf, allowed: bool
) -> LocationId | None:
    """The most preferred location where units may be promised before they arrive."""
    for location in locations:
        place = (location, variant)
        if place in shelf and (allowed or shelf[place].allows_backorder):
            return location
    return None


def _with(
    parts: list[tuple[LocationId, int]], location: LocationId, quantity: int
) -> list[tuple[LocationId, int]]:
    sums = dict(parts)
    sums[location] = sums.get(location, 0) + quantity
    return list(sums.items())


def _lines(demand: Demand, pieces: Pieces) -> tuple[AllocatedLine, ...]:
    """The pieces dealt out to the lines in their order."""
    lines = []
    for line in demand.lines:
        variant, left = line.variant_id, line.quantity
        parts = pieces[variant]
        while left:
            location, there = parts[0]
            part = min(left, there)
            lines.append(AllocatedLine(line.line_id, variant, location, part))
            left -= part
            parts[0] = (location, there - part)
            if part == there:
                parts.pop(0)
    return tuple(lines)
