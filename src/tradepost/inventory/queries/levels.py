"""Stock, movements and reservations as staff look at them, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tradepost.inventory.domain.reservations import Reservation, ReservationState
from tradepost.inventory.domain.stock import Stock, StockMovement
from tradepost.inventory.queries.pages import Position, by_keys, newest_first
from tradepost.inventory.storage import reservations as reservation_table
from tradepost.inventory.storage import stock_movements, stocks
from tradepost.kernel.ids import LocationId, VariantId
from tradepost.platform.db.work import Reader


@dataclass(frozen=True, slots=True)
class StockView:
    """What of a variant is at a location, in its smallest unit, and how it is treated."""

    location_id: LocationId
    variant_id: VariantId
    on_hand: int
    held: int
    allocated: int
    safety: int
    available: int
    allows_backorder: bool
    is_hot: bool
    received_total: int
    version: int


async def stock_levels(
    db: Reader,
    *,
    location_id: LocationId | None = None,
    variant_id: VariantId | None = None,
    after: Position | None = None,
    limit: int = 20,
) -> list[StockView]:
    """Stock by location and variant."""
    filters = {"location_id": location_id, "variant_id": variant_id}
    rows = await by_keys(db, stocks, ("location_id", "variant_id"), filters, after, limit)
    return [_stock_view(Stock(*row)) for row in rows]


def _stock_view(stock: Stock) -> StockView:
    return StockView(
        location_id=stock.location_id,
        variant_id=stock.variant_id,
        on_hand=stock.on_hand,
        held=stock.held,
        allocated=stock.allocated,
        safety=stock.safety,
        available=stock.available,
        allows_backorder=stock.allows_backorder,
        is_hot=stock.is_hot,
        received_total=stock.received_total,
        version=stock.version,
    )


async def movements(
    db: Reader,
    *,
    variant_id: VariantId | None = None,
    cause_id: UUID | None = None,
    location_id: LocationId | None = None,
    after: Position | None = None,
    limit: int = 20,
) -> list[StockMovement]:
    """Goods that came and went, the newest first: of a variant, or of a document."""
    filters = {"variant_id": variant_id, "cause_id": cause_id, "location_id": location_id}
    rows = await newest_first(db, stock_movements, "at", filters, after, limit)
    return [StockMovement(*row) for row in rows]


async def reservations(
    db: Reader,
    *,
    owner_id: UUID | None = None,
    variant_id: VariantId | None = None,
    state: ReservationState | None = None,
    after: Position | None = None,
    limit: int = 20,
) -> list[Reservation]:
    """What is promised, the newest first: to a cart or an order, or of a variant."""
    filters = {"owner_id": owner_id, "variant_id": variant_id, "state": state}
    rows = await newest_first(db, reservation_table, "made_at", filters, after, limit)
    return [Reservation(*row) for row in rows]
