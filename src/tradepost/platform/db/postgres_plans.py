"""How old the plans of a connection may become.

A connection keeps the plan of a statement until the statistics of its tables change. One made
while a table was empty, as those of foreign keys in a young shop are, reads the whole table, and
would cost several times as much until PostgreSQL first looks at the table, a minute or more later.
"""

from __future__ import annotations

from typing import Any

from asyncpg import InterfaceError

DISCARD_AFTER = frozenset({10, 30, 100, 300, 1_000, 10_000})
"""Transactions of a connection, after which its plans are made anew from how tables look by now."""
CONNECTIONS_KNOWN_MAX = 1_000


class PlanAges:
    """Counts the transactions of each connection."""

    def __init__(self) -> None:
        self._used: dict[int, int] = {}

    def due(self, connection: Any) -> str:
        """What to add to the message that begins a transaction, so that its plans are fresh."""
        try:
            pid: int = connection.get_server_pid()
        except (InterfaceError, AttributeError):  # it is broken, and the message will say so
            return ""
        if len(self._used) > CONNECTIONS_KNOWN_MAX:  # most of them are long gone
            self._used.clear()
        used = self._used[pid] = self._used.get(pid, 0) + 1
        return "; DISCARD PLANS" if used in DISCARD_AFTER else ""
