"""Tables of the control plane. They are looked at across tenants, so no tenant leads their keys;
what somebody may see is decided by who they are."""

from __future__ import annotations

from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from tradepost.kernel.errors import Stale, Unknown
from tradepost.platform.db.schema import Mapper, record_columns
from tradepost.platform.db.statement import Statement, param, platform_select, platform_update
from tradepost.platform.db.work import Reader, Work
from tradepost.portal.domain import Call, DatabaseConfig, Person, Session, Tenant, Transition

T = TypeVar("T")
metadata = MetaData()


def _table(name: str, record: type, *extra: Any) -> Table:
    key = PrimaryKeyConstraint("id", name=f"{name}_pk")
    return Table(name, metadata, *record_columns(record), key, *extra)


def _of(name: str, column: str, owner: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [f"{owner}.id"], name=f"{name}_{column}_fk")


people = _table("people", Person, UniqueConstraint("email_key", name="people_email_key_uq"))
sessions = _table("sessions", Session, _of("sessions", "person_id", "people"))
tenants = _table(
    "tenants",
    Tenant,
    UniqueConstraint("code", name="tenants_code_uq"),
    Index("tenants_owner_key_ix", "owner_key"),
)
transitions = _table(
    "transitions",
    Transition,
    _of("transitions", "tenant_id", "tenants"),
    UniqueConstraint("tenant_id", "version", name="transitions_tenant_version_uq"),
)
calls = _table(
    "calls",
    Call,
    _of("calls", "tenant_id", "tenants"),
    Index("calls_tenant_id_ix", "tenant_id"),
    Index("calls_state_next_at_ix", "state", "next_at"),
)
databases = _table(
    "databases",
    DatabaseConfig,
    _of("databases", "tenant_id", "tenants"),
    _of("databases", "call_id", "calls"),
    Index("databases_tenant_id_ix", "tenant_id"),
)


class Kept(Generic[T]):
    """The plain ways of one table: find, get, add, save under the version that was read."""

    def __init__(self, what: str, record: type[T], table: Table) -> None:
        self.what = what
        self.table = table
        self.rows = Mapper(record, table)
        self.select = platform_select(*self.rows.columns)
        own = table.c.id == param("key_id", like=table.c.id)
        names = [one.name for one in self.rows.columns if one.name not in ("id", "version")]
        self._one = Statement(self.select.where(own))
        self._locked = Statement(self.select.where(own).with_for_update())
        self._save = Statement(
            platform_update(table)
            .where(own, table.c.version == param("version_was"))
            .values({name: param(name) for name in names})
            .values(version=table.c.version + 1)
            .returning(table.c.version)
        )

    async def find(self, db: Reader, id: UUID, *, lock: bool = False) -> T | None:
        """The record, if it is there."""
        return await self.first(db, self._locked if lock else self._one, key_id=id)

    async def get(self, db: Reader, id: UUID, *, lock: bool = False) -> T:
        """The record.

        :raises Unknown: if it is not there.
        """
        found = await self.find(db, id, lock=lock)
        if found is None:
            raise Unknown(self.what, str(id))
        return found

    async def first(self, db: Reader, statement: Statement, **values: Any) -> T | None:
        """The first record that a statement over :attr:`select` finds."""
        row = await db.one(statement, **values)
        return None if row is None else self.rows.load(row)

    async def all(self, db: Reader, statement: Statement, **values: Any) -> list[T]:
        """The records that a statement over :attr:`select` finds."""
        return [self.rows.load(row) for row in await db.all(statement, **values)]

    def add(self, work: Work, record: T) -> None:
        """Insert a fresh record."""
        work.add(self.table, self.rows.dump(record))

    async def save(self, work: Work, record: T, version_was: int) -> int:
        """Write the whole record if its version is still the one named; its new version.

        :raises Stale: if it has moved on.
        """
        values = self.rows.dump(record)
        id = values.pop("id")
        values.pop("version")
        row = await work.one(self._save, key_id=id, version_was=version_was, **values)
        if row is None:
            current: Any = await self.get(work, id)
            raise Stale(self.what, version_was, current.version)
        return int(row[0])


PEOPLE = Kept("person", Person, people)
SESSIONS = Kept("sign-in", Session, sessions)
TENANTS = Kept("tenant", Tenant, tenants)
CALLS = Kept("call", Call, calls)
DATABASES = Kept("database", DatabaseConfig, databases)
TRANSITION_ROWS = Mapper(Transition, transitions)
