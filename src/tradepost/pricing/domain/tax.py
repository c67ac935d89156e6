"""Tax: which rate holds for a class of goods, a place, a day and a kind of supply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from tradepost.kernel.codes import Code
from tradepost.kernel.contact import CountryCode
from tradepost.kernel.ids import TaxRateId
from tradepost.kernel.money import Rate
from tradepost.kernel.text import one_line
from tradepost.pricing.errors import DaysReversed, RateOverlaps

NAME_LONGEST: Final = 100
REGION_LONGEST: Final = 32
ALWAYS: Final = date(1, 1, 1)
WHOLE_COUNTRY: Final = ""


class SupplyKind(StrEnum):
    """What kind of supply a rate is for; one for a kind goes before one for any."""

    ANY = "any"
    GOODS = "goods"
    SERVICE = "service"
    EAT_IN = "eat_in"
    TAKE_AWAY = "take_away"


@dataclass(frozen=True, slots=True)
class AppliedRate:
    """A rate as it stands on a line, an order and a receipt."""

    name: str
    rate: Rate
    tax_rate_id: TaxRateId | None = None


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate of a tax class in a country, or a region of it, on the days from first to last.

    ``region`` is the part after the hyphen in ISO 3166-2 (``CA`` of ``US-CA``) and empty for the
    whole country; ``valid_to`` is the last day, or open.
    """

    id: TaxRateId
    tax_class: str
    country: str
    region: str
    supply: SupplyKind
    rate_ppm: int
    name: str
    valid_from: date
    valid_to: date | None
    updated_at: datetime
    version: int

    @property
    def applied(self) -> AppliedRate:
        """As it stands on a line."""
        return AppliedRate(self.name, Rate(self.rate_ppm), self.id)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: TaxRate) -> bool:
        """Whether both would hold for the same supply on some day."""
        mine = (self.tax_class, self.country, self.region, self.supply)
        if mine != (other.tax_class, other.country, other.region, other.supply):
            return False
        starts, ends = max(self.valid_from, other.valid_from), (self.valid_to, other.valid_to)
        return all(end is None or starts <= end for end in ends)

    def must_stand_beside(self, others: Iterable[TaxRate]) -> None:
        """Refuse with :class:`RateOverlaps` if one of the others holds on some of its days."""
        for other in others:
            if other.id != self.id and self.overlaps(other):
                raise RateOverlaps(other.name)

    def closed(self, last_day: date, at: datetime) -> TaxRate:
        """The rate with a last day; :class:`DaysReversed` if that is before its first."""
        in_order(self.valid_from, last_day)
        return replace(self, valid_to=last_day, updated_at=at)


@dataclass(frozen=True, slots=True)
class TaxRateDraft:
    """A rate as it is wished for; the rate is in parts per million."""

    tax_class: str
    country: str
    rate_ppm: int
    name: str
    valid_from: date = ALWAYS
    valid_to: date | None = None
    region: str = WHOLE_COUNTRY
    supply: SupplyKind = SupplyKind.ANY


def new_rate(draft: TaxRateDraft, rate_id: TaxRateId, at: datetime) -> TaxRate:
    """The rate of a draft; refused by the name of the field that is wrong."""
    in_order(draft.valid_from, draft.valid_to)
    return TaxRate(
        id=rate_id,
        tax_class=Code.parse(draft.tax_class, "tax_class").value,
        country=CountryCode.parse(draft.country).code,
        region=one_line(draft.region, "region", REGION_LONGEST, shortest=0).upper(),
        supply=SupplyKind(draft.supply),
        rate_ppm=Rate(draft.rate_ppm).ppm,
        name=one_line(draft.name, "name", NAME_LONGEST),
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        updated_at=at,
        version=1,
    )


def in_order(first: date, last: date | None) -> None:
    """Refuse a last day before the first with :class:`DaysReversed`."""
    if last is not None and last < first:
        raise DaysReversed(first.isoformat(), last.isoformat())


class TaxTable:
    """All rates of a shop, ready to be asked line by line."""

    def __init__(self, rates: Iterable[TaxRate] = ()) -> None:
        self._by_place: dict[tuple[str, str], list[TaxRate]] = {}
        for rate in sorted(rates, key=_telling, reverse=True):
            self._by_place.setdefault((rate.tax_class, rate.country), []).append(rate)

    @property
    def is_empty(self) -> bool:
        """Whether no rate is known, so that there is no tax at all."""
        return not self._by_place

    def rate(
        self,
        tax_class: str,
        country: str,
        day: date,
        supply: SupplyKind = SupplyKind.ANY,
        region: str = WHOLE_COUNTRY,
    ) -> AppliedRate | None:
        """The rate that holds; ``None`` where there is none, so no tax.

        One of the region goes before one of the country, then one of the kind of supply before
        one of any, then the one that came into force last.
        """
        for one in self._by_place.get((tax_class, country), ()):
            placed = one.region in (WHOLE_COUNTRY, region)
            supplied = one.supply in (SupplyKind.ANY, supply)
            if placed and supplied and one.holds_on(day):
                return one.applied
        return None


def _telling(rate: TaxRate) -> tuple[bool, bool, date]:
    return rate.region != WHOLE_COUNTRY, rate.supply is not SupplyKind.ANY, rate.valid_from
