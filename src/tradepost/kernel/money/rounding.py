"""Rounding, once for all of the product: exact integer division with a declared mode."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class RoundingMode(StrEnum):
    """Where a fraction goes; the same for debts as for claims (General Decimal Arithmetic)."""

    HALF_UP = "half_up"
    """To the nearest; from the middle away from zero."""
    HALF_EVEN = "half_even"
    """To the nearest; from the middle to the even neighbour."""
    DOWN = "down"
    """Towards zero."""
    UP = "up"
    """Away from zero."""


class RoundingLevel(StrEnum):
    """What is rounded: each unit's price, each line, or each tax rate's sum on a document."""

    UNIT = "unit"
    LINE = "line"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class RoundingPolicy:
    """A tenant's declared way of rounding tax and amounts."""

    level: RoundingLevel = RoundingLevel.LINE
    mode: RoundingMode = RoundingMode.HALF_UP


_HALF_UP: Final = RoundingMode.HALF_UP
_HALF_EVEN: Final = RoundingMode.HALF_EVEN
_UP: Final = RoundingMode.UP


def round_ratio(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """The whole number that ``numerator / denominator`` is rounded to.

    :raises ZeroDivisionError: if the denominator is 0.
    """
    quotient, rest = divmod(abs(numerator), abs(denominator))
    if rest:
        middle = 2 * rest - abs(denominator)
        if mode is _HALF_UP:
            quotient += middle >= 0
        elif mode is _HALF_EVEN:
            quotient += middle > 0 or (middle == 0 and quotient & 1)
        elif mode is _UP:
            quotient += 1
    return quotient if (numerator < 0) is (denominator < 0) else -quotient
