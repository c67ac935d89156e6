"""Stocktakes: what really lies on the shelf, next to what the books said when it was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tradepost.inventory.domain.stock import Place, Shelf
from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import CountId, LocationId, VariantId
from tradepost.kernel.states import States


class CountState(StrEnum):
    """How far a stocktake is."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


COUNT: Final = States(
    "count",
    {
        CountState.OPEN: {
            "record": CountState.OPEN,
            "close": CountState.CLOSED,
            "cancel": CountState.CANCELLED,
        }
    },
)


@dataclass(frozen=True, slots=True)
class StockCount:
    """A stocktake of some or all variants at a location; trade goes on meanwhile."""

    id: CountId
    location_id: LocationId
    note: str
    state: CountState
    started_at: datetime
    version: int = 1

    def after(self, action: str, version: int | None) -> StockCount:
        """The count after an action, one version later.

        :raises Stale: if the action was based on another version.
        :raises WrongState: if the count is over.
        """
        if version not in (None, self.version):
            raise Stale("count", version or 0, self.version)
        return replace(self, state=COUNT.after(self.state, action), version=self.version + 1)


@dataclass(frozen=True, slots=True)
class CountLine:
    """What was counted of a variant, and what the books said at that very moment.

    The difference is what counting found, whatever was sold or arrived since.
    """

    count_id: CountId
    variant_id: VariantId
    counted: int
    expected: int
    counted_at: datetime


def counted_lines(
    count: StockCount, found: Mapping[VariantId, int], shelf: Shelf, at: datetime
) -> list[CountLine]:
    """The figures next to what the books say, at one moment."""
    return [
        CountLine(count.id, variant, counted, shelf[(count.location_id, variant)].on_hand, at)
        for variant, counted in found.items()
    ]


def differences(count: StockCount, lines: Iterable[CountLine]) -> list[tuple[Place, int]]:
    """What closing the count has to book."""
    return [
        ((count.location_id, line.variant_id), line.counted - line.expected)
        for line in lines
        if line.counted != line.expected
    ]
