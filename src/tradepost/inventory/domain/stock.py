"""Stock of a variant at a location, and the movements whose sum it always is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tradepost.inventory.errors import NotOnHand, TooMuchStock
from tradepost.kernel.ids import Ids, LocationId, MovementId, VariantId

LARGEST_STOCK: Final = 10**15
"""More than this at one place cannot be; sums of documents stay far inside 64 bits."""

Place = tuple[LocationId, VariantId]
"""Where stock is kept: a location and a variant. Stock is locked in the order of its places."""


class MovementKind(StrEnum):
    """Why goods moved."""

    RECEIVE = "receive"
    SALE = "sale"
    RETURN = "return"
    ADJUST = "adjust"
    WASTE = "waste"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    COUNT = "count"


class CauseKind(StrEnum):
    """The kind of document that changed stock; also the name of its stream of facts."""

    ORDER = "order"
    SHIPMENT = "shipment"
    RETURN = "return"
    RECEIPT = "receipt"
    ADJUSTMENT = "adjustment"
    COUNT = "count"
    TRANSFER_ORDER = "transfer_order"
    CART = "cart"
    RESERVATION_REQUEST = "reservation_request"
    EXPIRY = "expiry"
    RELEASE = "release"
    STOCK_SETTING = "stock_setting"


@dataclass(frozen=True, slots=True)
class Cause:
    """The document that changed stock, with the version it reached by that."""

    kind: CauseKind
    id: UUID
    version: int = 1


@dataclass(frozen=True, slots=True)
class StockMovement:
    """Goods that came or went; never changed afterwards. ``delta`` is below zero if they went."""

    id: MovementId
    location_id: LocationId
    variant_id: VariantId
    kind: MovementKind
    delta: int
    cause_kind: CauseKind
    cause_id: UUID
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stock:
    """What of a variant is at a location, in the variant's smallest unit.

    ``on_hand`` is the sum of the movements, ``held`` that of carts' living reservations and
    ``allocated`` that of orders'; ``safety`` is never promised to anybody. ``received_total`` is
    what receipts ever brought.
    """

    location_id: LocationId
    variant_id: VariantId
    on_hand: int = 0
    held: int = 0
    allocated: int = 0
    safety: int = 0
    allows_backorder: bool = False
    is_hot: bool = False
    received_total: int = 0
    version: int = 0

    @property
    def place(self) -> Place:
        """Where it is."""
        return (self.location_id, self.variant_id)

    @property
    def available(self) -> int:
        """What may still be promised; below zero after a loss or a backorder."""
        return self.on_hand - self.held - self.allocated - self.safety

    @property
    def missing(self) -> int:
        """How much of what orders were promised is not there."""
        return max(0, self.allocated - self.on_hand)

    def changed(
        self, on_hand: int = 0, held: int = 0, allocated: int = 0, received: int = 0
    ) -> Stock:
        """The stock after a change by these amounts, one version later.

        :raises NotOnHand: if more would leave than is there.
        :raises TooMuchStock: if more would be there than can be.
        """
        left = self.on_hand + on_hand
        if on_hand and not 0 <= left <= LARGEST_STOCK:
            if left < 0:
                raise NotOnHand(str(self.variant_id), -on_hand, self.on_hand)
            raise TooMuchStock(str(self.variant_id), LARGEST_STOCK)
        assert self.held + held >= 0 and self.allocated + allocated >= 0, self
        return Stock(
            self.location_id,
            self.variant_id,
            left,
            self.held + held,
            self.allocated + allocated,
            self.safety,
            self.allows_backorder,
            self.is_hot,
            self.received_total + received,
            self.version + 1,
        )


def moved(
    kind: MovementKind,
    cause: Cause,
    at: datetime,
    reason: str,
    deltas: Iterable[tuple[Place, int]],
    ids: Ids,
) -> list[StockMovement]:
    """The movements of one kind that a document books, one for each of its lines."""
    return [
        StockMovement(
            MovementId(ids.new()),
            place[0],
            place[1],
            kind,
            delta,
            cause.kind,
            cause.id,
            reason,
            at,
        )
        for place, delta in deltas
    ]


class Shelf:
    """The locked stock of one piece of work: changed here, saved once at its end."""

    def __init__(self, stocks: Iterable[Stock]) -> None:
        self._as_found = {stock.place: stock for stock in stocks}
        self._now = dict(self._as_found)

    def __contains__(self, place: Place) -> bool:
        return place in self._now

    def __getitem__(self, place: Place) -> Stock:
        return self._now[place]

    def put(self, stocks: Iterable[Stock]) -> None:
        """Put further locked stock on the shelf."""
        for stock in stocks:
            self._as_found[stock.place] = self._now[stock.place] = stock

    def available(self, place: Place) -> int:
        """What may be promised at a place; nothing where there never was any."""
        stock = self._now.get(place)
        return stock.available if stock else 0

    def change(
        self, place: Place, on_hand: int = 0, held: int = 0, allocated: int = 0, received: int = 0
    ) -> Stock:
        """Change the stock at a place; refusals as :meth:`Stock.changed`."""
        stock = self._now[place] = self._now[place].changed(on_hand, held, allocated, received)
        return stock

    def change_all(
        self,
        units: Mapping[Place, int],
        *,
        on_hand: int = 0,
        held: int = 0,
        allocated: int = 0,
        received: int = 0,
    ) -> list[Stock]:
        """Change several places by so many units each, or none: the words say how often."""
        changed = [
            self._now[place].changed(n * on_hand, n * held, n * allocated, n * received)
            for place, n in units.items()
        ]
        for stock in changed:
            self._now[stock.place] = stock
        return changed

    def changes(self) -> list[Stock]:
        """The stock that differs from what was found."""
        found = self._as_found.values()
        return [now for now, was in zip(self._now.values(), found, strict=True) if now is not was]

    def undo(self) -> None:
        """Forget every change."""
        self._now = dict(self._as_found)
