"""Reads of the stock room."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BigInteger, cast, func

from tradepost.inventory.storage.stock import stocks
from tradepost.kernel.ids import LocationId, VariantId
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.platform.db.work import Reader

_s = stocks.c
_AVAILABLE = _s.on_hand - _s.held - _s.allocated - _s.safety
_FREE = Statement(
    scoped(stocks, _s.location_id, _s.variant_id, _AVAILABLE, _s.allows_backorder, _s.version)
    .where(any_of(_s.variant_id, "variants"))
    .order_by(_s.variant_id, _s.location_id)
)
_TOTALS = Statement(
    scoped(
        stocks,
        _s.variant_id,
        cast(func.sum(_AVAILABLE), BigInteger),
        cast(func.sum(_s.received_total), BigInteger),
    )
    .where(any_of(_s.variant_id, "variants"))
    .group_by(_s.variant_id)
)


@dataclass(frozen=True, slots=True)
class FreeStock:
    """What of a variant may still be promised at a location, at a version of that stock."""

    location_id: LocationId
    variant_id: VariantId
    available: int
    allows_backorder: bool
    version: int


@dataclass(frozen=True, slots=True)
class StockTotals:
    """What of a variant is free, and what receipts ever brought of it, over all locations."""

    available: int
    received_total: int


async def availability(db: Reader, variant_ids: Collection[VariantId]) -> list[FreeStock]:
    """Free stock of some variants by location, as of the last commit this reader can see.

    It promises nothing: between this read and a checkout others may buy. Whoever keeps it (a
    cache, an index) follows ``inventory.updated`` and drops what has a lower version.
    """
    rows = await db.all(_FREE, variants=list(variant_ids))
    return [FreeStock(*row) for row in rows]


async def on_hand_of(
    db: Reader, variant_ids: Collection[VariantId]
) -> dict[VariantId, StockTotals]:
    """Totals of some variants; those that never had stock are left out."""
    rows = await db.all(_TOTALS, variants=list(variant_ids))
    return {VariantId(row[0]): StockTotals(row[1], row[2]) for row in rows}
