"""Defects that only show where transactions run side by side; each with where it shows."""

from __future__ import annotations

import random
from collections.abc import Collection
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, bindparam, text

from tests.simulation import meetings
from tests.simulation.defects import Plant
from tests.simulation.meetings import Meeting
from tradepost.inventory.domain.stock import Shelf, Stock
from tradepost.inventory.storage import stock
from tradepost.kernel.clock import to_micros
from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import LocationId, VariantId
from tradepost.platform.db import postgres
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.statement import (
    AcrossTenants,
    Statement,
    any_of,
    param,
    platform_select,
    scoped,
    scoped_update,
)
from tradepost.platform.db.work import Work
from tradepost.platform.outbox import outbox
from tradepost.platform.relay.sequencer import Sequencer

sequencer = import_module("tradepost.platform.relay.sequencer")


def read_check_write(planted: pytest.MonkeyPatch) -> None:
    """Stock is read, looked at, and written back; nothing is locked in between."""
    table = stock.stocks
    unlocked = (
        scoped(table, *stock.STOCK_ROWS.columns)
        .where(any_of(table.c.location_id, "locations"))
        .where(any_of(table.c.variant_id, "variants"))
    )
    planted.setattr(stock, "_LOCK", Statement(unlocked))


def id_above_last(planted: pytest.MonkeyPatch) -> None:
    """The relay keeps a cursor over numbers that were drawn before their commits."""
    moved = sequencer._numbered(sequencer._LAST_BYTE, "moved")
    taken = "DELETE FROM outbox WHERE id > :last AND id <= :top RETURNING *"
    names = ("last", "top", "base", "now")
    move = AcrossTenants(
        text(f"WITH moved AS ({taken}) {moved}").bindparams(
            *(bindparam(name, type_=BigInteger) for name in names)
        )
    )
    newest = AcrossTenants(platform_select(outbox.c.id).order_by(outbox.c.id.desc()).limit(1))
    cursor = [0]

    async def moving(self: Sequencer, work: Work) -> int:
        base = int(await work.value(sequencer._LAST_LOCKED))
        top = max(cursor[0], int(await work.value(newest) or 0))
        now = to_micros(self._clock.now())
        count = await work.run(move, last=cursor[0], top=top, base=base, now=now)
        cursor[0] = top
        if count:
            await work.run(sequencer._COUNTED, n=base + count)
        return count

    planted.setattr(Sequencer, "_move", moving)


def version_in_python(planted: pytest.MonkeyPatch) -> None:
    """The version is compared by us, and written without asking for it again."""

    async def save(self: Keeper[Any], work: Work, record: Any, version_was: int) -> int:
        values = self.rows.dump(record)
        id = values.pop("id")
        values.pop("version")
        current = int(await work.value(self._version, id=id))
        if current != version_was:
            raise Stale(self.what, version_was, current)
        written = {name: param(name) for name in values}
        update = scoped_update(self.table).where(self.table.c.id == param("key_id"))
        blind = Statement(update.values(version=param("reached"), **written))
        await work.run(blind, key_id=id, reached=current + 1, **values)
        return current + 1

    planted.setattr(Keeper, "save", save)


def unsorted_locks(planted: pytest.MonkeyPatch) -> None:
    """Stock is locked piece by piece, in the order in which it happens to be named."""
    chance = random.Random(7)

    async def lock(
        self: stock.SqlStocks, locations: Collection[LocationId], variants: Collection[VariantId]
    ) -> Shelf:
        found: list[Stock] = []
        for variant in chance.sample(sorted(set(variants)), len(set(variants))):
            statement, values = self.look(locations, [variant])
            found += [Stock(*row) for row in await self._work.all(statement, **values)]
        return Shelf(found)

    planted.setattr(stock.SqlStocks, "lock", lock)


def set_for_the_session(planted: pytest.MonkeyPatch) -> None:
    """The tenant is set for the connection, and stays when it is lent to somebody else."""

    def setting(tenant: UUID | None) -> str:
        return f"; SELECT set_config('app.tenant', '{tenant}', false)" if tenant else ""

    planted.setattr(postgres, "_tenant_setting", setting)


DEFECTS: dict[str, tuple[Plant, Meeting, str]] = {
    "stock read, checked, written": (read_check_write, meetings.last_units, "stock.allocated"),
    "relay by id > last": (id_above_last, meetings.late_writers, "everything.drains"),
    "version compared in Python": (version_in_python, meetings.one_version, "versions.once"),
    "locks unsorted": (unsorted_locks, meetings.crossing_orders, "locks.in_order"),
    "tenant set for the session": (
        set_for_the_session,
        meetings.lent_connections,
        "tenants.apart",
    ),
}
"""Each with where clients have to meet to see it, and the law that has to name it."""
