"""A law of the house: a sentence that is always true, and the query that finds what breaks it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, text

from tradepost.kernel.ids import TenantId
from tradepost.platform.db.statement import DIALECTS, TENANT, AcrossTenants
from tradepost.platform.db.types import IdType, InstantType
from tradepost.platform.db.work import Reader, Row


class View(StrEnum):
    """What a law is looked at through."""

    TENANT = "tenant"
    """One shop's own rows, as the app role; once for each shop."""
    RELAY = "relay"
    """Outbox, log and what consumers keep, of all shops at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """What breaks a law: how many in all, and some of it, expected and found last in each row."""

    total: int
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look is given: how many breaches to bring along, the time, the shops there are."""

    most: int
    now: datetime
    shops: frozenset[TenantId]


Look = Callable[[Reader, Sight], Awaitable[Found]]
"""Looks for what breaks a law."""


@dataclass(frozen=True, slots=True)
class Law:
    """``tables`` are those whose rows it covers; ``keys`` name the first columns of a breach."""

    name: str
    sentence: str
    tables: tuple[str, ...]
    keys: tuple[str, ...]
    look: Look
    view: View = View.TENANT


def law(
    name: str,
    sentence: str,
    *,
    over: str,
    keys: str,
    query: str | Mapping[str, str],
    view: View = View.TENANT,
) -> Law:
    """A law by its query: the keys of what breaks it, what was expected, and what was found.

    The query names the shop as ``:tenant``; where the stores speak differently there is one text
    for each. ``over`` and ``keys`` are lists of words.
    """
    return Law(name, sentence, tuple(over.split()), tuple(keys.split()), queried(query), view)


class queried:  # noqa: N801  made as a function makes a look
    """The look that a query is."""

    def __init__(self, query: str | Mapping[str, str]) -> None:
        self.texts = dict.fromkeys(DIALECTS, query) if isinstance(query, str) else query
        """The query for each store."""
        self._statements = {
            dialect: statement(_bounded(sql)) for dialect, sql in self.texts.items()
        }

    async def __call__(self, db: Reader, sight: Sight) -> Found:
        rows = await db.all(self._statements[db.dialect], most=sight.most, none=NONE)
        return Found(int(rows[0][-1]) if rows else 0, [row[:-1] for row in rows])


class in_turn:  # noqa: N801
    """Several looks at one law, one after the other, so that none of them grows large."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self.looks = looks

    async def __call__(self, db: Reader, sight: Sight) -> Found:
        total, rows = 0, list[Row]()
        for one in self.looks:
            found = await one(db, sight)
            total += found.total
            rows += found.rows
        return Found(total, rows[: sight.most])


def _bounded(query: str) -> str:
    """The query with the number of all that it finds behind each row, and few of the rows."""
    return f"SELECT b.*, count(*) OVER () FROM ({query}) AS b LIMIT :most"  # noqa: S608  texts of this package


NONE = UUID(int=0)
"""An identifier before all others."""

IN_ORDER = " AND id > :none"
"""Makes SQLite go through a large table by its key, near which its rows lie.

Of the other indexes it would take any, since each begins with the shop.
"""

_BINDS: dict[str, Any] = {
    TENANT: IdType(),
    "most": BigInteger(),
    "after": BigInteger(),
    "border": IdType(),
    "none": IdType(),
    "since": InstantType(),
}


def statement(query: str) -> AcrossTenants:
    """A text of this package as a statement; the tenant is named in the text itself.

    :class:`AcrossTenants` because a text says nothing of its tables that could be looked after.
    """
    binds = (bindparam(name, type_=kind) for name, kind in _BINDS.items() if f":{name}" in query)
    return AcrossTenants(text(query).bindparams(*binds))


def shown(value: Any) -> str | None:
    """A value of either driver as people read it."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return str(UUID(bytes=value)) if len(value) == 16 else value.hex()
    if isinstance(value, Decimal):
        return str(int(value)) if value == int(value) else str(value)
    return str(value)
