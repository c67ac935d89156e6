"""Products as search knows them, read from catalogue and stock in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column, or_

from tradepost.catalog.domain import FulfillmentType, ProductStatus
from tradepost.catalog.domain.variant import VariantStatus
from tradepost.catalog.storage.tables import (
    categories,
    product_categories,
    product_locations,
    products,
    variants,
)
from tradepost.inventory.storage.stock import stocks
from tradepost.kernel.ids import CategoryId, ProductId, TenantId, VariantId
from tradepost.kernel.money import Currency, RoundingMode, UnitPrice
from tradepost.platform.db.statement import Statement, any_of, same_tenant, scoped
from tradepost.platform.db.work import Reader
from tradepost.search.domain import CategoryRef, SearchDocument

_p, _v, _s, _c, _pc = products.c, variants.c, stocks.c, categories.c, product_categories.c
_pl = product_locations.c
_PRODUCTS = Statement(
    scoped(products, _p.id, _p.title, _p.description, _p.status, _p.currency, _p.vendor_id).where(
        any_of(_p.id, "ids")
    )
)
_VARIANTS = Statement(
    scoped(
        variants,
        *(_v.product_id, _v.id, _v.sku, _v.barcode, _v.price_micros, _v.status),
        *(_v.fulfillment_type, _v.backorder, _v.stocked),
    ).where(any_of(_v.product_id, "ids"))
)
_IN_STOCK = stocks.join(variants, same_tenant(stocks, variants) & (_v.id == _s.variant_id)).join(
    products, same_tenant(variants, products) & (_p.id == _v.product_id)
)
_offered_there = (
    scoped(product_locations, _pl.location_id)
    .where(_pl.product_id == _p.id)
    .where(_pl.location_id == _s.location_id)
)
_FREE = Statement(
    scoped(stocks, _s.variant_id, _s.on_hand - _s.held - _s.allocated - _s.safety)
    .select_from(_IN_STOCK)
    .where(any_of(_v.product_id, "ids"))
    .where(or_(_p.everywhere == literal_column("1"), _offered_there.exists()))
)
"""What is free where it is sold from; elsewhere it is not for shoppers."""
_IN_CATEGORIES = Statement(
    scoped(product_categories, _pc.product_id, _pc.category_id).where(any_of(_pc.product_id, "ids"))
)
_TREE = Statement(scoped(categories, _c.id, _c.parent_id, _c.slug, _c.name))
_VARIANT_PRODUCTS = Statement(scoped(variants, _v.id, _v.product_id).where(any_of(_v.id, "ids")))
_PRODUCTS_IN = Statement(
    scoped(product_categories, _pc.product_id, _pc.category_id).where(
        any_of(_pc.category_id, "ids")
    )
)
_SHELVED = (FulfillmentType.PHYSICAL, FulfillmentType.PREPARED)


@dataclass(slots=True)
class Touched:
    """What a batch of facts changed of one tenant's products, by the newest fact's number."""

    products: dict[ProductId, int] = field(default_factory=dict)
    variants: dict[VariantId, int] = field(default_factory=dict)
    categories: dict[CategoryId, int] = field(default_factory=dict)
    created: dict[ProductId, int] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to look at."""
        return not (self.products or self.variants or self.categories)


async def touched_products(db: Reader, touched: Touched) -> dict[ProductId, int]:
    """Every product that must be looked at anew, with the number of the fact that says so."""
    found = dict(touched.products)
    if touched.variants:
        rows = await db.all(_VARIANT_PRODUCTS, ids=list(touched.variants))
        for variant_id, product_id in rows:
            found[product_id] = max(found.get(product_id, 0), touched.variants[variant_id])
    if touched.categories:
        branches = await _branches(db, touched.categories)
        for product_id, category_id in await db.all(_PRODUCTS_IN, ids=list(branches)):
            found[product_id] = max(found.get(product_id, 0), branches[category_id])
    return found


async def _branches(db: Reader, touched: Mapping[CategoryId, int]) -> dict[CategoryId, int]:
    """The categories and all below them, whose products stand on a path that changed."""
    parents: dict[CategoryId, CategoryId | None] = {row[0]: row[1] for row in await db.all(_TREE)}
    found: dict[CategoryId, int] = {}
    for category_id in parents:
        here: CategoryId | None = category_id
        for _ in parents:
            if here is None:
                break
            if here in touched:
                found[category_id] = max(found.get(category_id, 0), touched[here])
            here = parents.get(here)
    return found


async def search_documents(
    db: Reader,
    tenant_id: TenantId,
    seqs: Mapping[ProductId, int],
    created: Mapping[ProductId, int],
) -> list[SearchDocument]:
    """The documents of products as they stand; those that are gone are left out."""
    ids = list(seqs)
    sold = await _sold(db, ids)
    paths = await _paths(db, ids)
    return [
        _document(tenant_id, row, sold.get(row[0], []), paths.get(row[0], ()), seqs, created)
        for row in await db.all(_PRODUCTS, ids=ids)
    ]


async def _sold(db: Reader, ids: Collection[ProductId]) -> dict[ProductId, list[Any]]:
    free: dict[VariantId, int] = defaultdict(int)
    for variant_id, available in await db.all(_FREE, ids=list(ids)):
        free[variant_id] += max(0, available)
    found: dict[ProductId, list[Any]] = defaultdict(list)
    for product_id, variant_id, *rest in await db.all(_VARIANTS, ids=list(ids)):
        found[product_id].append((*rest, free[variant_id]))
    return found


async def _paths(
    db: Reader, ids: Collection[ProductId]
) -> dict[ProductId, tuple[CategoryRef, ...]]:
    """The categories on the way from the root to each product."""
    rows = await db.all(_IN_CATEGORIES, ids=list(ids))
    if not rows:
        return {}
    tree = {row[0]: row[1:] for row in await db.all(_TREE)}
    paths: dict[ProductId, dict[UUID, CategoryRef]] = defaultdict(dict)
    for product_id, category_id in rows:
        branch: list[CategoryRef] = []
        here = category_id
        while here in tree and len(branch) < len(tree):
            parent, slug, title = tree[here]
            branch.append(CategoryRef(here, slug, title))
            here = parent
        for ref in reversed(branch):
            paths[product_id].setdefault(ref.id, ref)
    return {product_id: tuple(refs.values()) for product_id, refs in paths.items()}


def _document(
    tenant_id: TenantId,
    row: tuple[Any, ...],
    sold: list[Any],
    path: tuple[CategoryRef, ...],
    seqs: Mapping[ProductId, int],
    created: Mapping[ProductId, int],
) -> SearchDocument:
    product_id, title, description, status, code, vendor_id = row
    currency = Currency(code)
    live = [one for one in sold if one[3] is VariantStatus.ACTIVE]
    prices = [UnitPrice(one[2], currency).rounded(RoundingMode.HALF_UP).amount for one in live]
    return SearchDocument(
        tenant_id=tenant_id,
        product_id=product_id,
        title=title,
        status=ProductStatus(status).value,
        seq=seqs[product_id],
        created_seq=created.get(product_id, seqs[product_id]),
        description=description,
        vendor=str(vendor_id) if vendor_id else "",
        skus=tuple(one[0] for one in sold),
        barcodes=tuple(one[1] for one in sold if one[1]),
        categories=path,
        price_min=min(prices) if prices else None,
        price_max=max(prices) if prices else None,
        currency=code,
        available=any(one[4] not in _SHELVED or one[5] or not one[6] or one[7] > 0 for one in live),
    )
