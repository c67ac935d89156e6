"""Pricing in the house: price lists and tax.

Others ask ``ListPrices(bound.work)`` and ``TaxBook(bound.work)``, and add documents up with
``pricing.domain.totals``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradepost.catalog.storage import SqlListing
from tradepost.platform.bus import Bound
from tradepost.pricing import commands, ports
from tradepost.pricing.storage import SqlPriceLists, SqlTaxExemptions, SqlTaxRates

HANDLERS = commands.HANDLERS
BINDINGS: dict[type, Callable[[Bound], Any]] = {
    ports.PriceLists: lambda bound: SqlPriceLists(bound.work),
    ports.ListedVariants: lambda bound: SqlListing(bound.work),
    ports.TaxRates: lambda bound: SqlTaxRates(bound.work),
    ports.TaxExemptions: lambda bound: SqlTaxExemptions(bound.work),
}
