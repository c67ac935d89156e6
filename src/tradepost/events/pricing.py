"""What pricing tells: price lists and their prices, tax rates, exemptions.

Base prices belong to the catalogue, which tells ``price.updated``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tradepost.kernel.ids import (
    CustomerGroupId,
    CustomerId,
    LocationId,
    PriceListId,
    TaxExemptionId,
    TaxRateId,
    VariantId,
)
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class _PriceListFact(Fact):
    stream: ClassVar[str] = "price_list"
    key: ClassVar[str] = "price_list_id"
    price_list_id: PriceListId
    version: int
    title: str
    status: str
    currency: str
    channel: str | None
    location_id: LocationId | None
    customer_group_id: CustomerGroupId | None
    valid_from: str | None
    valid_to: str | None
    priority: int


@dataclass(frozen=True, slots=True)
class PriceListCreated(_PriceListFact):
    """A price list came to be; days are ISO 8601."""

    name: ClassVar[str] = "price_list.created"


@dataclass(frozen=True, slots=True)
class PriceListUpdated(_PriceListFact):
    """A price list changed, was archived or restored; this is all of it but its prices."""

    name: ClassVar[str] = "price_list.updated"


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """The price of a variant on a list, in millionths; none when it was taken off."""

    variant_id: VariantId
    price_micros: int | None


@dataclass(frozen=True, slots=True)
class ListPricesSet(Fact):
    """Prices on a list were set or taken off."""

    name: ClassVar[str] = "price_list.priced"
    stream: ClassVar[str] = "price_list"
    key: ClassVar[str] = "price_list_id"
    price_list_id: PriceListId
    version: int
    currency: str
    prices: tuple[ListedPrice, ...]


@dataclass(frozen=True, slots=True)
class _TaxRateFact(Fact):
    stream: ClassVar[str] = "tax_rate"
    key: ClassVar[str] = "tax_rate_id"
    tax_rate_id: TaxRateId
    version: int
    tax_class: str
    country: str
    region: str
    supply: str
    rate_ppm: int
    title: str
    valid_from: str
    valid_to: str | None


@dataclass(frozen=True, slots=True)
class TaxRateCreated(_TaxRateFact):
    """A rate of tax comes into force on its first day."""

    name: ClassVar[str] = "tax_rate.created"


@dataclass(frozen=True, slots=True)
class TaxRateClosed(_TaxRateFact):
    """A rate of tax was given its last day."""

    name: ClassVar[str] = "tax_rate.closed"


@dataclass(frozen=True, slots=True)
class _ExemptionFact(Fact):
    stream: ClassVar[str] = "tax_exemption"
    key: ClassVar[str] = "tax_exemption_id"
    tax_exemption_id: TaxExemptionId
    version: int
    customer_id: CustomerId | None
    customer_group_id: CustomerGroupId | None
    country: str
    valid_from: str
    valid_to: str | None


@dataclass(frozen=True, slots=True)
class TaxExemptionGranted(_ExemptionFact):
    """A customer or group buys without tax from a day on."""

    name: ClassVar[str] = "tax_exemption.granted"


@dataclass(frozen=True, slots=True)
class TaxExemptionEnded(_ExemptionFact):
    """An exemption was given its last day."""

    name: ClassVar[str] = "tax_exemption.ended"
