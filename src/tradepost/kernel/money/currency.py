"""Currencies of ISO 4217."""

from __future__ import annotations

from typing import Final, NoReturn

from tradepost.kernel.currencies import EXPONENTS
from tradepost.kernel.errors import BadCurrency


class Currency:
    """A currency of trade by its ISO 4217 code: ``Currency("GBP")``.

    There is one object a code, so currencies are compared and hashed by identity.

    :raises BadCurrency: if the code is unknown or has no minor unit (gold, test codes).
    """

    __slots__ = ("code", "exponent", "micros_per_minor", "minor_per_major")

    code: str
    """Three capital letters."""
    exponent: int
    """Decimals of the minor unit: 0, 2, 3 or 4."""
    minor_per_major: int
    """Minor units in one major unit: 100 pence in a pound."""
    micros_per_minor: int
    """Millionths of the major unit in one minor unit: 10,000 in a penny."""

    def __new__(cls, code: str) -> Currency:
        found = _KNOWN.get(code)
        if found is None:
            raise BadCurrency("currency", "is no ISO 4217 code of a currency of trade")
        return found

    @classmethod
    def parse(cls, text: object, field: str = "currency") -> Currency:
        """The currency of a code in any letter case, refused by the name of the field."""
        found = _KNOWN.get(text.upper()) if isinstance(text, str) and text.isascii() else None
        if found is None:
            raise BadCurrency(field, "is no ISO 4217 code of a currency of trade")
        return found

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a currency is constant: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a currency is constant: {name}")

    def __reduce__(self) -> tuple[type[Currency], tuple[str]]:
        return Currency, (self.code,)

    def __repr__(self) -> str:
        return f"Currency({self.code!r})"

    def __str__(self) -> str:
        return self.code


def _made(code: str, exponent: int) -> Currency:
    currency = object.__new__(Currency)
    constant = object.__setattr__
    constant(currency, "code", code)
    constant(currency, "exponent", exponent)
    constant(currency, "minor_per_major", 10**exponent)
    constant(currency, "micros_per_minor", 10 ** (6 - exponent))
    return currency


_KNOWN: Final = {code: _made(code, exponent) for code, exponent in EXPONENTS.items()}
