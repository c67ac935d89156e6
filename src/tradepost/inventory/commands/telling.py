"""The facts of the stock room, put together from what changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tradepost.events.inventory import (
    ExpiredHold,
    InventoryPolicyChanged,
    InventoryReleased,
    InventoryReserved,
    InventoryShort,
    InventoryUpdated,
    RejectedHold,
    ReservationExpired,
    ReservationRejected,
    ReservationRequested,
    ReservationWithdrawn,
    StockLevel,
    StockPolicy,
    StockShare,
    WantedHold,
)
from tradepost.inventory.domain.holds import Grant, RequestState, ReservationRequest
from tradepost.inventory.domain.reservations import Reservation
from tradepost.inventory.domain.shortfalls import Shortfall
from tradepost.inventory.domain.stock import Cause, CauseKind, Place, Stock
from tradepost.kernel.ids import CartId
from tradepost.kernel.messages import Facts


def _shares(shares: dict[Place, int]) -> tuple[StockShare, ...]:
    return tuple(StockShare(place[0], place[1], quantity) for place, quantity in shares.items())


class Telling:
    """Tells what one document did to the stock, at one instant."""

    def __init__(self, facts: Facts, cause: Cause, at: datetime) -> None:
        self._facts = facts
        self._cause = cause
        self._document = cause.kind.value
        self._at = at

    def updated(self, stocks: Sequence[Stock]) -> None:
        """The levels that stock reached."""
        if not stocks:
            return
        levels = tuple(
            StockLevel(s.location_id, s.variant_id, s.on_hand, s.available, s.version)
            for s in stocks
        )
        self._tell(InventoryUpdated(self._document, self._cause.id, levels))

    def reserved(self, shares: dict[Place, int]) -> None:
        """What was promised."""
        self._tell(InventoryReserved(self._document, self._cause.id, _shares(shares)))

    def released(self, shares: dict[Place, int]) -> None:
        """What was let go."""
        self._tell(InventoryReleased(self._document, self._cause.id, _shares(shares)))

    def expired(self, holds: Sequence[Reservation]) -> None:
        """Whose holds ran out."""
        lines = tuple(
            ExpiredHold(CartId(h.owner_id), h.location_id, h.variant_id, h.quantity) for h in holds
        )
        self._tell(ReservationExpired(self._document, self._cause.id, lines))

    def _tell(
        self,
        fact: InventoryUpdated | InventoryReserved | InventoryReleased | ReservationExpired,
    ) -> None:
        self._facts.tell(fact, self._cause.version, self._at)


def tell_filed(facts: Facts, request: ReservationRequest) -> None:
    """What a cart asked for."""
    lines = tuple(WantedHold(one.line_id, one.variant_id, one.quantity) for one in request.lines)
    fact = ReservationRequested(request.id, request.cart_id, request.is_hot, lines)
    facts.tell(fact, request.version, request.requested_at)


def tell_withdrawn(facts: Facts, request: ReservationRequest, at: datetime) -> None:
    """What a cart gave up."""
    facts.tell(ReservationWithdrawn(request.id, request.cart_id), request.version, at)


def tell_answer(facts: Facts, request: ReservationRequest, grant: Grant, at: datetime) -> None:
    """What a request got."""
    cause = Cause(CauseKind.RESERVATION_REQUEST, request.id, request.version)
    telling = Telling(facts, cause, at)
    if request.state in (RequestState.GRANTED, RequestState.PARTLY_GRANTED):
        telling.reserved(grant.more)
    if grant.less:
        telling.released(grant.less)
    if grant.rejected:
        lines = tuple(
            RejectedHold(line.line_id, line.variant_id, line.quantity, shortage.available)
            for line, shortage in grant.rejected
        )
        fact = ReservationRejected(request.id, request.cart_id, lines)
        facts.tell(fact, request.version, at)
    telling.updated(list(grant.levels.values()))


def tell_policies(facts: Facts, cause: Cause, at: datetime, stocks: Sequence[Stock]) -> None:
    """How stock is treated from now on."""
    lines = tuple(
        StockPolicy(s.location_id, s.variant_id, s.safety, s.allows_backorder, s.is_hot, s.version)
        for s in stocks
    )
    facts.tell(InventoryPolicyChanged(cause.kind.value, cause.id, lines), cause.version, at)
    Telling(facts, cause, at).updated(stocks)


def tell_short(facts: Facts, shortfall: Shortfall) -> None:
    """What is missing for orders."""
    fact = InventoryShort(
        shortfall.id,
        shortfall.location_id,
        shortfall.variant_id,
        shortfall.missing,
        shortfall.order_ids,
        shortfall.cause_kind.value,
        shortfall.cause_id,
    )
    facts.tell(fact, shortfall.version, shortfall.raised_at)
