"""From which price to which the variants of products can be had."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func

from tradepost.catalog.domain.variant import VariantStatus
from tradepost.catalog.ports import ShelfPrices
from tradepost.catalog.queries.prices import Range, price_range
from tradepost.catalog.storage.tables import variants
from tradepost.kernel.ids import ProductId
from tradepost.kernel.money import Currency, UnitPrice
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.platform.db.work import Reader

_v = variants.c
_OF_PRODUCTS = (any_of(_v.product_id, "ids"), _v.status == VariantStatus.ACTIVE)
_BASE = Statement(
    scoped(
        variants,
        *(_v.product_id, func.min(_v.price_micros), func.max(_v.price_micros)),
        func.max(_v.listed),
    )
    .where(*_OF_PRODUCTS)
    .group_by(_v.product_id)
)
_EACH = Statement(scoped(variants, _v.product_id, _v.id, _v.price_micros).where(*_OF_PRODUCTS))

Currencies = Mapping[ProductId, Currency]
"""Products, and the currencies of their base prices."""


async def base_ranges(db: Reader, products: Currencies) -> dict[ProductId, Range]:
    """The ranges of base prices; none for a product without active variants."""
    ranges, _ = await _base(db, products)
    return ranges


async def shelf_ranges(
    db: Reader, products: Currencies, prices: ShelfPrices
) -> dict[ProductId, Range]:
    """The ranges that shoppers see: price lists are asked only where they name a variant."""
    ranges, listed = await _base(db, products)
    if not listed:
        return ranges
    rows = await db.all(_EACH, ids=listed)
    agreed = await prices.of([row[1] for row in rows])
    shown: dict[ProductId, list[UnitPrice]] = {one: [] for one in listed}
    # List prices first: a range is in one currency, and theirs is the shop's.
    for product_id, variant_id, micros in sorted(rows, key=lambda row: row[1] not in agreed):
        base = UnitPrice(micros, products[product_id])
        shown[product_id].append(agreed.get(variant_id, base))
    for product_id, all_prices in shown.items():
        ranges[product_id] = price_range(all_prices) or ranges[product_id]
    return ranges


async def _base(db: Reader, products: Currencies) -> tuple[dict[ProductId, Range], list[ProductId]]:
    found = await db.all(_BASE, ids=list(products)) if products else []
    ranges = {
        row[0]: (UnitPrice(row[1], products[row[0]]), UnitPrice(row[2], products[row[0]]))
        for row in found
    }
    return ranges, [row[0] for row in found if row[3]]
