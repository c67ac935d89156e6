"""Shortfalls as rows."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.inventory.domain.shortfalls import Shortfall
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import ShortfallId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Work

shortfalls = tenant_table("shortfalls", Shortfall, indexes=[("state", "raised_at")])
SHORTFALL_ROWS = Mapper(Shortfall, shortfalls)
_LOCK = Statement(
    scoped(shortfalls, *SHORTFALL_ROWS.columns)
    .where(shortfalls.c.id == param("id"))
    .with_for_update()
)


class SqlShortfalls:
    """Answers the port ``Shortfalls``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, raised: Sequence[Shortfall]) -> None:
        self._work.add(shortfalls, *map(SHORTFALL_ROWS.dump, raised))

    async def lock(self, id: ShortfallId) -> Shortfall:
        row = await self._work.one(_LOCK, id=id)
        if row is None:
            raise Unknown("shortfall", str(id))
        return SHORTFALL_ROWS.load(row)

    async def save(self, shortfall: Shortfall) -> None:
        row = {
            "id": shortfall.id,
            "state": shortfall.state,
            "note": shortfall.note,
            "version": shortfall.version,
        }
        await self._work.update_rows(shortfalls, ("id",), [row])
