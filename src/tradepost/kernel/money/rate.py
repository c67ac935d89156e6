"""Rates of tax and commission, exact to the millionth, and the tax they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tradepost.kernel.errors import BadAmount
from tradepost.kernel.money.rounding import RoundingMode, round_ratio
from tradepost.kernel.whole import decimal_text, scaled_decimal, whole_number

WHOLE: Final = 1_000_000
"""Parts per million in one."""

_LARGEST: Final = 10 * WHOLE


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in parts per million, from 0 to 1000 percent: ``Rate(55_000)`` is 5.5 %.

    :raises BadAmount: if it is no int or out of range.
    """

    ppm: int

    def __post_init__(self) -> None:
        whole_number(self.ppm, "rate", 0, _LARGEST, BadAmount)

    @classmethod
    def parse(cls, percent: object, field: str = "rate") -> Rate:
        """The rate that decimal text in percent means: "20", "5.5", "8.875"."""
        ppm = scaled_decimal(percent, 4, field, BadAmount)
        return cls(whole_number(ppm, field, 0, _LARGEST, BadAmount))

    @property
    def percent_text(self) -> str:
        """Percent as the shortest decimal text: "8.875"."""
        return decimal_text(self.ppm, 4).rstrip("0").rstrip(".")

    def __str__(self) -> str:
        return f"{self.percent_text} %"


def tax_on(net: int, rate: Rate, mode: RoundingMode) -> int:
    """The tax to be added to a net amount, in the same minor units; also commission on a sale."""
    return round_ratio(net * rate.ppm, WHOLE, mode)


def tax_included(gross: int, rate: Rate, mode: RoundingMode) -> int:
    """The tax inside of a gross amount; it is the tax that the mode rounds, as on top of a net."""
    return round_ratio(gross * rate.ppm, WHOLE + rate.ppm, mode)
