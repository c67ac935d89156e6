"""What the price book has quoted, by whatever an article was named by."""

from __future__ import annotations

from collections.abc import Mapping

from tradepost.kernel.codes import folded
from tradepost.kernel.ids import VariantId
from tradepost.ordering.domain.basket import Wanted
from tradepost.ordering.domain.terms import Quote
from tradepost.ordering.errors import NotOnSale

Quotes = Mapping[VariantId | str, Quote]
"""Quotes by variant and by folded SKU."""


def quoted(wanted: Wanted, quotes: Quotes) -> Quote:
    """The quote of what is wanted; :class:`NotOnSale` if there is none."""
    named: VariantId | str = wanted.variant_id or folded(wanted.sku or "")
    quote = quotes.get(named)
    if quote is None or not quote.on_sale:
        raise NotOnSale(str(wanted.sku or wanted.variant_id))
    return quote
