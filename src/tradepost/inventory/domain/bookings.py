"""Goods that come or go by a document of the stock room itself, not of an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tradepost.inventory.domain.stock import Cause, MovementKind, Place, Shelf, Stock
from tradepost.inventory.errors import Shortage, TooManyLines
from tradepost.kernel.errors import BadQuantity
from tradepost.kernel.ids import LocationId, VariantId
from tradepost.kernel.quantity import LARGEST, quantity_value

LINES_MAX: Final = 1_000
"""Lines of one receipt, adjustment or transfer order."""


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """Units of a variant; an adjustment's are below zero where goods are lost."""

    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class Booking:
    """What a document says about on-hand stock, line by line."""

    kind: MovementKind
    cause: Cause
    at: datetime
    reason: str
    deltas: list[tuple[Place, int]]

    def by_place(self) -> dict[Place, int]:
        """The change at each place."""
        sums: dict[Place, int] = {}
        for place, delta in self.deltas:
            sums[place] = sums.get(place, 0) + delta
        return sums

    def put_on(self, shelf: Shelf) -> tuple[list[Stock], list[Stock]]:
        """Change the shelf: the stock after it, and what of that fell short of its promises.

        Nothing is changed if it is refused.

        :raises NotOnHand: if more would leave than is there.
        :raises Shortage: if goods would be transferred that are promised to somebody.
        :raises TooMuchStock: if more would be there than can be.
        """
        changes = self.by_place()
        if self.kind is MovementKind.TRANSFER_OUT:
            self._check_free(changes, shelf)
        missing = {place: shelf[place].missing for place in changes}
        received = 1 if self.kind is MovementKind.RECEIVE else 0
        levels = shelf.change_all(changes, on_hand=1, received=received)
        return levels, [stock for stock in levels if stock.missing > missing[stock.place]]

    def _check_free(self, changes: Mapping[Place, int], shelf: Shelf) -> None:
        for place, change in changes.items():
            if -change > shelf.available(place):
                raise Shortage(str(place[1]), -change, shelf.available(place))


def arriving(location_id: LocationId, lines: Sequence[GoodsLine]) -> list[tuple[Place, int]]:
    """The deltas of goods that arrive.

    :raises BadQuantity: unless each quantity is a whole number from one.
    :raises TooManyLines: past :data:`LINES_MAX`.
    """
    check_count(lines)
    return [((location_id, one.variant_id), quantity_value(one.quantity)) for one in lines]


def corrected(location_id: LocationId, lines: Sequence[GoodsLine]) -> list[tuple[Place, int]]:
    """The deltas of goods that were found or lost: any whole number but zero.

    :raises BadQuantity: for anything else.
    :raises TooManyLines: past :data:`LINES_MAX`.
    """
    check_count(lines)
    for line in lines:
        if quantity_value(line.quantity, at_least=-LARGEST) == 0:
            raise BadQuantity("quantity", "must not be zero")
    return [((location_id, one.variant_id), one.quantity) for one in lines]


def check_count(lines: Sequence[object]) -> None:
    """Refuse a document without a line or with more than :data:`LINES_MAX`."""
    if not lines:
        raise BadQuantity("lines", "must hold one line at least")
    if len(lines) > LINES_MAX:
        raise TooManyLines(len(lines), LINES_MAX)
