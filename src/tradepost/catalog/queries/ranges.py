"""From which price to which the variants of products can be had."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func

from tradepost.catalog.domain.variant import VariantStatus
from tradepost.catalog.ports import ShelfPrices
from tradepost.catalog.queries.prices import Range, price_range
from tradepost.catalog.storage.tables import products, variants
from tradepost.kernel.ids import ProductId
from tradepost.kernel.money import Currency, UnitPrice
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.platform.db.work import Reader

RANGES_KEPT_MAX = 20_000
_v = variants.c
_ACTIVE = _v.status == VariantStatus.ACTIVE


def _text(number: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(number, Text)


PRICES = (
    scoped(
        variants,
        _text(func.min(_v.price_micros))
        .concat(" ")
        .concat(_text(func.max(_v.price_micros)))
        .concat(" ")
        .concat(_text(func.max(_v.listed))),
    )
    .where(_v.product_id == products.c.id, _ACTIVE)
    .scalar_subquery()
)
"""Of the products of a statement: lowest and highest base price, and whether price lists name any
of their active variants. One text, since a look for each would cost as much as the whole list."""
_EACH = Statement(
    scoped(variants, _v.product_id, _v.id, _v.price_micros).where(
        any_of(_v.product_id, "ids"), _ACTIVE
    )
)

Currencies = Mapping[ProductId, Currency]
"""Products, and the currencies of their base prices."""


def is_listed(prices: str | None) -> bool:
    """Whether price lists have to be asked about a product with these :data:`PRICES`."""
    return prices is not None and not prices.endswith(" 0")


@lru_cache(maxsize=RANGES_KEPT_MAX)
def base_range(prices: str | None, currency: Currency) -> Range | None:
    """The range that :data:`PRICES` tell; none for a product without active variants."""
    if prices is None:
        return None
    lowest, highest, _ = prices.split()
    return UnitPrice(int(lowest), currency), UnitPrice(int(highest), currency)


async def shelf_ranges(
    db: Reader, products: Currencies, prices: ShelfPrices
) -> dict[ProductId, Range]:
    """The ranges that shoppers see of products which price lists name."""
    if not products:
        return {}
    rows = await db.all(_EACH, ids=list(products))
    agreed = await prices.of([row[1] for row in rows])
    shown: dict[ProductId, list[UnitPrice]] = {one: [] for one in products}
    # List prices first: a range is in one currency, and theirs is the shop's.
    for product_id, variant_id, micros in sorted(rows, key=lambda row: row[1] not in agreed):
        base = UnitPrice(micros, products[product_id])
        shown[product_id].append(agreed.get(variant_id, base))
    ranges = {product_id: price_range(found) for product_id, found in shown.items()}
    return {product_id: found for product_id, found in ranges.items() if found is not None}
