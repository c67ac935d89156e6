"""Who holds in which carts, as rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tradepost.inventory.domain.quota import Holder
from tradepost.inventory.storage.requests import pending_lines
from tradepost.inventory.storage.reservations import held_lines
from tradepost.kernel.ids import CartId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    insert,
    param,
    scoped,
    scoped_delete,
    tenant_param,
)
from tradepost.platform.db.work import Work

holders = tenant_table("holders", Holder, key=("person",), indexes=[("changed_at",)])
ROWS = Mapper(Holder, holders)
_LOCK = Statement(
    scoped(holders, *ROWS.columns).where(holders.c.person == param("person")).with_for_update()
)
_OPEN = Statement(
    insert(holders)
    .values({"tenant_id": tenant_param(holders)} | {c.name: param(c.name) for c in ROWS.columns})
    .on_conflict_do_nothing()
)
_DROP = Statement(scoped_delete(holders).where(holders.c.changed_at < param("before")))


class SqlHolders:
    """Answers the port ``Holders``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def lock(self, person: str, at: datetime) -> Holder:
        row = await self._work.one(_LOCK, person=person)
        if row is None:
            await self._work.run_many(_OPEN, [ROWS.dump(Holder(person, (), at))])
            row = await self._work.one(_LOCK, person=person)
        assert row is not None
        return ROWS.load(row)

    async def save(self, holder: Holder) -> None:
        await self._work.update_rows(holders, ("person",), [ROWS.dump(holder)])

    async def drop_before(self, at: datetime) -> int:
        return await self._work.run(_DROP, before=at)

    async def units_of(self, carts: Collection[CartId], at: datetime) -> dict[CartId, int]:
        if not carts:
            return {}
        lines = await held_lines(self._work, carts, at)
        for line, units in (await pending_lines(self._work, carts)).items():
            lines[line] = max(lines.get(line, 0), units)
        sums: dict[CartId, int] = {}
        for (cart_id, _), units in lines.items():
            sums[cart_id] = sums.get(cart_id, 0) + units
        return sums
