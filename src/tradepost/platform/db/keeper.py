"""The plain ways of one versioned table: get, add, save under the version that was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Table

from tradepost.kernel.errors import Stale, Unknown
from tradepost.platform.db.schema import Mapper
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    scoped,
    versioned_update,
)
from tradepost.platform.db.work import Look, Reader, Work

T = TypeVar("T")


class Keeper(Generic[T]):
    """Statements over a tenant-owned table whose records have an ``id`` and a ``version``.

    ``without`` names fields that the record keeps in other tables; ``what`` is the word for the
    record in refusals.
    """

    def __init__(
        self, what: str, record: type[T], table: Table, without: Sequence[str] = ()
    ) -> None:
        self.what = what
        self.table = table
        self.rows = Mapper(record, table, without)
        self.select = scoped(table, *self.rows.columns)
        fixed = {"id", "version"}
        changing = [column.name for column in self.rows.columns if column.name not in fixed]
        update = versioned_update(table).values({name: param(name) for name in changing})
        self._one = Statement(self.select.where(table.c.id == param("id")))
        self._many = Statement(self.select.where(any_of(table.c.id, "ids")))
        self._version = Statement(scoped(table, table.c.version).where(table.c.id == param("id")))
        self._save = Statement(update)

    def look(self, ids: Iterable[UUID]) -> Look:
        """What :meth:`get_many` will ask for the same identifiers."""
        return self._many, {"ids": sorted(ids)}

    async def find(self, db: Reader, id: UUID) -> T | None:
        """The record, if it is there."""
        return await self.first(db, self._one, id=id)

    async def get(self, db: Reader, id: UUID) -> T:
        """The record.

        :raises Unknown: if it is not there.
        """
        found = await self.find(db, id)
        if found is None:
            raise Unknown(self.what, str(id))
        return found

    async def get_many(self, db: Reader, ids: Iterable[UUID]) -> list[T]:
        """Those of the records that are there, in no order."""
        return await self.all(db, self._many, ids=list(ids))

    async def first(self, db: Reader, statement: Statement, **values: Any) -> T | None:
        """The first record that a statement over :attr:`select` finds."""
        row = await db.one(statement, **values)
        return None if row is None else self.rows.load(row)

    async def all(self, db: Reader, statement: Statement, **values: Any) -> list[T]:
        """The records that a statement over :attr:`select` finds."""
        return [self.rows.load(row) for row in await db.all(statement, **values)]

    def add(self, work: Work, *records: T) -> None:
        """Insert fresh records, at the latest when the work ends."""
        work.add(self.table, *(self.rows.dump(record) for record in records))

    async def save(self, work: Work, record: T, version_was: int) -> int:
        """Write the whole record if its version is still the one named; its new version.

        :raises Stale: if it has moved on.
        :raises Unknown: if it is gone.
        """
        values = self.rows.dump(record)
        id = values.pop("id")
        values.pop("version")
        row = await work.one(self._save, key_id=id, version_was=version_was, **values)
        if row is not None:
            return int(row[0])
        current = await work.value(self._version, id=id)
        if current is None:
            raise Unknown(self.what, str(id))
        raise Stale(self.what, version_was, int(current))
