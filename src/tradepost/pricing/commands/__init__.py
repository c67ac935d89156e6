"""Wishes to pricing, and who grants them."""

from tradepost.pricing.commands.lists import (
    LIST_HANDLERS,
    ArchivePriceList,
    CreatedPriceList,
    CreatePriceList,
    RestorePriceList,
    SetListPrices,
    UpdatePriceList,
)
from tradepost.pricing.commands.tax import (
    TAX_HANDLERS,
    CloseTaxRate,
    CreatedTaxRate,
    CreateTaxRate,
    EndTaxExemption,
    GrantedTaxExemption,
    GrantTaxExemption,
)

HANDLERS = {**LIST_HANDLERS, **TAX_HANDLERS}

__all__ = [
    "HANDLERS",
    "ArchivePriceList",
    "CloseTaxRate",
    "CreatePriceList",
    "CreateTaxRate",
    "CreatedPriceList",
    "CreatedTaxRate",
    "EndTaxExemption",
    "GrantTaxExemption",
    "GrantedTaxExemption",
    "RestorePriceList",
    "SetListPrices",
    "UpdatePriceList",
]
