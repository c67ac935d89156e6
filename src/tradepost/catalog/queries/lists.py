"""Lists of products, page by page: what shoppers may see, and all that there is for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import tuple_

from tradepost.catalog.domain.parts import Image
from tradepost.catalog.domain.product import ProductStatus
from tradepost.catalog.ports import ShelfPrices
from tradepost.catalog.queries.categories import branch
from tradepost.catalog.queries.prices import PriceView, Range, price_view
from tradepost.catalog.queries.ranges import PRICES, base_range, is_listed, shelf_ranges
from tradepost.catalog.storage.tables import product_categories, products
from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.codes import folded
from tradepost.kernel.ids import CategoryId, ProductId, VendorId
from tradepost.kernel.money import Currency
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader, Row

TITLE: Final = "title"
NEWEST: Final = "newest"
Position = tuple[Any, ...]
"""Where a page ended: what the list is sorted by, and the identifier of its last product."""


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a list; without active variants it has no price."""

    id: ProductId
    slug: str
    title: str
    status: ProductStatus
    image: Image | None
    vendor_id: VendorId | None
    price_from: PriceView | None
    price_to: PriceView | None
    created_at: datetime
    updated_at: datetime
    version: int

    def position(self, sort: str) -> Position:
        """Where a list of this sort goes on after this product."""
        key = folded(self.title) if sort == TITLE else to_micros(self.created_at)
        return key, str(self.id)


_p, _pc = products.c, product_categories.c
_CARD = (
    *(_p.id, _p.slug, _p.title, _p.status, _p.images, _p.vendor_id, _p.currency),
    *(_p.created_at, _p.updated_at, _p.version, PRICES.label("prices")),
)


async def shelf(
    db: Reader,
    *,
    sort: str = TITLE,
    category: str | None = None,
    after: Position | None = None,
    limit: int = 20,
    prices: ShelfPrices,
) -> list[ProductCard]:
    """What is offered, by title or newest first; a category shows all below it too.

    :raises Unknown: for a category that shoppers do not see.
    """
    within = await branch(db, category) if category is not None else None
    rows = await _rows(db, sort, None, within, after, limit)
    listed = {row[0]: Currency(row[6]) for row in rows if is_listed(row[-1])}
    ranges = await shelf_ranges(db, listed, prices)
    return [_card(row, ranges.get(row[0])) for row in rows]


async def staff_products(
    db: Reader,
    *,
    sort: str = TITLE,
    statuses: Sequence[ProductStatus] = tuple(ProductStatus),
    category_id: CategoryId | None = None,
    after: Position | None = None,
    limit: int = 20,
) -> list[ProductCard]:
    """All that there is, drafts too, by title or newest first; of a category its own only."""
    within = [category_id] if category_id is not None else None
    rows = await _rows(db, sort, statuses, within, after, limit)
    return [_card(row) for row in rows]


async def _rows(
    db: Reader,
    sort: str,
    statuses: Sequence[ProductStatus] | None,
    within: list[CategoryId] | None,
    after: Position | None,
    limit: int,
) -> list[Row]:
    statement = _listing(sort, statuses is not None, within is not None, after is not None)
    values: dict[str, Any] = {"size": limit}
    if statuses is not None:
        values["statuses"] = list(statuses)
    if within is not None:
        values["category_ids"] = within
    if after is not None:
        key = after[0] if sort == TITLE else from_micros(after[0])
        values |= {"after_key": key, "after_id": UUID(after[1])}
    return await db.all(statement, **values)


@cache
def _listing(sort: str, any_status: bool, in_category: bool, continued: bool) -> Statement:
    """One statement for each shape of list, so that each walks along an index of its own."""
    key = _p.title_key if sort == TITLE else _p.created_at
    wanted = scoped(products, *_CARD)
    if any_status:
        wanted = wanted.where(any_of(_p.status, "statuses"))
    else:
        wanted = wanted.where(_p.status == ProductStatus.ACTIVE)
    if in_category:
        inside = scoped(product_categories, _pc.product_id)
        wanted = wanted.where(_p.id.in_(inside.where(any_of(_pc.category_id, "category_ids"))))
    if continued:
        here = tuple_(param("after_key", like=key), param("after_id", like=_p.id))
        place = tuple_(key, _p.id)
        wanted = wanted.where(place > here if sort == TITLE else place < here)
    order = (key, _p.id) if sort == TITLE else (key.desc(), _p.id.desc())
    return Statement(wanted.order_by(*order).limit(param("size", like=_p.version)))


def _card(row: Row, agreed: Range | None = None) -> ProductCard:
    id, slug, title, status, images, vendor_id, currency, created, updated, version, prices = row
    lowest, highest = agreed or base_range(prices, Currency(currency)) or (None, None)
    return ProductCard(
        id,
        slug,
        title,
        status,
        images[0] if images else None,
        vendor_id,
        price_view(lowest),
        price_view(highest),
        created,
        updated,
        version,
    )
