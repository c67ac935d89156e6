"""What the one who carries calls to the cells looks at."""

from __future__ import annotations

from datetime import datetime

from tradepost.kernel.ids import CallId
from tradepost.platform.db.statement import Statement, param
from tradepost.platform.db.work import Reader, Store
from tradepost.portal.domain import Call, CallKind, DatabaseConfig, Tenant
from tradepost.portal.storage import tables as t

DUE_MAX = 100
_DUE = Statement(
    t.CALLS.select.where(
        t.calls.c.state == "open", t.calls.c.next_at <= param("now", like=t.calls.c.next_at)
    )
    .order_by(t.calls.c.next_at)
    .limit(DUE_MAX)
)
_OF_CALL = Statement(
    t.DATABASES.select.where(t.databases.c.call_id == param("call_id", like=t.databases.c.call_id))
)


async def database_of_call(db: Reader, call_id: CallId) -> DatabaseConfig:
    """The database that a call looks at."""
    found = await t.DATABASES.first(db, _OF_CALL, call_id=call_id)
    assert found is not None, "a look at a database has one"
    return found


class SqlAgenda:
    """Answers the ``Agenda`` port."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def due(self, now: datetime) -> list[Call]:
        async def look(db: Reader) -> list[Call]:
            return await t.CALLS.all(db, _DUE, now=now)

        return await self._store.platform_read("look for calls that are due", look)

    async def about(self, call: Call) -> tuple[Tenant, DatabaseConfig | None]:
        async def look(db: Reader) -> tuple[Tenant, DatabaseConfig | None]:
            looks = call.kind is CallKind.CHECK_DATABASE
            database = await database_of_call(db, call.id) if looks else None
            return await t.TENANTS.get(db, call.tenant_id), database

        return await self._store.platform_read("look at what a call is about", look)
