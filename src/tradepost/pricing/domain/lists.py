"""Price lists: other prices than the base price, for a channel, a location, a group, some days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from tradepost.kernel.ids import CustomerGroupId, LocationId, PriceListId, VariantId
from tradepost.kernel.money import Currency, UnitPrice
from tradepost.kernel.states import States
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number
from tradepost.pricing.errors import DaysReversed, TooManyPrices

NAME_LONGEST: Final = 100
CHANNEL_LONGEST: Final = 32
PRICES_A_COMMAND_MAX: Final = 10_000
PRIORITY_MAX: Final = 1_000_000


class PriceListStatus(StrEnum):
    """Whether a list is used."""

    ACTIVE = "active"
    ARCHIVED = "archived"


PRICE_LIST_STATES: Final = States(
    "price list",
    {
        PriceListStatus.ACTIVE: {"archive": PriceListStatus.ARCHIVED},
        PriceListStatus.ARCHIVED: {"restore": PriceListStatus.ACTIVE},
    },
)


@dataclass(frozen=True, slots=True)
class PriceListDraft:
    """A price list as it is wished for; what is left open holds for all."""

    name: str
    currency: str
    channel: str | None = None
    location_id: LocationId | None = None
    customer_group_id: CustomerGroupId | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices in one currency for those whom its conditions fit; days are the shop's own."""

    id: PriceListId
    name: str
    currency: Currency
    channel: str | None
    location_id: LocationId | None
    customer_group_id: CustomerGroupId | None
    valid_from: date | None
    valid_to: date | None
    priority: int
    status: PriceListStatus
    updated_at: datetime
    version: int

    def after(self, action: str, at: datetime) -> PriceList:
        """The list in the state that an action leads to."""
        return replace(self, status=PRICE_LIST_STATES.after(self.status, action), updated_at=at)

    def settable(self, prices: Sequence[ListPriceLine]) -> tuple[ListPriceLine, ...]:
        """The prices that can be set on it, of a variant named twice the last.

        :raises TooManyPrices: above the limit of a command.
        :raises BadAmount: for a price that is none.
        """
        if len(prices) > PRICES_A_COMMAND_MAX:
            raise TooManyPrices(PRICES_A_COMMAND_MAX, len(prices))
        for one in prices:
            if one.price_micros is not None:
                UnitPrice(one.price_micros, self.currency)
        return tuple({one.variant_id: one for one in prices}.values())

    def as_drafted(self, draft: PriceListDraft, at: datetime) -> PriceList:
        """The list as the draft says; its currency stays, for its prices are in it."""
        kept = new_list(replace(draft, currency=self.currency.code), self.id, at)
        return replace(kept, status=self.status, version=self.version)


def new_list(draft: PriceListDraft, list_id: PriceListId, at: datetime) -> PriceList:
    """The list of a draft; refused by the name of the field that is wrong."""
    first, last = draft.valid_from, draft.valid_to
    if first and last and last < first:
        raise DaysReversed(first.isoformat(), last.isoformat())
    channel = draft.channel
    return PriceList(
        id=list_id,
        name=one_line(draft.name, "name", NAME_LONGEST),
        currency=Currency.parse(draft.currency),
        channel=channel and one_line(channel, "channel", CHANNEL_LONGEST),
        location_id=draft.location_id,
        customer_group_id=draft.customer_group_id,
        valid_from=first,
        valid_to=last,
        priority=whole_number(draft.priority, "priority", -PRIORITY_MAX, PRIORITY_MAX),
        status=PriceListStatus.ACTIVE,
        updated_at=at,
        version=1,
    )


@dataclass(frozen=True, slots=True)
class ListPrice:
    """The price of a variant on a list, in millionths of the list's currency."""

    price_list_id: PriceListId
    variant_id: VariantId
    price_micros: int


@dataclass(frozen=True, slots=True)
class ListPriceLine:
    """A price to be set; ``None`` takes the variant off the list."""

    variant_id: VariantId
    price_micros: int | None


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, as far as a price depends on it."""

    currency: Currency
    day: date
    channel: str | None = None
    location_id: LocationId | None = None
    customer_group_id: CustomerGroupId | None = None


@dataclass(frozen=True, slots=True)
class AgreedPrice:
    """The price that a list gives, and which list it was."""

    price: UnitPrice
    price_list_id: PriceListId


@dataclass(frozen=True, slots=True)
class Candidate:
    """A price that could hold: its list's priority and how many conditions that list names."""

    variant_id: VariantId
    price_list_id: PriceListId
    price_micros: int
    priority: int
    conditions: int


def best_prices(
    candidates: Iterable[Candidate], currency: Currency
) -> dict[VariantId, AgreedPrice]:
    """For each variant the price of the list with the highest priority.

    Of equal ones the list that says more about whom it is for, then the lowest price.
    """
    best: dict[VariantId, Candidate] = {}
    for one in candidates:
        other = best.get(one.variant_id)
        if other is None or _weight(one) > _weight(other):
            best[one.variant_id] = one
    return {
        key: AgreedPrice(UnitPrice(one.price_micros, currency), one.price_list_id)
        for key, one in best.items()
    }


def _weight(one: Candidate) -> tuple[int, int, int]:
    return one.priority, one.conditions, -one.price_micros
