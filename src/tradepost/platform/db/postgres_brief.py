"""Brief reads of PostgreSQL: one message, in which the tenant travels with the look."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tradepost.kernel.ids import TenantId
from tradepost.platform.db.brief import KnownLong, TooLong
from tradepost.platform.db.postgres_work import Connection, PostgresReader
from tradepost.platform.db.statement import Statement

TEXTS_MAX = 4096


@lru_cache(maxsize=TEXTS_MAX)
def alone(sql: str, values: int) -> str:
    """A look with so many values that sets the tenant by itself, which comes after them.

    PostgreSQL makes the row ``tenant`` before anything that hangs on it, as the whole look does:
    so the policies of row security find the tenant set, and without it there would be no rows.
    OFFSET keeps the planner from looking into the look, and so from beginning with it.
    """
    tenant = f"(SELECT set_config('app.tenant', ${values + 1}::text, true) AS name) tenant"
    look = f"SELECT * FROM ({sql}) l WHERE tenant.name IS NOT NULL OFFSET 0"  # noqa: S608  whole statements
    return f"SELECT look.* FROM {tenant} CROSS JOIN LATERAL ({look}) look"  # noqa: S608  whole statements


class BriefReader(PostgresReader):
    """Reads without a transaction around it, and so looks once: what comes after would be of
    another snapshot."""

    def __init__(self, connection: Connection, tenant_id: TenantId | None, long: KnownLong) -> None:
        super().__init__(connection, tenant_id)
        self._tenant = tenant_id
        self._long = long
        self._first: Statement | None = None

    async def _fetch(self, first: Statement, sql: str, values: Sequence[Any]) -> list[Any]:
        if self._first is not None:
            self._long.note(self._tenant, self._first)
            raise TooLong
        self._long.check(self._tenant, first)
        if first.writes or first.locks:  # a transaction that only reads refuses it
            raise TooLong
        self._first = first
        if self._tenant is None:  # the relay's, which sees all
            return await super()._fetch(first, sql, values)
        return await super()._fetch(first, alone(sql, len(values)), [*values, str(self._tenant)])
