"""Tables derived from the domain's annotated dataclasses, and rows turned into them and back."""

from __future__ import annotations

import types as pytypes
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar, Union
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from tradepost.kernel.money import Currency, Money, UnitPrice
from tradepost.platform.db import types as t

T = TypeVar("T")
metadata = MetaData()
TENANT_OWNED = "tenant_owned"
OWNER_COLUMN = "owner_column"
"""In a table's ``info``: the column that names the only tenant who may write a row."""
_PLAIN: dict[Any, Callable[[], TypeEngine[Any]]] = {
    UUID: t.IdType,
    int: BigInteger,
    bool: t.FlagType,
    str: Text,
    datetime: t.InstantType,
    date: t.DayType,
}


def _bare(hint: Any) -> tuple[Any, bool]:
    """The hint without ``| None`` and ``NewType``, and whether ``None`` was allowed."""
    optional = False
    if typing.get_origin(hint) in (Union, pytypes.UnionType):
        inner = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        if len(inner) == 1:
            hint, optional = inner[0], True
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return hint, optional


def _columns_of(name: str, hint: Any) -> list[Column[Any]]:
    bare, null = _bare(hint)
    if bare is Money:
        return [Column(f"{name}_amount", BigInteger, nullable=null)]
    if bare is UnitPrice:
        return [Column(f"{name}_micros", BigInteger, nullable=null)]
    if bare is Currency:
        return [Column(name, Text, nullable=null)]
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return [Column(name, t.ChoiceType(bare), nullable=null)]
    if bare in _PLAIN:
        return [Column(name, _PLAIN[bare](), nullable=null)]
    return [Column(name, t.DocumentType(hint), nullable=null)]


def tenant_table(
    name: str,
    record: type,
    *,
    key: Sequence[str] = ("id",),
    unique: Sequence[Sequence[str]] = (),
    indexes: Sequence[Sequence[str]] = (),
    references: Mapping[str, str] | None = None,
    checks: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
) -> Table:
    """The table of a record that a tenant owns: ``tenant_id`` leads every key.

    ``references`` maps a column to the table whose ``id`` it holds; ``checks`` maps a name to SQL;
    ``without`` leaves out fields that live in tables of their own (an order's lines).
    """
    extra: list[Any] = [PrimaryKeyConstraint("tenant_id", *key, name=f"{name}_pk")]
    extra += [
        UniqueConstraint("tenant_id", *group, name=f"{name}_{'_'.join(group)}_uq")
        for group in unique
    ]
    extra += [Index(f"{name}_{'_'.join(group)}_ix", "tenant_id", *group) for group in indexes]
    extra += [_reference(name, *pair) for pair in (references or {}).items()]
    extra += [
        CheckConstraint(sql, name=f"{name}_{label}_ck") for label, sql in (checks or {}).items()
    ]
    columns = [Column("tenant_id", t.IdType(), nullable=False), *record_columns(record, without)]
    return Table(name, metadata, *columns, *extra, info={TENANT_OWNED: True})


def _reference(name: str, column: str, target: str) -> ForeignKeyConstraint:
    ours, theirs = ["tenant_id", column], [f"{target}.tenant_id", f"{target}.id"]
    return ForeignKeyConstraint(ours, theirs, name=f"{name}_{column}_fk")


def record_columns(record: type, without: Sequence[str] = ()) -> list[Column[Any]]:
    """The columns that a dataclass's annotations stand for."""
    assert is_dataclass(record)
    hints = _hints(record)
    names = [field.name for field in fields(record) if field.name not in without]
    return [column for name in names for column in _columns_of(name, hints[name])]


_KNOWN_HINTS: dict[type, dict[str, Any]] = {}


def _hints(record: type) -> dict[str, Any]:
    if record not in _KNOWN_HINTS:
        _KNOWN_HINTS[record] = typing.get_type_hints(record)
    return _KNOWN_HINTS[record]


class Mapper(Generic[T]):
    """Rows of a table as records of the domain, and records as rows.

    A ``Money`` or ``UnitPrice`` takes its currency from the record's own ``currency``; pass
    ``currency`` to :meth:`load` where the record has none.
    """

    def __init__(self, record: type[T], table: Table, without: Sequence[str] = ()) -> None:
        self.record = record
        self.table = table
        self._parts: list[tuple[str, str, Any, Any]] = []
        hints = _hints(record)
        for field in fields(record):  # type: ignore[arg-type]  # checked by record_columns
            if field.name in without:
                continue
            bare, _ = _bare(hints[field.name])
            column = _columns_of(field.name, hints[field.name])[0].name
            self._parts.append((field.name, column, bare, None))
        self.columns = [table.c[column] for _, column, _, _ in self._parts]
        self._plain = all(bare not in (Money, UnitPrice, Currency) for _, _, bare, _ in self._parts)
        self._names = tuple(part[0] for part in self._parts)
        self._values: Callable[[T], Sequence[Any]] = attrgetter(*self._names)
        kinds = [part[2] for part in self._parts]
        self._amounts = [(n, kind) for n, kind in enumerate(kinds) if kind in (Money, UnitPrice)]
        self._currencies = [n for n, kind in enumerate(kinds) if kind is Currency]
        self._own = self._names.index("currency") if "currency" in self._names else None
        self._leading = self._names == tuple(one.name for one in fields(record))[: len(kinds)]  # type: ignore[arg-type]  # checked by record_columns

    def load(self, row: Sequence[Any], currency: Currency | None = None, **rest: Any) -> T:
        """The record of a row whose columns stand in the order of :attr:`columns`."""
        if self._plain and not rest:
            return self.record(*row)
        values = list(row[: len(self._names)])
        for place in self._currencies:
            if isinstance(values[place], str):
                values[place] = Currency(values[place])
        if self._own is not None and isinstance(values[self._own], Currency):
            currency = values[self._own]
        for place, kind in self._amounts:
            if values[place] is not None:
                assert currency is not None, f"{self.record.__name__} has amounts and no currency"
                values[place] = kind(values[place], currency)
        if self._leading:
            return self.record(*values, **rest)
        return self.record(**dict(zip(self._names, values, strict=True)), **rest)

    def dump(self, record: T) -> dict[str, Any]:
        """The row of a record, ready to be added or bound."""
        if self._plain and len(self._names) > 1:
            return dict(zip(self._names, self._values(record), strict=True))
        row: dict[str, Any] = {}
        for name, column, bare, _ in self._parts:
            value = getattr(record, name)
            if value is not None:
                if bare is Money:
                    value = value.amount
                elif bare is UnitPrice:
                    value = value.micros
                elif bare is Currency:
                    value = value.code
            row[column] = value
        return row
