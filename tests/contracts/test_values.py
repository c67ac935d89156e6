"""Every column of every table keeps what it is given, in every store."""

from __future__ import annotations

import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import BigInteger, CheckConstraint, Column, Table, Text

from tests import stores
from tradepost.kernel.messages import Scope
from tradepost.platform.db import types as t
from tradepost.platform.db.schema import TENANT_OWNED
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader, Store, Work

_numbers = count()
INSTANTS = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC),
    datetime(2026, 3, 29, 1, 0, 0, 1, UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=timezone(timedelta(hours=9))),
]
DAYS = [date(1, 1, 1), date(1969, 12, 31), date(2000, 1, 1)]
DAYS += [date(2024, 2, 29), date(2038, 1, 19), date(9999, 12, 31)]
WHOLES = [0, 1, -1, 2**63 - 1, -(2**63)]
TEXTS = ["", "plain", "茶 🫖", "'; --", '{"a": "\\u0000"}']
IDS = [UUID(int=0), UUID(int=2**128 - 1), UUID(int=1)]
ROWS = len(DAYS)
"""As many as there are days, which may have to be unique."""
SAMPLES: dict[type, list[Any]] = {
    t.IdType: IDS,
    t.InstantType: INSTANTS,
    t.DayType: DAYS,
    t.FlagType: [True, False],
}


def _simple(table: Table) -> bool:
    """A table whose rows can be made up: no references, no checks, no documents of their own."""
    checked = any(isinstance(part, CheckConstraint) for part in table.constraints)
    shapes = [c.type.shape for c in table.c if isinstance(c.type, t.DocumentType)]
    plain = all(_item_of(shape) is not None for shape in shapes)
    return bool(table.info.get(TENANT_OWNED) and not table.foreign_keys and not checked and plain)


def _item_of(shape: Any) -> Callable[[int], Any] | None:
    """What makes an item of a document that is a tuple of texts or identifiers."""
    if typing.get_origin(shape) is not tuple:
        return None
    item = typing.get_args(shape)[0]
    if item is str:
        return lambda n: TEXTS[n % len(TEXTS)]
    return (lambda n: uuid4()) if getattr(item, "__supertype__", None) is UUID else None


TABLES = [table for table in stores.TABLES.values() if _simple(table)]


def _value(column: Column[Any], n: int) -> Any:
    if column.nullable and n % 3 == 0:
        return None
    kind = column.type
    known = [value for of, value in SAMPLES.items() if isinstance(kind, of)]
    if isinstance(kind, t.IdType) and not column.nullable:
        return uuid4()  # it may be a key
    if known:
        return known[0][n % len(known[0])]
    if isinstance(kind, t.ChoiceType):
        members = list(kind.choices)
        return members[n % len(members)]
    if isinstance(kind, t.DocumentType):
        make = _item_of(kind.shape)
        assert make is not None
        return tuple(make(one) for one in range(n))
    return _plain(column, n)


def _plain(column: Column[Any], n: int) -> Any:
    if isinstance(column.type, BigInteger):
        own = column.primary_key or column.name == "seq"
        return next(_numbers) if own else WHOLES[n % len(WHOLES)]
    assert isinstance(column.type, Text), column
    return f"{TEXTS[n % len(TEXTS)]} {uuid4()}"


def _by_key(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        rows, key=lambda row: str([row[c.name] for c in table.primary_key if c.name in row])
    )


def test_most_tables_are_simple() -> None:
    kinds = {type(column.type) for table in TABLES for column in table.c}
    assert len(TABLES) >= 10
    assert {t.IdType, t.InstantType, t.DayType, t.ChoiceType, t.DocumentType} <= kinds


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
async def test_rows_come_back_as_they_went_in(store: Store, scope: Scope, table: Table) -> None:
    columns = [column for column in table.c if column.name != "tenant_id"]
    rows = [{column.name: _value(column, n) for column in columns} for n in range(ROWS)]
    select = Statement(scoped(table, *columns))

    async def write(work: Work) -> None:
        work.add(table, *rows)

    async def read(db: Reader) -> list[dict[str, Any]]:
        names = [column.name for column in columns]
        return [dict(zip(names, row, strict=True)) for row in await db.all(select)]

    await store.write(scope, write)
    found = await store.read(scope.tenant_id, read)
    assert _by_key(table, found) == _by_key(table, rows)
    for row in found:
        for value in row.values():
            assert type(value) is not float
            if isinstance(value, datetime):
                assert value.tzinfo is UTC
