"""Price lists, tax rates and exemptions as staff look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_

from tradepost.kernel.ids import (
    CustomerGroupId,
    CustomerId,
    LocationId,
    PriceListId,
    TaxExemptionId,
    TaxRateId,
    VariantId,
)
from tradepost.kernel.money import Rate, UnitPrice
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader
from tradepost.pricing.domain.exemption import TaxExemption
from tradepost.pricing.domain.lists import PriceList, PriceListStatus
from tradepost.pricing.domain.tax import SupplyKind, TaxRate
from tradepost.pricing.storage.lists import LISTS, list_prices, price_lists
from tradepost.pricing.storage.tax import EXEMPTIONS, OF_BUYER, RATES, tax_rates

Position = tuple[Any, ...]
"""Where a page ended: what the list is sorted by, and the identifier of its last row."""


@dataclass(frozen=True, slots=True)
class PriceListView:
    """A price list without its prices; what is none holds for all. Days are the first and last."""

    id: PriceListId
    name: str
    currency: str
    channel: str | None
    location_id: LocationId | None
    customer_group_id: CustomerGroupId | None
    valid_from: date | None
    valid_to: date | None
    priority: int
    status: PriceListStatus
    version: int


@dataclass(frozen=True, slots=True)
class ListPriceView:
    """The price of a variant on a list, as exact decimal text in major units."""

    variant_id: VariantId
    price: str
    currency: str


@dataclass(frozen=True, slots=True)
class TaxRateView:
    """A tax rate, in percent as decimal text; ``region`` is empty for the whole country."""

    id: TaxRateId
    tax_class: str
    country: str
    region: str
    supply: SupplyKind
    percent: str
    name: str
    valid_from: date
    valid_to: date | None
    version: int


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """Who buys without tax, where (empty for everywhere) and when."""

    id: TaxExemptionId
    customer_id: CustomerId | None
    customer_group_id: CustomerGroupId | None
    country: str
    reason: str
    valid_from: date
    valid_to: date | None
    version: int


_l, _lp, _r = price_lists.c, list_prices.c, tax_rates.c


@cache
def _lists(continued: bool) -> Statement:
    wanted = LISTS.select
    if continued:
        here = tuple_(param("after_name", like=_l.name), param("after_id", like=_l.id))
        wanted = wanted.where(tuple_(_l.name, _l.id) > here)
    return Statement(wanted.order_by(_l.name, _l.id).limit(param("size", like=_l.version)))


@cache
def _prices(continued: bool) -> Statement:
    wanted = scoped(list_prices, _lp.variant_id, _lp.price_micros)
    wanted = wanted.where(_lp.price_list_id == param("price_list_id"))
    if continued:
        wanted = wanted.where(_lp.variant_id > param("after_id"))
    return Statement(wanted.order_by(_lp.variant_id).limit(param("size", like=_lp.price_micros)))


@cache
def _rates(continued: bool) -> Statement:
    order = (_r.country, _r.tax_class, _r.valid_from, _r.id)
    wanted = RATES.select
    if continued:
        here = tuple_(*(param(f"after_{place}", like=one) for place, one in enumerate(order)))
        wanted = wanted.where(tuple_(*order) > here)
    return Statement(wanted.order_by(*order).limit(param("size", like=_r.version)))


async def price_lists_page(
    db: Reader, after: Position | None = None, limit: int = 20
) -> list[PriceListView]:
    """Price lists by name, archived ones too."""
    values: dict[str, Any] = {"size": limit}
    if after is not None:
        values |= {"after_name": after[0], "after_id": UUID(after[1])}
    return [_list_view(one) for one in await LISTS.all(db, _lists(after is not None), **values)]


async def price_list_page(db: Reader, list_id: PriceListId) -> PriceListView:
    """One price list; ``Unknown`` if there is none."""
    return _list_view(await LISTS.get(db, list_id))


async def list_prices_page(
    db: Reader, list_id: PriceListId, after: Position | None = None, limit: int = 20
) -> list[ListPriceView]:
    """The prices on a list; ``Unknown`` if there is no such list."""
    price_list = await LISTS.get(db, list_id)
    values: dict[str, Any] = {"size": limit, "price_list_id": list_id}
    if after is not None:
        values["after_id"] = UUID(after[0])
    rows = await db.all(_prices(after is not None), **values)
    currency = price_list.currency
    return [
        ListPriceView(row[0], UnitPrice(row[1], currency).decimal_text, currency.code)
        for row in rows
    ]


async def tax_rates_page(
    db: Reader, after: Position | None = None, limit: int = 20
) -> list[TaxRateView]:
    """Tax rates by country and class, closed ones too."""
    values: dict[str, Any] = {"size": limit}
    if after is not None:
        country, tax_class, first, last_id = after
        there = (country, tax_class, date.fromisoformat(first), UUID(last_id))
        values |= {f"after_{place}": one for place, one in enumerate(there)}
    return [_rate_view(one) for one in await RATES.all(db, _rates(after is not None), **values)]


async def tax_rate_page(db: Reader, rate_id: TaxRateId) -> TaxRateView:
    """One tax rate; ``Unknown`` if there is none."""
    return _rate_view(await RATES.get(db, rate_id))


async def exemptions_of(
    db: Reader, customer_id: CustomerId | None, customer_group_id: CustomerGroupId | None
) -> list[ExemptionView]:
    """The exemptions of a customer and of a group, ended ones too."""
    found = await EXEMPTIONS.all(
        db, OF_BUYER, customer_id=customer_id, customer_group_id=customer_group_id
    )
    return [_exemption_view(one) for one in found]


async def exemption_page(db: Reader, exemption_id: TaxExemptionId) -> ExemptionView:
    """One exemption; ``Unknown`` if there is none."""
    return _exemption_view(await EXEMPTIONS.get(db, exemption_id))


def _list_view(one: PriceList) -> PriceListView:
    return PriceListView(
        one.id,
        one.name,
        one.currency.code,
        one.channel,
        one.location_id,
        one.customer_group_id,
        one.valid_from,
        one.valid_to,
        one.priority,
        one.status,
        one.version,
    )


def _rate_view(one: TaxRate) -> TaxRateView:
    return TaxRateView(
        one.id,
        one.tax_class,
        one.country,
        one.region,
        one.supply,
        Rate(one.rate_ppm).percent_text,
        one.name,
        one.valid_from,
        one.valid_to,
        one.version,
    )


def _exemption_view(one: TaxExemption) -> ExemptionView:
    return ExemptionView(
        one.id,
        one.customer_id,
        one.customer_group_id,
        one.country,
        one.reason,
        one.valid_from,
        one.valid_to,
        one.version,
    )
