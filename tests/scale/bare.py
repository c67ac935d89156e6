"""Tables without constraints and indexes, for as long as very many rows go in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg


async def laid_bare(connection: asyncpg.Connection[Any], tables: Sequence[str]) -> list[str]:
    """Take constraints, indexes and vacuuming from tables; the statements that bring them back."""
    constraints = await connection.fetch(_CONSTRAINTS, list(tables))
    for row in sorted(constraints, key=lambda row: row["contype"] != b"f"):
        await connection.execute(f'ALTER TABLE {row["of"]} DROP CONSTRAINT "{row["conname"]}"')
    indexes = await connection.fetch(_INDEXES, list(tables))
    for row in indexes:
        await connection.execute(f'DROP INDEX "{row["indexname"]}"')
    for table in tables:
        await connection.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = off)')
    back = [
        f'ALTER TABLE {row["of"]} ADD CONSTRAINT "{row["conname"]}" {row["def"]}'
        for row in sorted(constraints, key=lambda row: row["contype"] == b"f")
    ]
    keys = [one for one in back if " FOREIGN KEY " not in one]
    vacuumed = [f'ALTER TABLE "{table}" RESET (autovacuum_enabled)' for table in tables]
    return [*keys, *(row["indexdef"] for row in indexes), *back[len(keys) :], *vacuumed]


_CONSTRAINTS = """
    SELECT conrelid::regclass::text AS of, conname, contype, pg_get_constraintdef(oid) AS def
      FROM pg_constraint WHERE contype IN ('p', 'u', 'f')
       AND (conrelid::regclass::text = ANY($1) OR confrelid::regclass::text = ANY($1))"""
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY($1)"
