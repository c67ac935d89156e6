"""Whether a change of stock can matter to the index, which asks only if something is left."""

from __future__ import annotations

from tradepost.events.inventory import StockLevel
from tradepost.kernel.ids import TenantId

LEVELS_MAX = 200_000
"""Levels that are remembered; with more, all are forgotten, and each is news once more."""


class KnownLevels:
    """Where something was left of what, at the highest version that a fact told."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}
        """By tenant, place and variant, two numbers in one to be small: twice the version, and one
        more if something was left."""

    def is_news(self, tenant_id: TenantId, level: StockLevel) -> bool:
        """Whether the last piece went, or one came, or nothing was known; remembered from now on.

        Also what comes too late, if it is otherwise than what is known: whoever looked ahead of
        the facts may have seen that. Who is told has to look, or to :meth:`forget`.
        """
        key = tenant_id.bytes + level.location_id.bytes + level.variant_id.bytes
        is_left, known = level.available > 0, self._known.get(key)
        if known is None or level.version > known >> 1:
            if len(self._known) >= LEVELS_MAX:
                self._known.clear()
            self._known[key] = level.version << 1 | is_left
        return known is None or is_left is not bool(known & 1)

    def forget(self) -> None:
        """Know nothing: what was told may not have been looked at."""
        self._known.clear()
