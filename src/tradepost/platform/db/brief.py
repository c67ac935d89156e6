"""Reads are taken for brief until they turn out not to be (docs/decisions/0016-brief-reads.md)."""

from __future__ import annotations

from tradepost.kernel.ids import TenantId
from tradepost.platform.db.statement import Statement

KNOWN_LONG_MAX = 10_000
"""Reads that are remembered; with more, all are forgotten at once."""
TIMES_REMEMBERED = 100
"""After so many times one is tried again: how much a read needs hangs on what it is about."""


class TooLong(BaseException):
    """A read is longer than it was taken for, and is begun anew in a way that suits it.

    Nothing that went wrong, so no query catches it.
    """


class KnownLong:
    """Which reads turned out not to be brief, by shop, if they are of one, and first statement."""

    def __init__(self) -> None:
        self._known: dict[tuple[TenantId | None, Statement], int] = {}

    def check(self, tenant_id: TenantId | None, first: Statement) -> None:
        """Let a read begin.

        :raises TooLong: for one that was too long within its last hundred times.
        """
        key = (tenant_id, first)
        left = self._known.get(key)
        if left is None:
            return
        if left > 1:
            self._known[key] = left - 1
        else:
            del self._known[key]
        raise TooLong

    def note(self, tenant_id: TenantId | None, first: Statement) -> None:
        """Remember one that was too long."""
        if len(self._known) >= KNOWN_LONG_MAX:
            self._known.clear()
        self._known[tenant_id, first] = TIMES_REMEMBERED
