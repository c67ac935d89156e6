"""Prices as they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

from tradepost.kernel.money import Currency, RoundingMode, UnitPrice

VIEWS_KEPT_MAX = 20_000
"""Prices whose views are remembered: shops have many articles and few prices."""


@dataclass(frozen=True, slots=True)
class PriceView:
    """A price: ``amount`` in minor units of ``currency``, rounded half up.

    ``decimal`` is exact, in major units ("0.001"), as prices are sent; ``text`` is for people.
    """

    amount: int
    currency: str
    decimal: str
    text: str


Range = tuple[UnitPrice, UnitPrice]


def price_range(prices: Iterable[UnitPrice]) -> Range | None:
    """The lowest and the highest of prices, of those in the currency that comes first."""
    given = list(prices)
    alike = [one for one in given if one.currency is given[0].currency]
    if not alike:
        return None
    by_price = sorted(alike, key=lambda one: one.micros)
    return by_price[0], by_price[-1]


@overload
def price_view(price: UnitPrice) -> PriceView: ...
@overload
def price_view(price: UnitPrice | None) -> PriceView | None: ...
def price_view(price: UnitPrice | None) -> PriceView | None:
    """A price as it is shown; none stays none."""
    return None if price is None else _view(price.micros, price.currency)


@lru_cache(maxsize=VIEWS_KEPT_MAX)
def _view(micros: int, currency: Currency) -> PriceView:
    price = UnitPrice(micros, currency)
    amount = price.rounded(RoundingMode.HALF_UP).amount
    return PriceView(amount, currency.code, price.decimal_text, str(price))
