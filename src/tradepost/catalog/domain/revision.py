"""Titles and base prices of many articles, taken over at once; what is the same is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tradepost.catalog.domain.parts import TITLE_LONGEST
from tradepost.catalog.errors import OtherCurrencyOfProduct
from tradepost.events.catalog import PricedProduct, RetitledProduct, VariantPrice
from tradepost.kernel.ids import ProductId, VariantId
from tradepost.kernel.money import Currency, UnitPrice
from tradepost.kernel.text import one_line

ARTICLES_A_REVISION_MAX: Final = 10_000

PriceRanges = Mapping[ProductId, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """The title and base price (millionths) an article is to have; ``None`` leaves it."""

    sku_key: str
    title: str | None
    price_micros: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An article as it stands, with its product's version."""

    variant_id: VariantId
    product_id: ProductId
    sku: str
    sku_key: str
    price_micros: int
    title: str
    currency: str
    version: int


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one product: its next version, its title, its variants' new prices."""

    product_id: ProductId
    version: int
    currency: str
    title: str
    retitled: bool
    prices: tuple[VariantPrice, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """All changes, and the keys nobody has."""

    changes: tuple[Change, ...]
    unknown: tuple[str, ...]

    def titles(self) -> tuple[RetitledProduct, ...]:
        """What to tell of titles."""
        return tuple(
            RetitledProduct(one.product_id, one.version, one.title)
            for one in self.changes
            if one.retitled
        )

    def prices(self, ranges: PriceRanges) -> tuple[PricedProduct, ...]:
        """What to tell of prices, with the ranges that they now span."""
        return tuple(
            PricedProduct(
                one.product_id,
                one.version,
                one.currency,
                *ranges.get(one.product_id, (None, None)),
                one.prices,
            )
            for one in self.changes
            if one.prices
        )


def revision_of(
    lines: Sequence[ArticleLine], currency: Currency, standing: Iterable[Standing]
) -> Revision:
    """What has to change so that every article is as its last line says.

    :raises OtherCurrencyOfProduct: if an article is priced in another currency.
    """
    wished = {line.sku_key: line for line in lines}
    by_product: dict[ProductId, list[Standing]] = {}
    known: set[str] = set()
    for one in standing:
        by_product.setdefault(one.product_id, []).append(one)
        known.add(one.sku_key)
    changes = (_change(group, wished, currency) for group in by_product.values())
    return Revision(
        tuple(change for change in changes if change.retitled or change.prices),
        tuple(key for key in wished if key not in known),
    )


def _change(
    group: Sequence[Standing], wished: Mapping[str, ArticleLine], currency: Currency
) -> Change:
    title = group[0].title
    prices: list[VariantPrice] = []
    for one in group:
        line = wished[one.sku_key]
        if line.title is not None and line.title != title:
            title = one_line(line.title, "title", TITLE_LONGEST)
        if line.price_micros is None or line.price_micros == one.price_micros:
            continue
        if one.currency != currency.code:
            raise OtherCurrencyOfProduct(one.sku, one.currency, currency.code)
        price = UnitPrice(line.price_micros, currency)
        prices.append(VariantPrice(one.variant_id, one.sku, price.micros, one.price_micros))
    first = group[0]
    retitled = title != first.title
    return Change(
        first.product_id, first.version + 1, first.currency, title, retitled, tuple(prices)
    )
