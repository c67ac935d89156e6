"""Statements of PostgreSQL that write many rows, or read several things at once.

What differs travels as arrays, the rest once: most columns of a batch say the same in every row,
tenant, currency, state, the amounts that are nothing. The driver looks at every element of an
array, so a column travels as one until the first time that its values differ, and as an array from
then on. So a table's statement changes at most as often as it has columns, and stays prepared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table

from tradepost.platform.db.statement import DIALECTS, Compiled
from tradepost.platform.db.types import Codec, StoredType

Rows = Sequence[Mapping[str, Any]]


def _casts(table: Table, names: Sequence[str]) -> list[str]:
    dialect = DIALECTS["postgresql"]
    kinds = [table.c[name].type for name in names]
    return [kind.dialect_impl(dialect).compile(dialect=dialect) for kind in kinds]


def _encoders(table: Table, names: Sequence[str]) -> list[Codec]:
    kinds = [table.c[name].type for name in names]
    return [k.encoder("postgresql") if isinstance(k, StoredType) else None for k in kinds]


class _Insertion:
    """How rows of one shape go into a table, and which of their columns have ever differed."""

    def __init__(self, table: Table, names: tuple[str, ...]) -> None:
        self.table = table
        self.names = names
        self.casts = _casts(table, names)
        self.encoders = _encoders(table, names)
        self.differing = 0

    def take(self, common: Mapping[str, Any], rows: Rows) -> list[Any]:
        """The rows' values: for each column one, or an array; ``common`` is the same for all."""
        values = [self._value(place, common, rows) for place in range(len(self.names))]
        if len(rows) > 1 and not self.differing:  # some array has to say how many rows there are
            self.differing = 1 << self.names.index(next(iter(rows[0])))
            return self.take(common, rows)
        width = len(self.names) - len(common)
        assert all(len(row) == width for row in rows), self.table.name
        return values

    def _value(self, place: int, common: Mapping[str, Any], rows: Rows) -> Any:
        name, encode = self.names[place], self.encoders[place]
        if name in common:
            return common[name] if encode is None else encode(common[name])
        column = [row[name] for row in rows]
        if not self.differing >> place & 1:
            first = column[0]
            if column.count(first) == len(column):
                return first if encode is None or first is None else encode(first)
            self.differing |= 1 << place
        return _encoded(column, encode)

    def text(self, mark: int) -> str:
        """The statement, its values numbered on from a mark."""
        arrays, columns, chosen = [], [], []
        for place, (name, cast) in enumerate(zip(self.names, self.casts, strict=True), start=1):
            if self.differing >> (place - 1) & 1:
                arrays.append(f"${mark + place}::{cast}[]")
                columns.append(name)
                chosen.append(f"v.{name}")
            else:
                chosen.append(f"${mark + place}::{cast}")
        target = f"INSERT INTO {self.table.name} ({','.join(self.names)})"
        source = f" FROM unnest({','.join(arrays)}) AS v({','.join(columns)})" if arrays else ""
        return f"{target} SELECT {','.join(chosen)}{source}"


class Change(NamedTuple):
    """Columns of locked rows that are written, the rows found by their keys."""

    table: Table
    keys: tuple[str, ...]
    rows: Rows
    adding: bool


_INSERTIONS: dict[tuple[str, tuple[str, ...]], _Insertion] = {}
_UPDATES: dict[Any, tuple[str, list[Codec]]] = {}
_TEXTS: dict[Any, str] = {}


def written(
    pending: Sequence[tuple[Table, Mapping[str, Any], Rows]],
    changes: Sequence[Change],
    tenant: Any,
) -> tuple[str, list[Any]]:
    """One statement that inserts into several tables and changes rows of others, and its values."""
    values: list[Any] = []
    parts: list[_Insertion] = []
    for table, common, rows in pending:
        names = (*common, *rows[0])
        part = _INSERTIONS.get((table.name, names))
        if part is None:
            part = _INSERTIONS[table.name, names] = _Insertion(table, names)
        values.extend(part.take(common, rows))
        parts.append(part)
    shapes = [(one.table.name, tuple(one.rows[0]), one.keys, one.adding) for one in changes]
    forms = [_change(one, shape) for one, shape in zip(changes, shapes, strict=True)]
    for one, (_, encoders) in zip(changes, forms, strict=True):
        pairs = zip(one.rows[0], encoders, strict=True)
        values += [_encoded([row[name] for row in one.rows], encode) for name, encode in pairs]
        values.append(tenant)
    key = (*((part.table.name, part.names, part.differing) for part in parts), *shapes)
    sql = _TEXTS.get(key)
    if sql is None:
        sql = _TEXTS[key] = _joined(parts, forms)
    return sql, values


def _joined(parts: Sequence[_Insertion], changes: Sequence[tuple[str, list[Codec]]]) -> str:
    texts, mark = [], 0
    for part in parts:
        texts.append(part.text(mark))
        mark += len(part.names)
    for text, encoders in changes:
        texts.append(shifted(text, mark))
        mark += len(encoders) + 1
    *first, last = texts
    ctes = ", ".join(f"w{i} AS ({text})" for i, text in enumerate(first))
    return f"WITH {ctes} {last}" if first else last


def _change(one: Change, shape: Any) -> tuple[str, list[Codec]]:
    """The text of a change, its values numbered from one, the tenant's the last."""
    found = _UPDATES.get(shape)
    if found is None:
        table, names = one.table, tuple(one.rows[0])
        casts = _casts(table, names)
        marks = ",".join(f"${i}::{cast}[]" for i, cast in enumerate(casts, start=1))
        before = f"{table.name}.{{0}}+" if one.adding else ""
        changed = [name for name in names if name not in one.keys]
        sets = ",".join(f"{name}={before.format(name)}v.{name}" for name in changed)
        where = " AND ".join(f"{table.name}.{name}=v.{name}" for name in one.keys)
        sql = (
            f"UPDATE {table.name} SET {sets} FROM unnest({marks}) AS v({','.join(names)})"  # noqa: S608  names of the schema
            f" WHERE {table.name}.tenant_id=${len(names) + 1} AND {where}"
        )
        found = _UPDATES[shape] = (sql, _encoders(table, names))
    return found


def _encoded(column: list[Any], encode: Codec) -> list[Any]:
    if encode is None:
        return column
    return [None if value is None else encode(value) for value in column]


def together(forms: Sequence[Compiled]) -> str:
    """Several looks as one statement with one row: for each look an array of its rows."""
    key = tuple(form.sql for form in forms)
    sql = _TEXTS.get(key)
    if sql is None:
        texts, mark = [], 0
        for form in forms:
            texts.append(f"ARRAY(SELECT ROW(q.*) FROM ({shifted(form.sql, mark)}) q)")  # noqa: S608  whole statements
            mark += len(form.names)
        sql = _TEXTS[key] = f"SELECT {','.join(texts)}"
    return sql


def shifted(sql: str, mark: int) -> str:
    """A statement with its values numbered on from a mark."""
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + mark}", sql) if mark else sql
