"""Unit prices, finer than the minor unit, and the line amounts that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tradepost.kernel.errors import BadAmount
from tradepost.kernel.money.amount import Money
from tradepost.kernel.money.currency import Currency
from tradepost.kernel.money.rounding import (
    RoundingLevel,
    RoundingMode,
    RoundingPolicy,
    round_ratio,
)
from tradepost.kernel.quantity import PIECES, Quantity, SalesUnit
from tradepost.kernel.whole import BIGINT, decimal_text, scaled_decimal, whole_number

_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """The price of one sales unit (a piece, a kilogram) in millionths of the major unit.

    ``UnitPrice(1_000, Currency("GBP"))`` is 0.001 GBP, a tenth of a penny. Never below zero.

    :raises BadAmount: if it is no int or out of range.
    """

    micros: int
    currency: Currency

    def __post_init__(self) -> None:
        micros = self.micros
        if type(micros) is not int or not 0 <= micros <= BIGINT:
            whole_number(micros, "price", 0, BIGINT, BadAmount)

    @classmethod
    def parse(cls, text: object, currency: Currency, field: str = "price") -> UnitPrice:
        """The price that plain decimal text of up to six decimals means."""
        micros = scaled_decimal(text, _DECIMALS, field, BadAmount)
        return cls(whole_number(micros, field, 0, BIGINT, BadAmount), currency)

    @classmethod
    def from_money(cls, money: Money) -> UnitPrice:
        """The same amount as a price."""
        return cls(money.amount * money.currency.micros_per_minor, money.currency)

    @property
    def decimal_text(self) -> str:
        """Major units, with the currency's decimals and those finer ones that matter: "0.001"."""
        text = decimal_text(self.micros, _DECIMALS)
        spare = _DECIMALS - self.currency.exponent
        kept, finer = text[:-spare], text[-spare:].rstrip("0")
        return (kept + finer).removesuffix(".")

    def rounded(self, mode: RoundingMode) -> Money:
        """The price of one sales unit in whole minor units."""
        return Money(round_ratio(self.micros, self.currency.micros_per_minor, mode), self.currency)

    def line_amount(
        self, quantity: Quantity, mode: RoundingMode, sales_unit: SalesUnit = PIECES
    ) -> Money:
        """Price times quantity, rounded once.

        :raises BadQuantity: if the quantity is counted in another unit than the price is for.
        """
        sales_unit.same_unit(quantity)
        minor = line_minor_units(
            self.micros, quantity.value, self.currency, mode, sales_unit.price_per
        )
        return Money(minor, self.currency)

    def line_remainder_micros(
        self, quantity: Quantity, booked: Money, sales_unit: SalesUnit = PIECES
    ) -> int:
        """What price times quantity is more than the amount booked, in millionths of the major.

        Exact, but that a fraction of a millionth, which only weighed goods can leave, is cut off.

        :raises BadQuantity: if the quantity is counted in another unit than the price is for.
        """
        sales_unit.same_unit(quantity)
        per = sales_unit.price_per
        booked_micros = booked.amount * self.currency.micros_per_minor
        excess = self.micros * quantity.value - booked_micros * per
        return round_ratio(excess, per, RoundingMode.DOWN)

    def __str__(self) -> str:
        return f"{self.decimal_text} {self.currency.code}"


def line_minor_units(
    micros: int, quantity: int, currency: Currency, mode: RoundingMode, price_per: int = 1
) -> int:
    """Price times quantity in minor units, rounded once; ``price_per`` smallest units a price."""
    return round_ratio(micros * quantity, price_per * currency.micros_per_minor, mode)


def priced_minor_units(
    micros: int, quantity: int, currency: Currency, policy: RoundingPolicy, price_per: int = 1
) -> int:
    """Price times quantity in minor units; at the unit level it is the price that is rounded.

    A quantity that is no whole number of sales units (1,250 g at a price a kilogram) is rounded
    once, as the line, at every level.
    """
    if policy.level is RoundingLevel.UNIT and quantity % price_per == 0:
        each = round_ratio(micros, currency.micros_per_minor, policy.mode)
        return each * (quantity // price_per)
    return line_minor_units(micros, quantity, currency, policy.mode, price_per)
