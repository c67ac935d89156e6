"""The tables of pricing and what reads and writes them."""

from tradepost.pricing.storage.lists import ListPrices, SqlPriceLists
from tradepost.pricing.storage.tax import SqlTaxExemptions, SqlTaxRates, TaxBook

__all__ = ["ListPrices", "SqlPriceLists", "SqlTaxExemptions", "SqlTaxRates", "TaxBook"]
