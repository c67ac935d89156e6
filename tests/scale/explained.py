"""What PostgreSQL says of how it found rows: its own plans of whatever ran, with real parameters.

``auto_explain`` writes the plan of every statement to the server's log, those that constraints
run among them; a superuser reads that file over SQL.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import asyncpg

_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_format": "json",
    "auto_explain.log_nested_statements": "on",
}
_LOG = "current_setting('data_directory') || '/../log'"
_SIZE = f"SELECT size FROM pg_stat_file({_LOG})"
_READ = f"SELECT pg_read_binary_file({_LOG}, $1, $2)"
_SCANS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")


@dataclass(frozen=True)
class Walk:
    """A statement that walks through a table whose rows it should be led to."""

    table: str
    how: str
    query: str

    def __str__(self) -> str:
        return f"{self.table}: {self.how}\n    {' '.join(self.query.split())[:600]}"


@dataclass(frozen=True)
class Plan:
    """How a statement was run."""

    query: str
    root: Mapping[str, Any]

    def walks(self) -> Iterator[Walk]:
        """Each part that looks at a whole table, or at all that a shop has in it.

        Who takes the first few in the order of an index walks no further than that.
        """
        yield from self._walks(self.root, bounded=False)

    def tables(self) -> set[str]:
        """The tables it reads."""
        return set(self._tables(self.root))

    def _tables(self, node: Mapping[str, Any]) -> Iterator[str]:
        if "Relation Name" in node:
            yield node["Relation Name"]
        for part in node.get("Plans", ()):
            yield from self._tables(part)

    def _walks(self, node: Mapping[str, Any], *, bounded: bool) -> Iterator[Walk]:
        kind, table = node["Node Type"], str(node.get("Relation Name", node.get("Index Name")))
        bounded = kind == "Limit" or (bounded and kind not in ("Sort", "Aggregate", "Hash"))
        if kind in _SCANS:
            said = node.get("Index Cond")
            if said is None and not bounded:
                yield Walk(table, kind, self.query)
            elif said is not None and _only_the_shop(said) and not bounded:
                yield Walk(table, f"{kind} of a whole shop: {said}", self.query)
        for part in node.get("Plans", ()):
            yield from self._walks(part, bounded=bounded)


def _only_the_shop(condition: str) -> bool:
    """Whether an index is asked for a shop's rows and nothing closer."""
    rest = condition.replace("::", " ")
    return rest.count("tenant_id =") == 1 and " AND " not in rest and "ANY" not in rest


@asynccontextmanager
async def explaining(url: str, **more: str) -> AsyncIterator[list[Plan]]:
    """The plans of what sessions that begin meanwhile run on a database; filled at the end.

    ``url`` is the superuser's; those sessions have ``more`` settings, too.
    """
    plans: list[Plan] = []
    settings = _SETTINGS | more
    name = urlsplit(url).path[1:]
    connection = await asyncpg.connect(url)
    try:
        for setting, value in settings.items():
            await connection.execute(f"ALTER DATABASE \"{name}\" SET {setting} = '{value}'")
        start = await connection.fetchval(_SIZE)
        try:
            yield plans
        finally:
            for setting in settings:
                await connection.execute(f'ALTER DATABASE "{name}" RESET {setting}')
        size = await connection.fetchval(_SIZE) - start
        written = await connection.fetchval(_READ, start, size)
        plans += _plans(written.decode(errors="replace"))
    finally:
        await connection.close()


def _plans(log: str) -> Iterator[Plan]:
    held: list[str] = []
    for line in [*log.splitlines(), ""]:
        if line.startswith("\t"):
            held.append(line[1:])
            continue
        if held and held[0].startswith("{"):
            told = json.loads("\n".join(held))
            yield Plan(told["Query Text"], told["Plan"])
        held = []
