"""Goods that are hot because many want them, and for how long they stay so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tradepost.kernel.ids import VariantId


@dataclass(frozen=True, slots=True)
class DemandMark:
    """Demand made a variant hot, and was last seen to last; what people mark hot has none."""

    variant_id: VariantId
    marked_at: datetime
    warmed_at: datetime


@dataclass(frozen=True, slots=True)
class HotTerms:
    """How many minutes a variant stays hot after the last time that many wanted it."""

    minutes_min: int

    def cold_from(self, at: datetime) -> datetime:
        """Whatever was last wanted much before this is no longer hot at an instant."""
        return at - timedelta(minutes=self.minutes_min)
