"""One line of an invoice, as checked values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RetailLine:
    """One line of an invoice.

    ``line_number`` counts lines of the file, the header being 1; ``instant`` is UTC;
    ``unit_price_micros`` are micro-pounds; ``customer`` is None for a guest; ``country`` is
    ISO 3166-1 alpha-2 or ZZ; ``description`` may be empty.
    """

    line_number: int
    invoice: str
    stock_code: str
    description: str
    quantity: int
    instant: datetime
    unit_price_micros: int
    customer: str | None
    country: str

    @property
    def sku_key(self) -> str:
        """What tells articles apart: codes that differ by case only are one variant."""
        return self.stock_code.casefold()

    @property
    def title(self) -> str:
        """What the line is called: its description, or its code where it tells none."""
        return self.description or self.stock_code

    @property
    def money_micros(self) -> int:
        """Quantity times price, exactly, in micro-pounds."""
        return self.quantity * self.unit_price_micros
