"""Marks of demand as rows."""

from __future__ import annotations

from datetime import datetime

from tradepost.inventory.domain.hot import DemandMark
from tradepost.kernel.ids import VariantId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, param, scoped, scoped_delete
from tradepost.platform.db.work import Work

demand_marks = tenant_table(
    "demand_marks", DemandMark, key=("variant_id",), indexes=[("warmed_at",)]
)
_m = demand_marks.c
ROWS = Mapper(DemandMark, demand_marks)
_ONE = Statement(
    scoped(demand_marks, *ROWS.columns)
    .where(_m.variant_id == param("variant_id"))
    .with_for_update()
)
_COLDEST = Statement(
    scoped(demand_marks, *ROWS.columns)
    .where(_m.warmed_at <= param("before"))
    .order_by(_m.warmed_at, _m.variant_id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_DROP = Statement(scoped_delete(demand_marks).where(_m.variant_id == param("variant_id")))


class SqlDemandMarks:
    """Answers the port ``DemandMarks``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def lock(self, variant_id: VariantId) -> DemandMark | None:
        row = await self._work.one(_ONE, variant_id=variant_id)
        return None if row is None else ROWS.load(row)

    async def lock_coldest(self, before: datetime) -> DemandMark | None:
        row = await self._work.one(_COLDEST, before=before)
        return None if row is None else ROWS.load(row)

    def add(self, mark: DemandMark) -> None:
        self._work.add(demand_marks, ROWS.dump(mark))

    async def save(self, mark: DemandMark) -> None:
        await self._work.update_rows(demand_marks, ("variant_id",), [ROWS.dump(mark)])

    async def drop(self, variant_id: VariantId) -> None:
        await self._work.run(_DROP, variant_id=variant_id)
