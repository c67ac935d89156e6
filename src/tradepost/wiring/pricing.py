"""Pricing in the house: price lists and tax.

Others ask ``ListPrices(bound.work)`` and ``TaxBook(bound.work)``, and add documents up with
``pricing.domain.totals``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradepost.catalog.storage import SqlListing
from tradepost.customers.storage import SqlGroups
from tradepost.kernel.ids import CustomerGroupId
from tradepost.platform.bus import Bound
from tradepost.pricing import commands, ports
from tradepost.pricing.storage import SqlPriceLists, SqlTaxExemptions, SqlTaxRates


class Groups:
    """Answers pricing's CustomerGroups from customers."""

    def __init__(self, groups: SqlGroups) -> None:
        self._groups = groups

    async def check(self, group_id: CustomerGroupId) -> None:
        """Refuse a group that is not there."""
        await self._groups.get(group_id)


HANDLERS = commands.HANDLERS
BINDINGS: dict[type, Callable[[Bound], Any]] = {
    ports.PriceLists: lambda bound: SqlPriceLists(bound.work),
    ports.CustomerGroups: lambda bound: Groups(SqlGroups(bound.work)),
    ports.ListedVariants: lambda bound: SqlListing(bound.work),
    ports.TaxRates: lambda bound: SqlTaxRates(bound.work),
    ports.TaxExemptions: lambda bound: SqlTaxExemptions(bound.work),
}
