"""Laws of all records: whose they are, what they name, in which words and which currency."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Table

from tradepost.platform.db.schema import TENANT_OWNED, metadata
from tradepost.platform.db.security import RELAY_TABLES
from tradepost.platform.db.types import ChoiceType
from tradepost.platform.db.work import Reader, Row
from tradepost.wiring.doctor.answers import ANSWERS
from tradepost.wiring.doctor.law import (
    IN_ORDER,
    Found,
    Law,
    Sight,
    View,
    in_turn,
    law,
    queried,
    statement,
)
from tradepost.wiring.doctor.references import references
from tradepost.wiring.parts import PARTS

assert PARTS  # importing the parts has declared every table

OTHER_CURRENCIES = {
    "price_lists": "a list may have prices of its own in another currency",
    "products": "what has its price in another currency is sold by such a list",
}
"""Tables whose rows may be in another currency than their shop's, and why."""


def _owned() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.info.get(TENANT_OWNED)]


def _references() -> Law:
    known = references()
    return Law(
        "records.references",
        "Whatever a record names is there, in the same shop.",
        tuple(sorted({one.table for one in known})),
        ("table", "column", "reference"),
        in_turn([queried(one.query) for one in known]),
    )


def _words_of(table: Table) -> str:
    """One scan of a table for all of its words."""
    known = {
        column.name: ", ".join(f"'{word.value}'" for word in column.type.choices)
        for column in table.columns
        if isinstance(column.type, ChoiceType)
    }
    unknown = " OR ".join(f"{name} NOT IN ({words})" for name, words in known.items())
    order = IN_ORDER if table.name == "stock_movements" else ""
    told = " || ', ' || ".join(f"'{name} ' || coalesce({name}, '-')" for name in known)
    return f"""
        SELECT '{table.name}' AS tab, 'words of the house' AS expected,
               {told} || ', ' || count(*) || ' times' AS found
          FROM {table.name}
         WHERE tenant_id = :tenant{order} AND ({unknown})
         GROUP BY {", ".join(known)}"""  # noqa: S608  names of the schema


def _words() -> Law:
    worded = [t for t in _owned() if any(isinstance(c.type, ChoiceType) for c in t.columns)]
    return Law(
        "records.words",
        "States and kinds are words that the house knows.",
        tuple(table.name for table in worded),
        ("table",),
        in_turn([queried(_words_of(table)) for table in worded]),
    )


def _currencies() -> Law:
    tables = [t.name for t in _owned() if "currency" in t.c and t.name not in OTHER_CURRENCIES]
    return law(
        "records.currencies",
        "Documents are in the currency of their shop.",
        over=" ".join(tables),
        keys="table",
        query=" UNION ALL ".join(
            f"""SELECT '{name}' AS tab, t.default_currency AS expected,
                       d.currency || ', ' || count(*) || ' times' AS found
                  FROM {name} AS d JOIN tenants AS t ON t.id = d.tenant_id
                 WHERE d.tenant_id = :tenant AND d.currency <> t.default_currency
                 GROUP BY t.default_currency, d.currency"""  # noqa: S608  names of the schema
            for name in tables
        ),
    )


def _shops() -> Law:
    """On PostgreSQL only the relay's tables can be seen across shops; there facts give it away."""
    everywhere = [table.name for table in _owned()]
    owners = {
        name: statement(f"SELECT DISTINCT tenant_id FROM {name}")  # noqa: S608  names of the schema
        for name in everywhere
    }

    async def look(db: Reader, sight: Sight) -> Found:
        rows: list[Row] = []
        for name in everywhere if db.dialect == "sqlite" else sorted(RELAY_TABLES):
            found = [row[0] for row in await db.all(owners[name])]
            ids = [UUID(bytes=raw) if isinstance(raw, bytes) else raw for raw in found]
            rows += [(name, id, "a shop", "none") for id in ids if id not in sight.shops]
        return Found(len(rows), rows[: sight.most])

    return Law(
        "records.shops",
        "Every record belongs to a shop that is there.",
        tuple(sorted(RELAY_TABLES)),
        ("table", "tenant_id"),
        look,
        View.RELAY,
    )


REFERENCES = _references()
LAWS = (REFERENCES, _words(), _currencies(), ANSWERS, _shops())
