"""What it costs to have goods carried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tariff:
    """A fee in minor units, for goods that are worth less than ``free_from``; ``least`` is what
    shoppers have to order to have it carried at all."""

    fee: int
    free_from: int | None = None
    least: int = 0

    def fee_for(self, worth: int) -> int:
        """The fee for goods of this worth."""
        free = self.free_from is not None and worth >= self.free_from
        return 0 if free else self.fee
