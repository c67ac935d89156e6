"""What the ledger needs: where transfers are kept, and how the shop counts its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tradepost.kernel.money import Currency
from tradepost.ledger.domain import Transfer


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """The shop's currency and the way its business days are cut."""

    currency: Currency
    time_zone: str
    cutoff_hour: int


class Transfers(Protocol):
    """Where transfers are kept; they are only ever added."""

    def add(self, made: Sequence[Transfer]) -> None:
        """Keep fresh transfers."""
        ...
