"""What handlers and queries are given of a store: a reader, or the work of one transaction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Table

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.errors import RuleBroken
from tradepost.platform.db.statement import Statement

T = TypeVar("T")
Row = tuple[Any, ...]
Look = tuple[Statement, Mapping[str, Any]]
"""A statement that reads, and the values it will be given."""


class Reader(ABC):
    """Reads of one tenant's data in one snapshot."""

    dialect: str
    tenant_id: TenantId | None
    is_alone = False
    """Whether nobody else can write before this ends, so that no look has to be repeated."""

    @abstractmethod
    async def all(self, statement: Statement, **values: Any) -> list[Row]:
        """Every row, decoded, as tuples in the order of the columns."""

    async def one(self, statement: Statement, **values: Any) -> Row | None:
        """The first row, or nothing."""
        rows = await self.all(statement, **values)
        return rows[0] if rows else None

    async def value(self, statement: Statement, **values: Any) -> Any:
        """The first column of the first row, or ``None``."""
        row = await self.one(statement, **values)
        return row[0] if row else None

    @abstractmethod
    async def look_ahead(self, *looks: Look) -> None:
        """Tell what will be looked at soon, so that a store may fetch all of it as one statement.

        A help and no more: only :meth:`all` in the very same words is answered from it, once, and
        not after a write. A store whose rows can be locked by others leaves out what locks: that is
        to be taken late and in its order.
        """

    def _with_tenant(self, values: dict[str, Any]) -> dict[str, Any]:
        if self.tenant_id is not None:
            values["tenant"] = self.tenant_id
        return values


class Work(Reader):
    """One transaction of one tenant. Whoever opened it commits it; nobody else can."""

    scope: Scope | None

    def __init__(self) -> None:
        self._pending: dict[Table, list[Mapping[str, Any]]] = {}

    def add(self, table: Table, *rows: Mapping[str, Any]) -> None:
        """Insert fresh rows, at the latest when the work ends; all rows name the same columns.

        Nobody can be waiting for a fresh row, so all of them leave together.
        """
        if rows:
            self._pending.setdefault(table, []).extend(rows)

    @abstractmethod
    async def run(self, statement: Statement, **values: Any) -> int:
        """Run a statement that returns no rows; how many rows it touched."""

    @abstractmethod
    async def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each set of values, as one message where the store can."""

    @abstractmethod
    async def update_rows(
        self,
        table: Table,
        keys: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        *,
        adding: bool = False,
    ) -> None:
        """Write columns of rows that are locked already, found by their keys.

        All rows name the same columns, the keys among them; the keys are not written. With
        ``adding`` the numbers are added to what the rows hold. As nobody can see them before the
        commit, they leave with the fresh rows where the store can send both together.
        """

    @abstractmethod
    async def flush(self) -> None:
        """Write what :meth:`add` holds back."""

    @abstractmethod
    def attempt(self) -> AbstractAsyncContextManager[None]:
        """A SAVEPOINT: what fails inside is undone alone, and the error goes on."""

    async def _settle(self, statement: Statement) -> None:
        if self._pending and any(table in self._pending for table in statement.tables):
            await self.flush()

    def _take_pending(self) -> list[tuple[Table, Mapping[str, Any], list[Mapping[str, Any]]]]:
        """The rows that wait, owners first, with what all rows of a table have beside them."""
        taken: list[tuple[Table, Mapping[str, Any], list[Mapping[str, Any]]]] = []
        ours = self.tenant_id
        for table in sorted(self._pending, key=_depth):
            rows = self._pending[table]
            common: dict[str, Any] = {}
            if "tenant_id" in rows[0]:
                if ours is not None and any(row["tenant_id"] != ours for row in rows):
                    raise RuleBroken(f"a row of another tenant was added to {table.name}")
            elif "tenant_id" in table.c and ours is not None:
                common = {"tenant_id": ours}
            taken.append((table, common, rows))
        self._pending = {}
        return taken


def _depth(table: Table) -> int:
    """How far a table stands from those it refers to, so that owners are written first."""
    seen = table.info.get("depth")
    if seen is None:
        owners = {key.column.table for key in table.foreign_keys} - {table}
        seen = table.info["depth"] = 1 + max((_depth(owner) for owner in owners), default=-1)
    assert isinstance(seen, int)
    return seen


class RelaySession(Protocol):
    """One session of the relay, kept open: it can lead, and what it leads with ends with it."""

    async def lead(self, role: str) -> bool:
        """Take the leadership of a role, or say that somebody else has it."""
        ...

    async def write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction on this very session; it fails once the session is lost."""
        ...

    async def hold(self) -> None:
        """Say, every now and then, that whoever leads is awake; it fails once the lead is lost."""
        ...

    async def close(self) -> None:
        """Give the leadership and the session back."""
        ...


class Store(Protocol):
    """A place where tenants' data live: SQLite or PostgreSQL."""

    dialect: str

    async def write(self, scope: Scope, job: Callable[[Work], Awaitable[T]]) -> T:
        """Do the job in one transaction of the scope's tenant and commit it, or nothing of it."""
        ...

    async def lane_write(
        self, scope: Scope, job: Callable[[Work], Awaitable[T]], *, wishes: int
    ) -> T:
        """As ``write``, on a connection that nobody but the lanes takes.

        ``wishes`` says for how many it is, so that the store can prepare for them.
        """
        ...

    async def read(self, tenant_id: TenantId, job: Callable[[Reader], Awaitable[T]]) -> T:
        """Do the job on one snapshot of the tenant's data; it cannot write.

        It may be begun anew (``docs/decisions/0016-brief-reads.md``), so what it has found out
        counts only once it has ended.
        """
        ...

    async def platform_write(self, purpose: str, job: Callable[[Work], Awaitable[T]]) -> T:
        """Work of the platform itself on tables that no tenant owns; logged by its purpose."""
        ...

    async def platform_read(self, purpose: str, job: Callable[[Reader], Awaitable[T]]) -> T:
        """Reads of the platform itself from tables that no tenant owns."""
        ...

    async def relay_write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        """Work of the relay: outbox, log, inbox and leases across tenants, and nothing else."""
        ...

    async def relay_read(self, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot of the relay's tables across tenants."""
        ...

    async def relay_session(self) -> RelaySession:
        """A session of the relay's own, for the one who leads."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of everything."""
        ...


def same_id(value: Any) -> UUID:
    """An identifier as the standard library's own UUID, whatever the driver returned."""
    return value if type(value) is UUID else UUID(int=value.int)
