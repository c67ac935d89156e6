"""What pricing needs: its repositories, and a word with the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tradepost.kernel.ids import CustomerGroupId, PriceListId, TaxExemptionId, TaxRateId, VariantId
from tradepost.pricing.domain.exemption import TaxExemption
from tradepost.pricing.domain.lists import ListPriceLine, PriceList
from tradepost.pricing.domain.tax import TaxRate


class PriceLists(Protocol):
    """The price lists of the shop."""

    async def get(self, list_id: PriceListId) -> PriceList:
        """The list; ``Unknown`` if there is none."""
        ...

    def add(self, price_list: PriceList) -> None:
        """Take a new list in."""
        ...

    async def save(self, price_list: PriceList, version: int) -> int:
        """Write it over this version; the new one. ``Stale`` if it has moved on."""
        ...

    async def set_prices(self, list_id: PriceListId, prices: Sequence[ListPriceLine]) -> None:
        """Put these prices on the list, and take those off that are ``None``."""
        ...


class CustomerGroups(Protocol):
    """The groups of customers that lists may be for, asked of customers."""

    async def check(self, group_id: CustomerGroupId) -> None:
        """Go on if there is such a group; ``Unknown`` if not."""
        ...


class ListedVariants(Protocol):
    """Tells the catalogue which variants price lists name, so that others are not asked for."""

    async def mark(self, variant_ids: Sequence[VariantId]) -> None:
        """Remember that lists name them; ``Unknown`` for one that the shop does not have."""
        ...


class TaxRates(Protocol):
    """The tax rates of the shop."""

    async def get(self, rate_id: TaxRateId) -> TaxRate:
        """The rate; ``Unknown`` if there is none."""
        ...

    async def of_class(self, tax_class: str, country: str) -> list[TaxRate]:
        """All rates of a class in a country."""
        ...

    def add(self, rate: TaxRate) -> None:
        """Take a new rate in."""
        ...

    async def save(self, rate: TaxRate, version: int) -> int:
        """Write it over this version; the new one. ``Stale`` if it has moved on."""
        ...


class TaxExemptions(Protocol):
    """Who buys without tax."""

    async def get(self, exemption_id: TaxExemptionId) -> TaxExemption:
        """The exemption; ``Unknown`` if there is none."""
        ...

    def add(self, exemption: TaxExemption) -> None:
        """Take a new one in."""
        ...

    async def save(self, exemption: TaxExemption, version: int) -> int:
        """Write it over this version; the new one. ``Stale`` if it has moved on."""
        ...
