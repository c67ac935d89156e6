"""Articles: variants with what an order line needs of their product, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tradepost.catalog.domain.parts import FulfillmentType
from tradepost.catalog.domain.product import ProductStatus
from tradepost.catalog.domain.variant import VariantStatus
from tradepost.catalog.storage.tables import product_locations, products, variants
from tradepost.kernel.codes import folded
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import LocationId, ProductId, VariantId, VendorId
from tradepost.kernel.money import Currency, UnitPrice
from tradepost.kernel.quantity import SalesUnit
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    same_tenant,
    scoped,
    scoped_update,
)
from tradepost.platform.db.work import Look, Reader, Row, Work


@dataclass(frozen=True, slots=True)
class Article:
    """A variant as an order line takes it.

    ``unit_price`` is the base price of ``sales_unit.price_per`` units. ``listed`` tells that a
    price list may have another one, so only then is it worth asking. Unless ``everywhere``, it is
    offered at the locations of :meth:`Articles.locations` only.
    """

    variant_id: VariantId
    product_id: ProductId
    sku: str
    sku_key: str
    title: str
    fulfillment_type: FulfillmentType
    product_status: ProductStatus
    variant_status: VariantStatus
    unit_price: UnitPrice
    tax_class: str
    sales_unit: SalesUnit
    backorder: bool
    stocked: bool
    listed: bool
    everywhere: bool
    vendor_id: VendorId | None
    weight_grams: int | None

    @property
    def lies_on_shelves(self) -> bool:
        """Whether stock is kept of it."""
        return self.stocked and self.fulfillment_type in (
            FulfillmentType.PHYSICAL,
            FulfillmentType.PREPARED,
        )

    @property
    def is_offered(self) -> bool:
        """Whether shoppers can buy it: product and variant are both active."""
        return (
            self.product_status is ProductStatus.ACTIVE
            and self.variant_status is VariantStatus.ACTIVE
        )


_v, _p = variants.c, products.c
WITH_PRODUCT = variants.join(products, same_tenant(variants, products) & (_p.id == _v.product_id))
_ARTICLES = scoped(
    variants,
    *(_v.id, _v.product_id, _v.sku, _v.sku_key, _p.title, _v.title, _v.fulfillment_type),
    *(_p.status, _v.status, _v.price_micros, _p.currency, _v.tax_class),
    *(_v.unit, _v.price_per, _v.step, _v.backorder, _v.stocked, _v.listed),
    *(_p.everywhere, _p.vendor_id, _v.weight_grams),
).select_from(WITH_PRODUCT)
_BY_IDS = Statement(_ARTICLES.where(any_of(_v.id, "ids")))
_BY_SKU_KEYS = Statement(_ARTICLES.where(any_of(_v.sku_key, "keys")))
_BY_BARCODES = Statement(
    scoped(variants, _v.barcode_key, _v.id).where(any_of(_v.barcode_key, "keys"))
)
_LOCATIONS = Statement(
    scoped(
        product_locations, product_locations.c.product_id, product_locations.c.location_id
    ).where(any_of(product_locations.c.product_id, "ids"))
)
_sales_unit = lru_cache(maxsize=1024)(SalesUnit)


class Articles:
    """Looks articles up; works on a query's reader as well as in a command's work."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    @staticmethod
    def look(ids: Iterable[VariantId]) -> Look:
        """What :meth:`by_ids` asks."""
        return _BY_IDS, {"ids": sorted(set(ids))}

    @staticmethod
    def look_for_skus(keys: Iterable[str]) -> Look:
        """What :meth:`by_sku_keys` asks."""
        return _BY_SKU_KEYS, {"keys": sorted(set(keys))}

    async def by_ids(self, ids: Iterable[VariantId]) -> dict[VariantId, Article]:
        """The articles of these variants, those that there are; one statement for all."""
        statement, values = self.look(ids)
        rows = await self._db.all(statement, **values)
        return {row[0]: _article(row) for row in rows}

    async def by_skus(self, skus: Iterable[str]) -> dict[str, Article]:
        """The articles of these SKUs by their key, letter case aside; one statement for all."""
        return await self.by_sku_keys({folded(sku) for sku in skus})

    async def by_sku_keys(self, keys: Iterable[str]) -> dict[str, Article]:
        """The articles of SKUs that are folded already; one statement for all."""
        statement, values = self.look_for_skus(keys)
        rows = await self._db.all(statement, **values)
        return {row[3]: _article(row) for row in rows}

    async def by_barcodes(self, keys: Iterable[str]) -> dict[str, VariantId]:
        """The variants of barcodes by their keys; one statement for all."""
        rows = await self._db.all(_BY_BARCODES, keys=sorted(set(keys)))
        return {row[0]: row[1] for row in rows}

    async def locations(
        self, product_ids: Iterable[ProductId]
    ) -> dict[ProductId, frozenset[LocationId]]:
        """Where products that are not offered everywhere are offered."""
        found: dict[ProductId, set[LocationId]] = {one: set() for one in product_ids}
        for product_id, location_id in await self._db.all(_LOCATIONS, ids=sorted(found)):
            found[product_id].add(location_id)
        return {key: frozenset(at) for key, at in found.items()}


def _article(row: Row) -> Article:
    title, variant_title, currency = row[4], row[5], Currency(row[10])
    return Article(
        row[0],
        row[1],
        row[2],
        row[3],
        f"{title} / {variant_title}" if variant_title else title,
        row[6],
        row[7],
        row[8],
        UnitPrice(row[9], currency),
        row[11],
        _sales_unit(row[12], row[13], row[14]),
        row[15],
        row[16],
        row[17],
        row[18],
        row[19],
        row[20],
    )


_IS_LISTED = Statement(scoped(variants, _v.id, _v.listed).where(any_of(_v.id, "ids")))
_LIST = Statement(scoped_update(variants).where(any_of(_v.id, "ids")).values(listed=True))


class SqlListing:
    """Keeps in mind which variants price lists name; a mark that is there is not made again."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def mark(self, variant_ids: Sequence[VariantId]) -> None:
        """Mark these variants; :class:`Unknown` for one that the shop does not have."""
        rows = await self._work.all(_IS_LISTED, ids=list(variant_ids))
        known = {row[0]: row[1] for row in rows}
        for one in variant_ids:
            if one not in known:
                raise Unknown("variant", str(one))
        fresh = sorted(key for key, listed in known.items() if not listed)
        if fresh:
            await self._work.run(_LIST, ids=fresh)
