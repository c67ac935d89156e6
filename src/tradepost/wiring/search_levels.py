"""Whether a change of stock can matter to the index, which asks only if something is left."""

from __future__ import annotations

from tradepost.events.inventory import StockLevel
from tradepost.kernel.ids import LocationId, TenantId, VariantId

LEVELS_MAX = 200_000
"""Levels that are remembered; with more, all are forgotten, and each is news once more."""


class KnownLevels:
    """Where something was left of what, at the highest version that a fact told."""

    def __init__(self) -> None:
        self._known: dict[tuple[TenantId, LocationId, VariantId], tuple[int, bool]] = {}

    def is_news(self, tenant_id: TenantId, level: StockLevel) -> bool:
        """Whether the last piece went, or one came, or nothing was known; remembered from now on.

        Who is told has to look, or to :meth:`forget`.
        """
        key, is_left = (tenant_id, level.location_id, level.variant_id), level.available > 0
        version, was_left = self._known.get(key, (0, None))
        if level.version <= version:  # its successor was told before it
            return False
        if len(self._known) >= LEVELS_MAX:
            self._known.clear()
        self._known[key] = (level.version, is_left)
        return is_left is not was_left

    def forget(self) -> None:
        """Know nothing: what was told may not have been looked at."""
        self._known.clear()
