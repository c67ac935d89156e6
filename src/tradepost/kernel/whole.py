"""Whole numbers and decimal text from outside: taken exactly, or refused by the field's name."""

from __future__ import annotations

from typing import Final

from tradepost.kernel.errors import BadValue

BIGINT: Final = 2**63 - 1
"""The largest integer that both databases keep."""

_LONGEST_NUMBER: Final = 40


def whole_number(
    value: object,
    field: str,
    at_least: int = -BIGINT,
    at_most: int = BIGINT,
    refusal: type[BadValue] = BadValue,
) -> int:
    """The value itself if it is an int within the bounds; truth values and floats are not.

    :raises BadValue: (or the ``refusal`` given) naming the field.
    """
    if type(value) is not int:
        raise refusal(field, "must be a whole number")
    if value < at_least:
        raise refusal(field, f"must be at least {at_least}")
    if value > at_most:
        raise refusal(field, f"must be at most {at_most}")
    return value


def scaled_decimal(
    text: object, decimals: int, field: str, refusal: type[BadValue] = BadValue
) -> int:
    """Decimal text as an integer of its last allowed place: ``("1.5", 2)`` is 150.

    Plain ASCII digits, one optional point, an optional leading minus; no exponent, no blank, no
    digit grouping, and never more decimals than asked for, not even zeros.

    :raises BadValue: (or the ``refusal`` given) naming the field.
    """
    if not isinstance(text, str):
        raise refusal(field, "must be decimal text, such as 12.34")
    if len(text) > _LONGEST_NUMBER:
        raise refusal(field, f"is longer than {_LONGEST_NUMBER} characters")
    whole, point, fraction = text.removeprefix("-").partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit() and whole) or (point and not fraction):
        raise refusal(field, "must be plain digits with a decimal point, such as 12.34")
    if len(fraction) > decimals:
        raise refusal(field, f"has more than {decimals} decimals")
    scaled = int(digits + "0" * (decimals - len(fraction)))
    return -scaled if text[0] == "-" else scaled


def decimal_text(scaled: int, decimals: int) -> str:
    """The plain decimal text of an integer of the given place: ``(150, 2)`` is "1.50"."""
    if decimals == 0:
        return str(scaled)
    digits = str(abs(scaled)).rjust(decimals + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"
