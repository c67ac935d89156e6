"""Quantities: whole numbers of the smallest unit a variant is counted in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tradepost.kernel.errors import BadQuantity
from tradepost.kernel.whole import whole_number

LARGEST: Final = 10**12
"""A million tonnes in grams; more is a slip of the finger."""


class Unit(StrEnum):
    """The smallest unit that goods are counted in."""

    PIECE = "piece"
    GRAM = "gram"
    MILLILITRE = "millilitre"
    MILLIMETRE = "millimetre"
    MINUTE = "minute"


def quantity_value(value: object, field: str = "quantity", at_least: int = 1) -> int:
    """The value itself if it is a whole number in range, for paths that work on plain ints.

    :raises BadQuantity: naming the field.
    """
    if type(value) is int and at_least <= value <= LARGEST:
        return value
    return whole_number(value, field, at_least, LARGEST, BadQuantity)


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many of a unit; below zero where goods leave. Lines take theirs by :meth:`of_line`.

    :raises BadQuantity: if it is no int or is more than :data:`LARGEST` either way; from
        arithmetic and comparison across units.
    """

    value: int
    unit: Unit = Unit.PIECE

    def __post_init__(self) -> None:
        quantity_value(self.value, at_least=-LARGEST)

    @classmethod
    def of_line(cls, value: object, unit: Unit = Unit.PIECE, field: str = "quantity") -> Quantity:
        """A quantity that somebody buys: one at least."""
        return cls(quantity_value(value, field), unit)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.value + self._like(other), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.value - self._like(other), self.unit)

    def __neg__(self) -> Quantity:
        return Quantity(-self.value, self.unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.value < self._like(other)

    def __le__(self, other: Quantity) -> bool:
        return self.value <= self._like(other)

    def __gt__(self, other: Quantity) -> bool:
        return self.value > self._like(other)

    def __ge__(self, other: Quantity) -> bool:
        return self.value >= self._like(other)

    def __str__(self) -> str:
        return f"{self.value} {self.unit.value}"

    def _like(self, other: Quantity) -> int:
        if self.unit is not other.unit:
            raise BadQuantity("quantity", f"is in {other.unit.value}, not in {self.unit.value}")
        return other.value


@dataclass(frozen=True, slots=True)
class SalesUnit:
    """How a variant is sold: its price is for ``price_per`` of the unit, bought by the ``step``.

    ``SalesUnit(Unit.GRAM, 1_000, 50)`` is a price a kilogram, sold in steps of 50 g.

    :raises BadQuantity: if a figure is not a whole number of at least one.
    """

    unit: Unit = Unit.PIECE
    price_per: int = 1
    step: int = 1

    def __post_init__(self) -> None:
        quantity_value(self.price_per, "price_per")
        quantity_value(self.step, "step")

    def quantity(self, value: object, field: str = "quantity") -> Quantity:
        """A line's quantity in this unit, one step at least.

        :raises BadQuantity: if it is no whole number in range or lies between two steps.
        """
        quantity = quantity_value(value, field)
        if quantity % self.step:
            raise BadQuantity(field, f"must be a multiple of {self.step} {self.unit.value}")
        return Quantity(quantity, self.unit)

    def same_unit(self, quantity: Quantity) -> None:
        """Refuse a quantity that is counted in another unit with :class:`BadQuantity`."""
        if quantity.unit is not self.unit:
            raise BadQuantity("quantity", f"must be in {self.unit.value}")


PIECES: Final = SalesUnit()
"""Sold one by one, the price for one."""
