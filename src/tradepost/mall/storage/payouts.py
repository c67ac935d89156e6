"""Runs and payouts, kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func

from tradepost.kernel.ids import PayoutExportId, PayoutId
from tradepost.mall.domain import Payout, PayoutRun, PayoutState
from tradepost.mall.storage.tables import (
    PAYOUT_ROWS,
    RUN_ROWS,
    payout_entries,
    payout_runs,
    payouts,
)
from tradepost.platform.db.statement import Statement, any_of, param, scoped, scoped_delete
from tradepost.platform.db.work import Work

SELECT = scoped(payouts, *PAYOUT_ROWS.columns)
_LOCK = Statement(
    SELECT.where(any_of(payouts.c.id, "ids")).order_by(payouts.c.id).with_for_update()
)
_LOCK_OPEN = Statement(
    SELECT.where(payouts.c.state == PayoutState.OPEN).order_by(payouts.c.id).with_for_update()
)
_EXPORT = Statement(SELECT.where(payouts.c.export_id == param("export_id")).order_by(payouts.c.id))
_LAST = Statement(scoped(payout_runs, func.max(payout_runs.c.until)))
_LET_GO = Statement(
    scoped_delete(payout_entries).where(payout_entries.c.payout_id == param("payout_id"))
)
_CHANGING = (
    "state",
    "export_id",
    "reference",
    "exported_at",
    "paid_at",
    "cancelled_at",
    "version",
)


class SqlPayouts:
    """Answers the Payouts port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def last_day(self) -> date | None:
        """The last day of all runs."""
        found: date | None = await self._work.value(_LAST)
        return found

    def add(self, run: PayoutRun, made: Sequence[Payout]) -> None:
        """Keep a fresh run."""
        self._work.add(payout_runs, RUN_ROWS.dump(run))
        self._work.add(payouts, *map(PAYOUT_ROWS.dump, made))

    async def lock(self, ids: Sequence[PayoutId]) -> list[Payout]:
        """Payouts, locked in the order of their identifiers."""
        return list(map(PAYOUT_ROWS.load, await self._work.all(_LOCK, ids=sorted(ids))))

    async def lock_open(self) -> list[Payout]:
        """Open ones, locked in the order of their identifiers."""
        return list(map(PAYOUT_ROWS.load, await self._work.all(_LOCK_OPEN)))

    async def save(self, changed: Sequence[Payout]) -> None:
        """Write locked payouts back."""
        rows = [PAYOUT_ROWS.dump(one) for one in changed]
        kept = [{name: row[name] for name in ("id", *_CHANGING)} for row in rows]
        await self._work.update_rows(payouts, ("id",), kept)

    async def let_go(self, payout_id: PayoutId) -> None:
        """Delete what it was to pay."""
        await self._work.run(_LET_GO, payout_id=payout_id)

    async def export(self, export_id: PayoutExportId) -> list[Payout]:
        """The payouts of an export."""
        return list(map(PAYOUT_ROWS.load, await self._work.all(_EXPORT, export_id=export_id)))
