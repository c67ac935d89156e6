"""Reports, straight from their tables."""

from __future__ import annotations

from datetime import date

from tradepost.kernel.ids import OrderId
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader
from tradepost.reporting.domain import SalesDay, TimelineEntry
from tradepost.reporting.storage.sales import SALES_ROWS, sales_by_day
from tradepost.reporting.storage.timeline import TIMELINE_ROWS, order_timeline

_t, _s = order_timeline.c, sales_by_day.c
_TIMELINE = Statement(
    scoped(order_timeline, *TIMELINE_ROWS.columns)
    .where(_t.order_id == param("order_id"))
    .order_by(_t.seq)
)
_DAYS = Statement(
    scoped(sales_by_day, *SALES_ROWS.columns)
    .where(_s.day >= param("first"))
    .where(_s.day <= param("last"))
    .order_by(_s.day, _s.currency)
)


async def timeline(db: Reader, order_id: OrderId) -> list[TimelineEntry]:
    """All that happened to an order, in the order in which it became known."""
    return [TIMELINE_ROWS.load(row) for row in await db.all(_TIMELINE, order_id=order_id)]


async def sales_days(db: Reader, first: date, last: date) -> list[SalesDay]:
    """The sums of the days from one to another, both included, by currency."""
    return [SALES_ROWS.load(row) for row in await db.all(_DAYS, first=first, last=last)]
