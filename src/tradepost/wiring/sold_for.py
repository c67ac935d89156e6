"""For whom articles are sold: the contract and the commission of a vendor's, as of now.

A shop whose articles are its own is asked nothing, and pays nothing for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, literal_column, or_

from tradepost.catalog.storage import Article
from tradepost.catalog.storage.tables import categories, product_categories
from tradepost.kernel.consignment import Contract
from tradepost.kernel.ids import CategoryId, ProductId, VendorId
from tradepost.mall.domain import CommissionRule, Vendor, rate_for
from tradepost.mall.storage.tables import RULES, VENDORS, commission_rules, vendors
from tradepost.platform.bus import Bound
from tradepost.platform.db.statement import Statement, any_of, same_tenant, scoped
from tradepost.platform.db.work import Reader, Row

_in, _c, _r, _v = product_categories.c, categories.c, commission_rules.c, vendors.c
_stands = (
    scoped(
        product_categories,
        _in.tenant_id,
        _in.product_id,
        _in.category_id,
        literal_column("0").label("level"),
    )
    .where(any_of(_in.product_id, "standing_ids"))
    .cte("stands", recursive=True)
)
_stands = _stands.union_all(
    scoped(
        categories,
        categories.c.tenant_id,
        _stands.c.product_id,
        _c.parent_id,
        (_stands.c.level + literal_column("1")).label("level"),
    ).where(_c.id == _stands.c.category_id, _c.parent_id.is_not(None))
)
_RULES = and_(
    same_tenant(commission_rules, vendors),
    _r.ended_at.is_(None),
    or_(_r.vendor_id.is_(None), _r.vendor_id == _v.id),
    or_(_r.product_id.is_(None), any_of(_r.product_id, "product_ids")),
)
_STANDS = and_(_stands.c.tenant_id == _r.tenant_id, _stands.c.category_id == _r.category_id)
_TERMS = Statement(
    scoped(
        vendors,
        *VENDORS.rows.columns,
        *RULES.rows.columns,
        _stands.c.product_id,
        _stands.c.level,
    )
    .select_from(vendors.outerjoin(commission_rules, _RULES).outerjoin(_stands, _STANDS))
    .where(any_of(_v.id, "vendor_ids"))
)
"""Vendors with all rules that may fit, and the products that stand in or below their categories."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which contract a product is sold, for which commission; not at all while its vendor
    does not sell."""

    contract: Contract
    commission_ppm: int
    sells: bool


class SoldFor:
    """The terms of the products that a work has met; each is looked up once."""

    def __init__(self, bound: Bound) -> None:
        self._db: Reader = bound.work
        self._known: dict[ProductId, Terms] = {}

    async def of(self, articles: Iterable[Article]) -> dict[ProductId, Terms]:
        """The terms of what is sold for vendors, in one statement; none for what is the shop's."""
        owners = {one.product_id: one.vendor_id for one in articles if one.vendor_id}
        fresh = {key: vendor for key, vendor in owners.items() if key not in self._known}
        if fresh:
            self._known.update(await self._look(fresh))
        return self._known

    async def _look(self, owners: dict[ProductId, VendorId]) -> dict[ProductId, Terms]:
        wanted = sorted(owners)
        rows = await self._db.all(
            _TERMS,
            standing_ids=wanted,
            product_ids=wanted,
            vendor_ids=sorted(set(owners.values())),
        )
        found = _Found(rows)
        return {
            product_id: found.terms(product_id, vendor_id)
            for product_id, vendor_id in owners.items()
            if vendor_id in found.vendors
        }


class _Found:
    """What one look brought: vendors, rules, and how far categories stand above products."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.vendors: dict[VendorId, Vendor] = {}
        self._rules: dict[VendorId, dict[str, CommissionRule]] = defaultdict(dict)
        self._levels: dict[ProductId, dict[CategoryId, int]] = defaultdict(dict)
        wide = len(VENDORS.rows.columns)
        for row in rows:
            vendor = VENDORS.rows.load(row[:wide])
            self.vendors[vendor.id] = vendor
            if row[wide] is None:
                continue
            rule = RULES.rows.load(row[wide:-2])
            self._rules[vendor.id][str(rule.id)] = rule
            if row[-2] is not None and rule.category_id is not None:
                levels = self._levels[row[-2]]
                levels[rule.category_id] = min(row[-1], levels.get(rule.category_id, row[-1]))

    def terms(self, product_id: ProductId, vendor_id: VendorId) -> Terms:
        """The terms of a product of one of the vendors."""
        vendor = self.vendors[vendor_id]
        rate = rate_for(
            self._rules[vendor_id].values(),
            vendor_id,
            product_id,
            self._levels[product_id],
            vendor.commission_ppm,
        )
        return Terms(vendor.contract, rate, vendor.sells)
