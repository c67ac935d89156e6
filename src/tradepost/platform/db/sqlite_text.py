"""The texts of SQLite: fresh rows, changed rows and several looks, each as one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Table

from tradepost.platform.db.statement import Statement, expand_lists
from tradepost.platform.db.types import StoredType

ROWS_TOGETHER_MAX = 16
"""Rows that one statement writes; more go row by row, so that few texts have to be kept."""
TEXTS_MAX = 4096
VALUES_MAX = 32_766
"""Values that one statement takes, unless SQLite was built to take more."""
Encoders = tuple[tuple[str, Any], ...]


class Change(NamedTuple):
    """What an UPDATE writes: which columns of how many rows, found by which keys."""

    table: Table
    names: tuple[str, ...]
    keys: tuple[str, ...]
    adding: bool
    rows: int


@lru_cache(maxsize=TEXTS_MAX)
def insertion(table: Table, names: tuple[str, ...], rows: int) -> tuple[str, Encoders]:
    """INSERT of so many rows of these columns."""
    marks = ",".join([f"({_marks(names)})"] * rows)
    sql = f"INSERT INTO {table.name} ({','.join(names)}) VALUES {marks}"  # noqa: S608  names of the schema
    return sql, _encoders(table, names)


@lru_cache(maxsize=TEXTS_MAX)
def update(change: Change) -> tuple[str, Encoders]:
    """UPDATE of one row by its keys, or of several from a list of values; the tenant comes last."""
    table, keys = change.table, change.keys
    order = (*(name for name in change.names if name not in keys), *keys)
    alone = change.rows == 1
    sets = ",".join(
        f"{name}={f'{table.name}.{name}+' if change.adding else ''}{'?' if alone else f'v.{name}'}"
        for name in order[: -len(keys)]
    )
    where = " AND ".join(
        [f"{table.name}.{name}={'?' if alone else f'v.{name}'}" for name in keys]
        + [f"{table.name}.tenant_id=?"]
    )
    if alone:
        sql = f"UPDATE {table.name} SET {sets} WHERE {where}"  # noqa: S608  names of the schema
    else:
        marks = ",".join([f"({_marks(order)})"] * change.rows)
        values = f"WITH v({','.join(order)}) AS (VALUES {marks})"
        sql = f"{values} UPDATE {table.name} SET {sets} FROM v WHERE {where}"  # noqa: S608  names of the schema
    return sql, _encoders(table, order)


def encoded(row: Mapping[str, Any], encoders: Encoders) -> list[Any]:
    """A row's values as the file keeps them."""
    return [
        encode(row[name]) if encode is not None and row[name] is not None else row[name]
        for name, encode in encoders
    ]


def together(
    statements: Sequence[Statement], values: Sequence[Mapping[str, Any]]
) -> tuple[str, list[Any]]:
    """Several looks as one statement: each row begins with the place of its look.

    Rows come in no order, and the shorter ones are filled up at their end.
    """
    forms = [one.compiled("sqlite") for one in statements]
    widest = max(form.width for form in forms)
    arms, flat = [], list[Any]()
    for place, (form, given) in enumerate(zip(forms, values, strict=True)):
        sql, bound = expand_lists(form, form.bind(given))
        filling = ",NULL" * (widest - form.width)
        arms.append(f"SELECT {place},q{place}.*{filling} FROM ({sql}) q{place}")  # noqa: S608  whole statements
        flat.extend(bound)
    return " UNION ALL ".join(arms), flat


def _marks(names: Sequence[str]) -> str:
    return ",".join("?" * len(names))


def _encoders(table: Table, names: Sequence[str]) -> Encoders:
    kinds = [(name, table.c[name].type) for name in names]
    return tuple(
        (name, kind.encoder("sqlite") if isinstance(kind, StoredType) else None)
        for name, kind in kinds
    )
