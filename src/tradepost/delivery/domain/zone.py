"""Zones: which addresses are delivered to from a location, and on which terms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from unicodedata import normalize

from tradepost.delivery.errors import ZoneClosed
from tradepost.kernel.contact import CountryCode
from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import LocationId, ZoneId
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.text import one_line

PREFIXES_MAX = 1_000
"""Prefixes of one zone."""
POSTCODE_LENGTH_MAX = 12
_NO_SIGN = re.compile(r"[^0-9A-Z]")


class ZoneStatus(StrEnum):
    """Whether orders are taken for it."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ZonePrefix:
    """One beginning of postal codes, and the zone that it belongs to."""

    country: str
    prefix: str
    zone_id: ZoneId


@dataclass(frozen=True, slots=True)
class Zone:
    """Where goods are delivered to from a location; the longest fitting prefix decides.

    ``fee`` is charged below goods of ``free_from``; ``minimum`` is the least that is delivered.
    """

    id: ZoneId
    location_id: LocationId
    name: str
    country: str
    prefixes: tuple[str, ...]
    currency: Currency
    fee: Money
    free_from: Money | None
    minimum: Money
    status: ZoneStatus
    version: int

    def changed(self, terms: ZoneTerms) -> Zone:
        """The zone on other terms; its currency stays."""
        return replace(
            self,
            location_id=terms.location_id,
            name=one_line(terms.name, "name", longest=100),
            country=CountryCode.parse(terms.country).code,
            prefixes=prefixes_of(terms.country, terms.prefixes),
            fee=Money(terms.fee, self.currency),
            free_from=None if terms.free_from is None else Money(terms.free_from, self.currency),
            minimum=Money(terms.minimum, self.currency),
            status=terms.status,
        )

    def check_open(self) -> None:
        """Refuse an order for a zone that is closed."""
        if self.status is ZoneStatus.CLOSED:
            raise ZoneClosed(self.name)


@dataclass(frozen=True, slots=True)
class ZoneTerms:
    """What staff say of a zone; amounts in minor units of the shop's currency."""

    location_id: LocationId
    name: str
    country: str
    prefixes: tuple[str, ...]
    fee: int = 0
    free_from: int | None = None
    minimum: int = 0
    status: ZoneStatus = ZoneStatus.ACTIVE


def made_zone(id: ZoneId, terms: ZoneTerms, currency: Currency) -> Zone:
    """A new zone."""
    zero = Money.zero(currency)
    blank = Zone(
        id, terms.location_id, "", "", (), currency, zero, None, zero, ZoneStatus.ACTIVE, 1
    )
    return blank.changed(terms)


def prefixes_of(country: str, prefixes: Iterable[str]) -> tuple[str, ...]:
    """Prefixes in the form in which they are compared, each once.

    :raises BadValue: for none, too many, or one that is no part of a postal code.
    """
    made = tuple(sorted({_prefix(country, one) for one in prefixes}))
    if not 0 < len(made) <= PREFIXES_MAX:
        raise BadValue("prefixes", f"must be 1 to {PREFIXES_MAX}")
    return made


def _prefix(country: str, text: str) -> str:
    kept = normalize("NFKC", text).upper().strip()
    outward, blank, inward = kept.partition(" ")
    bare = _NO_SIGN.sub("", kept)
    if not 0 < len(bare) <= POSTCODE_LENGTH_MAX:
        raise BadValue("prefixes", "must be the beginnings of postal codes")
    if country == "GB" and blank and inward:
        return f"{_NO_SIGN.sub('', outward)} {_NO_SIGN.sub('', inward)}"
    return bare


def beginnings(country: str, postcode: str) -> list[str]:
    """Every prefix that a postal code begins with, the longest first.

    A British code has an outward part of two to four signs before its last three: LS1 begins
    LS1 4AP and not LS11 5AA, while LS begins both.
    """
    bare = _NO_SIGN.sub("", normalize("NFKC", postcode).upper())[:POSTCODE_LENGTH_MAX]
    if country != "GB" or len(bare) < 5:
        return [bare[:length] for length in range(len(bare), 0, -1)]
    outward, inward = bare[:-3], bare[-3:]
    area = next((n for n, sign in enumerate(outward) if sign.isdigit()), len(outward))
    return [
        *(f"{outward} {inward[:length]}" for length in (3, 2, 1)),
        outward,
        *(outward[:length] for length in range(area, 0, -1) if length < len(outward)),
    ]
