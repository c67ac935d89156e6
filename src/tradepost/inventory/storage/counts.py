"""Stocktakes as rows."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.inventory.domain.counts import CountLine, StockCount
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CountId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped, scoped_delete
from tradepost.platform.db.work import Work

stock_counts = tenant_table("stock_counts", StockCount, indexes=[("state", "started_at")])
stock_count_lines = tenant_table(
    "stock_count_lines",
    CountLine,
    key=("count_id", "variant_id"),
    references={"count_id": "stock_counts"},
    checks={"counted": "counted >= 0"},
)
COUNT_ROWS = Mapper(StockCount, stock_counts)
LINE_ROWS = Mapper(CountLine, stock_count_lines)
_l = stock_count_lines.c
_LOCK = Statement(
    scoped(stock_counts, *COUNT_ROWS.columns)
    .where(stock_counts.c.id == param("id"))
    .with_for_update()
)
_LINES = Statement(
    scoped(stock_count_lines, *LINE_ROWS.columns)
    .where(_l.count_id == param("count_id"))
    .order_by(_l.variant_id)
)
_FORGET = Statement(
    scoped_delete(stock_count_lines)
    .where(_l.count_id == param("count_id"))
    .where(any_of(_l.variant_id, "variants"))
)


class SqlCounts:
    """Answers the port ``Counts``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, count: StockCount) -> None:
        self._work.add(stock_counts, COUNT_ROWS.dump(count))

    async def lock(self, id: CountId) -> StockCount:
        row = await self._work.one(_LOCK, id=id)
        if row is None:
            raise Unknown("count", str(id))
        return COUNT_ROWS.load(row)

    async def save(self, count: StockCount) -> None:
        row = {"id": count.id, "state": count.state, "version": count.version}
        await self._work.update_rows(stock_counts, ("id",), [row])

    async def lines(self, id: CountId) -> list[CountLine]:
        return [LINE_ROWS.load(row) for row in await self._work.all(_LINES, count_id=id)]

    async def put(self, lines: Sequence[CountLine]) -> None:
        variants = [line.variant_id for line in lines]
        await self._work.run(_FORGET, count_id=lines[0].count_id, variants=variants)
        self._work.add(stock_count_lines, *map(LINE_ROWS.dump, lines))
