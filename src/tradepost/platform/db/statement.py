"""Statements of SQLAlchemy Core, compiled once per dialect and run on the driver itself.

Running Core's own async path costs two to three times as much (docs/decisions).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Delete, Select, Table, Update, bindparam
from sqlalchemy import delete as _delete
from sqlalchemy import select as _select
from sqlalchemy import update as _update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement, visitors
from sqlalchemy.sql.compiler import SQLCompiler

from tradepost.platform.db.schema import TENANT_OWNED
from tradepost.platform.db.types import Codec, StoredType

TENANT = "tenant"
DIALECTS: dict[str, Any] = {
    "postgresql": PGDialect_asyncpg(),  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
    "sqlite": sqlite.dialect(paramstyle="qmark"),
}
insert = pg_insert
"""INSERT with ``on_conflict_do_nothing`` and ``on_conflict_do_update``; both stores speak it."""


def param(name: str, like: Any = None) -> BindParameter[Any]:
    """A value bound when the statement runs; it takes the type of what it is compared with."""
    return bindparam(name, type_=like.type if like is not None else None)


def tenant_param(table: Table) -> BindParameter[Any]:
    """The tenant of the running work, which binds it by itself."""
    return bindparam(TENANT, type_=table.c.tenant_id.type)


def scoped(table: Table, *columns: Any) -> Select[Any]:
    """SELECT of the tenant's own rows: the one door to tenant data."""
    return _select(*(columns or table.c)).where(table.c.tenant_id == tenant_param(table))


def scoped_join(table: Table, *joins: Table, columns: Sequence[Any]) -> Select[Any]:
    """As :func:`scoped`, with further tables bound to the same tenant; join them on ids."""
    chosen = _select(*columns).where(table.c.tenant_id == tenant_param(table))
    for other in joins:
        chosen = chosen.where(other.c.tenant_id == tenant_param(other))
    return chosen


def same_tenant(left: Any, right: Any) -> ColumnElement[bool]:
    """The join condition that keeps both sides inside one tenant."""
    condition: ColumnElement[bool] = left.c.tenant_id == right.c.tenant_id
    return condition


def scoped_update(table: Table) -> Update:
    """UPDATE of the tenant's own rows."""
    return _update(table).where(table.c.tenant_id == tenant_param(table))


def scoped_delete(table: Table) -> Delete:
    """DELETE of the tenant's own rows."""
    return _delete(table).where(table.c.tenant_id == tenant_param(table))


def platform_select(*columns: Any) -> Select[Any]:
    """SELECT from tables of the platform itself, which no tenant owns."""
    return _select(*columns)


def platform_update(table: Table) -> Update:
    """UPDATE of a table of the platform itself."""
    return _update(table)


def platform_delete(table: Table) -> Delete:
    """DELETE from a table of the platform itself."""
    return _delete(table)


class any_of(ColumnElement[bool]):  # noqa: N801  reads as the SQL word it stands for
    """``column = any(list)``: the list is bound as one parameter of the given name."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.name = name

    def get_children(self, **_: Any) -> list[ClauseElement]:
        return [self.column]


@compiles(any_of, "postgresql")
def _any_postgresql(element: any_of, compiler: SQLCompiler, **kw: Any) -> str:
    typed = postgresql.ARRAY(element.column.type)
    bound = bindparam(element.name, type_=typed)
    bound.stored_item = element.column.type  # type: ignore[attr-defined]  # read in Statement
    return f"{compiler.process(element.column, **kw)} = ANY ({compiler.process(bound, **kw)})"


@compiles(any_of, "sqlite")
def _any_sqlite(element: any_of, compiler: SQLCompiler, **kw: Any) -> str:
    bound: BindParameter[Any] = bindparam(element.name)
    bound.stored_item = element.column.type  # type: ignore[attr-defined]  # read in Statement
    return f"{compiler.process(element.column, **kw)} IN (/*list*/{compiler.process(bound, **kw)})"


@dataclass(frozen=True, slots=True)
class Compiled:
    """The text for one driver, and how to encode what goes in and decode what comes out."""

    sql: str
    names: tuple[str, ...]
    encoders: tuple[tuple[int, Callable[[Any], Any]], ...]
    """Of those inputs that are no lists, by their places."""
    decoders: tuple[tuple[int, Callable[[Any], Any]], ...]
    fixed: Mapping[str, Any]
    width: int
    lists: tuple[tuple[int, Codec], ...]
    """The places of those inputs that are lists, and how their items are encoded."""
    texts: dict[tuple[int, ...], str] = field(default_factory=dict)
    """For SQLite: the text by the lengths of the lists."""

    def with_marks(self, sizes: tuple[int, ...]) -> str:
        """For SQLite: the text with so many marks for each list; an empty one holds nothing."""
        found = self.texts.get(sizes)
        if found is None:
            first, *rest = self.sql.split("/*list*/?")
            marks = [",".join("?" * size) or "NULL" for size in sizes]
            found = self.texts[sizes] = first + "".join(map(add, marks, rest))
        return found

    def bind(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in the order in which the text wants them; lists stay lists."""
        fixed = self.fixed
        values = [given[name] if name in given else fixed[name] for name in self.names]
        for place, encode in self.encoders:
            value = values[place]
            if value is not None:
                values[place] = encode(value)
        for place, encode_item in self.lists:
            items = values[place]
            values[place] = list(map(encode_item, items)) if encode_item else list(items)
        return values

    def decode(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """A row of the driver as values of the domain."""
        if not self.decoders:
            return tuple(row)
        values = list(row)
        for position, decode in self.decoders:
            value = values[position]
            if value is not None:
                values[position] = decode(value)
        return tuple(values)


class Statement:
    """A statement of Core with its compiled forms; make them once, as constants of a module."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.tables = frozenset(
            part for part in visitors.iterate(element) if isinstance(part, Table)
        )
        target = getattr(element, "table", None)
        if isinstance(target, Table):
            self.tables |= {target}
        self.writes = bool(element.is_dml)
        self.locks = getattr(element, "_for_update_arg", None) is not None
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: str) -> Compiled:
        """The form for a dialect, compiled at the first call."""
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = self._compile(dialect)
        return found

    def _compile(self, dialect: str) -> Compiled:
        compiled = self.element.compile(dialect=DIALECTS[dialect])
        names = list(compiled.positiontup or ())
        binds = compiled.binds
        encoders: list[tuple[int, Callable[[Any], Any]]] = []
        lists: list[tuple[int, Codec]] = []
        for place, name in enumerate(names):
            item = getattr(binds[name], "stored_item", None)
            kind = item if item is not None else binds[name].type
            encode = kind.encoder(dialect) if isinstance(kind, StoredType) else None
            if item is not None:
                lists.append((place, encode))
            elif encode is not None:
                encoders.append((place, encode))
        columns = getattr(self.element, "exported_columns", None) or ()
        decoders = tuple(
            (position, decode)
            for position, column in enumerate(columns)
            if isinstance(column.type, StoredType) and (decode := column.type.decoder(dialect))
        )
        fixed = {name: bound.effective_value for name, bound in binds.items() if not bound.required}
        sql = str(compiled)
        self._guard(sql)
        width = len(columns)
        return Compiled(sql, tuple(names), tuple(encoders), decoders, fixed, width, tuple(lists))

    def _guard(self, sql: str) -> None:
        """Refuse a statement on a tenant-owned table that lacks its tenant."""
        bare = re.sub(r"[\"`]", "", sql)
        for table in self.tables:
            if not table.info.get(TENANT_OWNED):
                continue
            inserts = bare.upper().startswith("INSERT INTO " + table.name.upper())
            named = re.search(rf"\b{table.name}(_\d+)?\.tenant_id = |\btenant_id = ", bare)
            assert inserts or named, f"{table.name} is touched without its tenant: {bare}"


class AcrossTenants(Statement):
    """A statement of the relay, which alone reads and moves rows of more than one tenant.

    On PostgreSQL only the relay's role gets rows through it: run it in ``relay_write`` and
    ``relay_read``.
    """

    def _guard(self, sql: str) -> None:
        """Nothing to refuse."""


def expand_lists(compiled: Compiled, values: list[Any]) -> tuple[str, list[Any]]:
    """For SQLite: the text with as many marks as the lists are long, and the values laid flat.

    Lists are padded to a power of two by repeating their last value, so that few texts arise.
    """
    if not compiled.lists:
        return compiled.sql, values
    flat: list[Any] = []
    sizes = []
    begin = 0
    for place, _ in compiled.lists:
        items = values[place]
        size = 1 << (len(items) - 1).bit_length() if items else 0
        flat += values[begin:place]
        flat += items
        flat += items[-1:] * (size - len(items))
        sizes.append(size)
        begin = place + 1
    flat += values[begin:]
    return compiled.with_marks(tuple(sizes)), flat


def versioned_update(table: Table, *keys: str) -> Update:
    """UPDATE … WHERE the keys and ``version`` match RETURNING version: no row means stale or gone.

    The new version is one more; bind ``version_was`` and the keys as ``key_<name>``.
    """
    statement = scoped_update(table).values(version=table.c.version + 1)
    for key in keys or ("id",):
        statement = statement.where(table.c[key] == param(f"key_{key}"))
    return statement.where(table.c.version == param("version_was")).returning(table.c.version)
