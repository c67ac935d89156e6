"""The rules of prices: which one holds, which tax, and how a document adds up."""

from tradepost.pricing.domain.exemption import ExemptionDraft, TaxExemption
from tradepost.pricing.domain.lists import (
    AgreedPrice,
    Buyer,
    ListPrice,
    ListPriceLine,
    PriceList,
    PriceListDraft,
    PriceListStatus,
    best_prices,
)
from tradepost.pricing.domain.tax import (
    AppliedRate,
    SupplyKind,
    TaxRate,
    TaxRateDraft,
    TaxTable,
)
from tradepost.pricing.domain.totals import (
    PricedLine,
    RateTotal,
    TaxLine,
    Totals,
    line_amount,
    totals,
)

__all__ = [
    "AgreedPrice",
    "AppliedRate",
    "Buyer",
    "ExemptionDraft",
    "ListPrice",
    "ListPriceLine",
    "PriceList",
    "PriceListDraft",
    "PriceListStatus",
    "PricedLine",
    "RateTotal",
    "SupplyKind",
    "TaxExemption",
    "TaxLine",
    "TaxRate",
    "TaxRateDraft",
    "TaxTable",
    "Totals",
    "best_prices",
    "line_amount",
    "totals",
]
