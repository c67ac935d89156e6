"""Lists that staff page through, newest first or in the order of a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, tuple_

from tradepost.kernel.clock import from_micros
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader, Row

Position = tuple[Any, ...]
"""Where a page ended: the values of the columns that the list is sorted by."""


@cache
def _listing(
    table: Table, order: tuple[str, ...], filters: tuple[str, ...], newest: bool, continued: bool
) -> Statement:
    """One statement for each shape of list."""
    keys = [table.c[name] for name in order]
    wanted = scoped(table, *(column for column in table.c if column.name != "tenant_id"))
    for name in filters:
        wanted = wanted.where(table.c[name] == param(name))
    if continued:
        after = (param(f"after_{name}", like=table.c[name]) for name in order)
        place: ColumnElement[Any] = tuple_(*keys)
        here = tuple_(*after)
        wanted = wanted.where(place < here if newest else place > here)
    sorted_by = [key.desc() if newest else key for key in keys]
    return Statement(wanted.order_by(*sorted_by).limit(param("size")))


async def newest_first(
    db: Reader,
    table: Table,
    instant: str,
    filters: Mapping[str, Any],
    after: Position | None,
    limit: int,
) -> list[Row]:
    """Whole rows by an instant and their id, the newest first; filters of ``None`` do not count.

    A position is the instant in microseconds and the id as text.
    """
    start = None if after is None else (from_micros(after[0]), UUID(after[1]))
    return await _rows(db, table, (instant, "id"), filters, start, limit, newest=True)


async def by_keys(
    db: Reader,
    table: Table,
    keys: tuple[str, ...],
    filters: Mapping[str, Any],
    after: Position | None,
    limit: int,
) -> list[Row]:
    """Whole rows in the order of keys that are identifiers; a position is their texts."""
    start = None if after is None else tuple(map(UUID, after))
    return await _rows(db, table, keys, filters, start, limit, newest=False)


async def _rows(
    db: Reader,
    table: Table,
    order: tuple[str, ...],
    filters: Mapping[str, Any],
    start: Sequence[Any] | None,
    limit: int,
    *,
    newest: bool,
) -> list[Row]:
    given = {name: value for name, value in filters.items() if value is not None}
    after = {f"after_{name}": value for name, value in zip(order, start or (), strict=False)}
    statement = _listing(table, order, tuple(given), newest, bool(after))
    return await db.all(statement, size=limit, **given, **after)
