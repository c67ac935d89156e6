"""Money: integers of a currency's minor unit, prices finer than it, and one way of rounding."""

from tradepost.kernel.money.amount import Money, cash_rounded, share_out
from tradepost.kernel.money.currency import Currency
from tradepost.kernel.money.price import UnitPrice, line_minor_units, priced_minor_units
from tradepost.kernel.money.rate import Rate, tax_included, tax_on
from tradepost.kernel.money.rounding import (
    RoundingLevel,
    RoundingMode,
    RoundingPolicy,
    round_ratio,
)

__all__ = [
    "Currency",
    "Money",
    "Rate",
    "RoundingLevel",
    "RoundingMode",
    "RoundingPolicy",
    "UnitPrice",
    "cash_rounded",
    "line_minor_units",
    "priced_minor_units",
    "round_ratio",
    "share_out",
    "tax_included",
    "tax_on",
]
