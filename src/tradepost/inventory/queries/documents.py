"""Counts, transfer orders and shortfalls as staff look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.inventory.domain.counts import CountLine, CountState, StockCount
from tradepost.inventory.domain.shortfalls import Shortfall, ShortfallState
from tradepost.inventory.domain.transfers import TransferOrder, TransferState
from tradepost.inventory.queries.pages import Position, newest_first
from tradepost.inventory.storage import shortfalls as shortfall_table
from tradepost.inventory.storage import stock_count_lines, stock_counts, transfer_orders
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    CountId,
    LocationId,
    ShortfallId,
    TransferOrderId,
    VariantId,
)
from tradepost.platform.db.schema import Mapper
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader

_COUNTS = Mapper(StockCount, stock_counts)
_LINES = Mapper(CountLine, stock_count_lines)
_TRANSFERS = Mapper(TransferOrder, transfer_orders)
_SHORTFALLS = Mapper(Shortfall, shortfall_table)
_COUNT = Statement(scoped(stock_counts, *_COUNTS.columns).where(stock_counts.c.id == param("id")))
_COUNTED = Statement(
    scoped(stock_count_lines, *_LINES.columns)
    .where(stock_count_lines.c.count_id == param("id"))
    .order_by(stock_count_lines.c.variant_id)
)
_TRANSFER = Statement(
    scoped(transfer_orders, *_TRANSFERS.columns).where(transfer_orders.c.id == param("id"))
)
_SHORTFALL = Statement(
    scoped(shortfall_table, *_SHORTFALLS.columns).where(shortfall_table.c.id == param("id"))
)


@dataclass(frozen=True, slots=True)
class CountedLine:
    """What was counted of a variant, and what the books said at that moment."""

    variant_id: VariantId
    counted: int
    expected: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class CountView:
    """A stocktake with all that was counted so far."""

    id: CountId
    location_id: LocationId
    note: str
    state: CountState
    started_at: datetime
    version: int
    lines: tuple[CountedLine, ...]


@dataclass(frozen=True, slots=True)
class TransferView:
    """Goods on their way; ``received`` is what arrived, once they did."""

    id: TransferOrderId
    from_location_id: LocationId
    to_location_id: LocationId
    lines: tuple[GoodsLine, ...]
    received: tuple[GoodsLine, ...]
    note: str
    state: TransferState
    made_at: datetime
    version: int


async def counts(
    db: Reader,
    *,
    state: CountState | None = None,
    after: Position | None = None,
    limit: int = 20,
) -> list[StockCount]:
    """Stocktakes, the newest first."""
    filters = {"state": state}
    rows = await newest_first(db, stock_counts, "started_at", filters, after, limit)
    return [_COUNTS.load(row) for row in rows]


async def count_page(db: Reader, id: CountId) -> CountView:
    """A stocktake; :class:`Unknown` if there is none."""
    row = await db.one(_COUNT, id=id)
    if row is None:
        raise Unknown("count", str(id))
    count = _COUNTS.load(row)
    found = [_LINES.load(line) for line in await db.all(_COUNTED, id=id)]
    return CountView(
        count.id,
        count.location_id,
        count.note,
        count.state,
        count.started_at,
        count.version,
        tuple(
            CountedLine(one.variant_id, one.counted, one.expected, one.counted_at) for one in found
        ),
    )


async def transfers(
    db: Reader,
    *,
    state: TransferState | None = None,
    after: Position | None = None,
    limit: int = 20,
) -> list[TransferView]:
    """Transfer orders, the newest first."""
    filters = {"state": state}
    rows = await newest_first(db, transfer_orders, "made_at", filters, after, limit)
    return [_transfer_view(_TRANSFERS.load(row)) for row in rows]


async def transfer_page(db: Reader, id: TransferOrderId) -> TransferView:
    """A transfer order; :class:`Unknown` if there is none."""
    row = await db.one(_TRANSFER, id=id)
    if row is None:
        raise Unknown("transfer order", str(id))
    return _transfer_view(_TRANSFERS.load(row))


def _transfer_view(order: TransferOrder) -> TransferView:
    return TransferView(
        order.id,
        order.from_location_id,
        order.to_location_id,
        order.lines,
        order.received,
        order.note,
        order.state,
        order.made_at,
        order.version,
    )


async def shortfalls(
    db: Reader,
    *,
    state: ShortfallState | None = None,
    after: Position | None = None,
    limit: int = 20,
) -> list[Shortfall]:
    """What orders will miss, the newest first."""
    filters = {"state": state}
    rows = await newest_first(db, shortfall_table, "raised_at", filters, after, limit)
    return [_SHORTFALLS.load(row) for row in rows]


async def shortfall_page(db: Reader, id: ShortfallId) -> Shortfall:
    """A shortfall; :class:`Unknown` if there is none."""
    row = await db.one(_SHORTFALL, id=id)
    if row is None:
        raise Unknown("shortfall", str(id))
    return _SHORTFALLS.load(row)
