"""Money as a whole number of minor units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tradepost.kernel.errors import BadAmount, OtherCurrency
from tradepost.kernel.money.currency import Currency
from tradepost.kernel.money.rounding import RoundingMode, round_ratio
from tradepost.kernel.whole import BIGINT, decimal_text, scaled_decimal, whole_number


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of a currency: ``Money(1234, Currency("GBP"))`` is 12.34 GBP.

    :raises BadAmount: if the amount is no int, or is more than a database keeps.
    :raises OtherCurrency: from arithmetic and comparison across currencies.
    """

    amount: int
    currency: Currency

    def __post_init__(self) -> None:
        amount = self.amount
        if type(amount) is not int or not -BIGINT <= amount <= BIGINT:
            whole_number(amount, "amount", refusal=BadAmount)

    @classmethod
    def zero(cls, currency: Currency) -> Money:
        """Nothing, in a currency."""
        return cls(0, currency)

    @classmethod
    def total(cls, currency: Currency, amounts: Iterable[Money]) -> Money:
        """The sum; zero of the currency when there are none."""
        return sum(amounts, cls(0, currency))

    @classmethod
    def parse(cls, text: object, currency: Currency, field: str = "amount") -> Money:
        """The amount that plain decimal text means, with no more decimals than the currency has."""
        minor = scaled_decimal(text, currency.exponent, field, BadAmount)
        return cls(whole_number(minor, field, refusal=BadAmount), currency)

    @property
    def decimal_text(self) -> str:
        """The amount in major units with all its decimals: "12.34"."""
        return decimal_text(self.amount, self.currency.exponent)

    def share(self, weights: Sequence[int]) -> list[Money]:
        """Shares in proportion to the weights that add up to the whole: see :func:`share_out`."""
        return [Money(part, self.currency) for part in share_out(self.amount, weights)]

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._like(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._like(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            return NotImplemented
        return Money(self.amount * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._like(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._like(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._like(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._like(other)

    def __str__(self) -> str:
        return f"{self.decimal_text} {self.currency.code}"

    def _like(self, other: Money) -> int:
        if self.currency is not other.currency:
            raise OtherCurrency(self.currency.code, other.currency.code)
        return other.amount


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number in proportion to the weights, losing nothing.

    Largest remainder: every share is cut down to a whole number, and the units left over go one
    each to the largest fractions, of equal ones to the first in order. A weight of zero gets
    nothing, unless all are zero: then all count the same. A negative amount is shared as its
    positive twin. Source: Hamilton's method of apportionment.

    :raises ValueError: if a weight is negative, or there is nobody to share with.
    """
    if not weights or min(weights) < 0:
        raise ValueError("shares need weights, none of them below zero")
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    size = abs(amount)
    shares = [size * weight // whole for weight in weights]
    rests = [size * weight % whole for weight in weights]
    by_rest = sorted(range(len(rests)), key=rests.__getitem__, reverse=True)
    for place in by_rest[: size - sum(shares)]:
        shares[place] += 1
    return shares if amount >= 0 else [-share for share in shares]


def cash_rounded(money: Money, step_minor_units: int, mode: RoundingMode) -> tuple[Money, Money]:
    """What is paid in coins of a smallest step, and what that adds to the amount due.

    Due + difference = paid; the difference is booked as a line of its own.
    """
    steps = round_ratio(money.amount, step_minor_units, mode)
    paid = Money(steps * step_minor_units, money.currency)
    return paid, paid - money
