"""The rows of an order, written by pgbench: one order a commit, nobody deciding anything.

The script is made from an order that the product has just placed: what its transaction inserted
is inserted again under fresh identifiers, what it updated is updated, the shared rows last. It runs
as superuser, whom no policy looks at, on a copy of the database, and takes no answers.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from sqlalchemy import Table
from tests import servers

from tradepost.platform.db.schema import metadata

FRESH = {"id", "event_id", "journal_id"}
BY_TENANT = {"document_numbers": "next = next + 1"}
_ID = "('0199' || :r::text || '-' || :c::text || '-7{kind:03}-8000-' || :n::text)::uuid"
_NUMBER = "(:r::bigint * 100000000000 + (:n::bigint - 100000000000) * 10000 + :c::bigint)"
_HEAD = r"""\set n :n + 1
\set c :client_id + 1000
\set a random(1, {articles})
BEGIN;
"""
Rows = list[tuple[Table, bool, dict[str, Any]]]


@dataclass(frozen=True)
class Turn:
    """What pgbench did."""

    rate: float
    p50_ms: float
    p99_ms: float


async def keys_of(url: str) -> dict[str, set[tuple[Any, ...]]]:
    """The keys of all rows there are."""
    connection = await asyncpg.connect(url)
    try:
        return {
            table.name: {tuple(row) for row in await connection.fetch(_keys(table))}
            for table in metadata.sorted_tables
        }
    finally:
        await connection.close()


def _keys(table: Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.primary_key)
    return f'select {names} from "{table.name}"'  # noqa: S608  names of our own tables


async def written(url: str, before: dict[str, set[tuple[Any, ...]]]) -> Rows:
    """The rows of the newest order's transaction, and which of them are fresh."""
    connection = await asyncpg.connect(url)
    try:
        last = "select xmin::text from orders order by number desc limit 1"
        transaction = await connection.fetchval(last)
        rows: Rows = []
        for table in metadata.sorted_tables:
            wanted = f'select * from "{table.name}" where xmin::text = $1'  # noqa: S608
            for row in await connection.fetch(wanted, transaction):
                key = tuple(row[column.name] for column in table.primary_key)
                rows.append((table, key not in before[table.name], dict(row)))
        return rows
    finally:
        await connection.close()


def script(rows: Rows, articles: Sequence[UUID], *, shared: bool = True) -> str:
    """The script of pgbench; without ``shared`` the rows that all orders of a shop update stay."""
    fresh = {
        value: number
        for number, value in enumerate(
            value
            for _, new, row in rows
            if new
            for name, value in row.items()
            if name in FRESH and isinstance(value, UUID)
        )
    }
    said = {value: _ID.format(kind=kind) for value, kind in fresh.items()}
    listed = ",".join(map(str, articles))
    chosen = f"('{{{listed}}}'::uuid[])[:a::int]"
    said |= dict.fromkeys(articles, chosen)
    parts = [*_inserts(rows, said)]
    for table, new, row in rows:
        if not new and table.name not in BY_TENANT:
            key = " and ".join(
                f'"{c.name}" = {_said(row[c.name], said)}' for c in table.primary_key
            )
            changed = "allocated = allocated + 1, version = version + 1"
            parts.append(f'update "{table.name}" set {changed} where {key};')  # noqa: S608
    for table, new, row in rows:
        if not new and table.name in BY_TENANT and shared:
            key = " and ".join(
                f'"{c.name}" = {_said(row[c.name], said)}' for c in table.primary_key
            )
            changed = BY_TENANT[table.name]
            parts.append(f'update "{table.name}" set {changed} where {key};')  # noqa: S608
    return _HEAD.format(articles=len(articles)) + "\n".join(parts) + "\nEND;\n"


def _inserts(rows: Rows, said: dict[UUID, str]) -> Iterator[str]:
    tables = {table.name: [r for t, new, r in rows if new and t is table] for table, _, _ in rows}
    for name, fresh in tables.items():
        if fresh:
            names = [
                one for one in fresh[0] if not (one == "id" and isinstance(fresh[0][one], int))
            ]
            columns = ", ".join(f'"{one}"' for one in names)
            values = ", ".join(
                "(" + ", ".join(_value(name, one, row[one], said) for one in names) + ")"
                for row in fresh
            )
            yield f'insert into "{name}" ({columns}) values {values};'  # noqa: S608


def _value(table: str, name: str, value: Any, said: dict[UUID, str]) -> str:
    if (table, name) == ("orders", "number"):
        return _NUMBER
    if (table, name) == ("idempotency_keys", "key"):
        return "(:r::text || '-' || :c::text || '-' || :n::text)"
    return _said(value, said)


def _said(value: Any, said: dict[UUID, str]) -> str:
    if isinstance(value, UUID) and value in said:
        return said[value]
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{text}'"


def run(url: str, file: Path, number: int, clients: int, seconds: int) -> Turn:
    """So many clients for so long; ``number`` tells this turn from all others."""
    for old in file.parent.glob("turn.*"):
        old.unlink()
    parts = urlsplit(url)
    command = [str(servers._postgres_binaries() / "pgbench"), "-n", "-M", "prepared"]
    command += ["-f", str(file)]
    command += ["-c", str(clients), "-j", str(min(2, clients)), "-T", str(seconds)]
    command += ["-D", f"r={number + 1000}", "-D", "n=100000000000", "-l", "--log-prefix=turn"]
    command += ["-h", str(parts.hostname), "-p", str(parts.port), "-U", "postgres", parts.path[1:]]
    done = subprocess.run(  # noqa: S603  our own
        command, check=False, capture_output=True, text=True, cwd=file.parent
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode != 0 or found is None:
        raise RuntimeError(f"pgbench failed: {done.stdout}{done.stderr}")
    took = sorted(
        int(line.split()[2]) / 1000
        for log in file.parent.glob("turn.*")
        for line in log.read_text().splitlines()
    )
    rate = round(float(found[1]), 1)
    return Turn(rate, round(took[len(took) // 2], 2), round(took[int(len(took) * 0.99)], 2))
