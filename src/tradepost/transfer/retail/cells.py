"""One cell of the file each: text in, a checked value out.

The functions are pure and their answers are kept, since a year of trade holds few different
values: 1,600 prices and 23,000 minutes in half a million lines.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from tradepost.transfer import errors
from tradepost.transfer.retail.countries import COUNTRY_CODES

TIME_ZONE = "Europe/London"
MICROS = 1_000_000
"""Micro-units to a pound: prices have up to six decimals and stay whole numbers."""

_LONDON = ZoneInfo(TIME_ZONE)
_KEPT = 65_536

_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,6}))?")
_WHOLE = re.compile(r"-?[0-9]+")
_MINUTE = re.compile(r"(?:19[7-9]|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_INVOICE = re.compile(r"[AC]?[0-9]{1,12}")
_CUSTOMER = re.compile(r"([0-9]{1,12})(?:\.0)?")


class Rejected(ValueError):
    """The text is no such value; the reader adds where it stood."""

    def __init__(self, reason: type[errors.BadCell]) -> None:
        super().__init__(reason.__name__)
        self.reason = reason


@lru_cache(_KEPT)
def price_micros(text: str) -> int:
    """Decimal pounds as micro-pounds, exactly."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise Rejected(errors.NotADecimal)
    sign, whole, decimals = match.groups("")
    if len(whole) > 7:
        raise Rejected(errors.NumberTooLarge)
    micros = int(whole) * MICROS + int(decimals.ljust(6, "0"))
    return -micros if sign else micros


@lru_cache(_KEPT)
def quantity(text: str) -> int:
    """Units, below zero for what comes back or is written off; never 0."""
    if _WHOLE.fullmatch(text) is None:
        raise Rejected(errors.NotAWholeNumber)
    if len(text.lstrip("-")) > 7:
        raise Rejected(errors.NumberTooLarge)
    units = int(text)
    if units == 0:
        raise Rejected(errors.NothingMoved)
    return units


@lru_cache(_KEPT)
def instant(text: str) -> datetime:
    """Local time in London as UTC; the earlier of the two where the clocks went back."""
    if _MINUTE.fullmatch(text) is None:
        raise Rejected(errors.NotADate)
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=_LONDON)
    except ValueError:
        raise Rejected(errors.NotADate) from None
    utc = local.astimezone(UTC)
    # A time that the clocks skipped does not survive the way there and back.
    if utc.astimezone(_LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Rejected(errors.NoSuchLocalTime)
    return utc


def local_text(utc: datetime) -> str:
    """An instant as the file writes it."""
    return f"{utc.astimezone(_LONDON):%Y-%m-%d %H:%M:%S}"


@lru_cache(_KEPT)
def invoice(text: str) -> str:
    """Digits with A or C before them at most: the letter decides what becomes of the line."""
    if _INVOICE.fullmatch(text) is None:
        raise Rejected(errors.NotAnInvoice)
    return text


@lru_cache(_KEPT)
def stock_code(text: str) -> str:
    """The code as written, without blanks around it."""
    code = text.strip()
    if not 0 < len(code) <= 64 or not code.isprintable():
        raise Rejected(errors.NotAStockCode)
    return code


@lru_cache(_KEPT)
def description(text: str) -> str:
    """The title without blanks around it; empty where the file tells none."""
    title = text.strip()
    if len(title) > 255 or not title.isprintable():
        raise Rejected(errors.NotADescription)
    return title


@lru_cache(_KEPT)
def customer(text: str) -> str | None:
    """``17850.0`` is customer 17850; an empty cell is a guest."""
    if not text:
        return None
    match = _CUSTOMER.fullmatch(text)
    if match is None:
        raise Rejected(errors.NotACustomer)
    return match[1]


def country(text: str) -> str:
    """ISO 3166-1 alpha-2, ZZ for names that are no single country."""
    try:
        return COUNTRY_CODES[text]
    except KeyError:
        raise Rejected(errors.UnknownCountry) from None
