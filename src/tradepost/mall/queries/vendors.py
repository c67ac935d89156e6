"""Vendors with how their accounts stand, and commission rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tradepost.kernel.ids import (
    CategoryId,
    CommissionRuleId,
    ProductId,
    VendorId,
)
from tradepost.mall.domain import BankDetails, CommissionRule, Vendor
from tradepost.mall.ports import Balance, VendorBooks
from tradepost.mall.storage.tables import RULES, VENDORS, commission_rules, vendors
from tradepost.mall.storage.vendors import LIVING_RULES
from tradepost.platform.db.statement import Statement, param
from tradepost.platform.db.work import Reader

_FIRST = Statement(VENDORS.select.order_by(vendors.c.code).limit(param("limit")))
_NEXT = Statement(
    VENDORS.select.where(vendors.c.code > param("after"))
    .order_by(vendors.c.code)
    .limit(param("limit"))
)
_RULES = Statement(LIVING_RULES.order_by(commission_rules.c.created_at, commission_rules.c.id))


@dataclass(frozen=True, slots=True)
class VendorView:
    """A vendor: what is agreed, and in ``balances`` what is owed to them by currency."""

    id: VendorId
    code: str
    name: str
    status: str
    commission_ppm: int
    seller: str
    shipping: str
    cod_fee: str
    discount: str
    payout_least: int
    bank: BankDetails | None
    created_at: datetime
    version: int
    balances: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """A commission rule, in parts per million."""

    id: CommissionRuleId
    vendor_id: VendorId | None
    category_id: CategoryId | None
    product_id: ProductId | None
    commission_ppm: int
    created_at: datetime
    ended_at: datetime | None
    version: int


async def vendor_page(db: Reader, vendor_id: VendorId, books: VendorBooks) -> VendorView:
    """A vendor; refuses with ``Unknown``."""
    found = await VENDORS.get(db, vendor_id)
    return _view(found, await books.balances([vendor_id]))


async def vendor_rows(
    db: Reader, after: tuple[Any, ...] | None, limit: int, books: VendorBooks
) -> list[VendorView]:
    """Vendors by code."""
    if after is None:
        found = await VENDORS.all(db, _FIRST, limit=limit)
    else:
        found = await VENDORS.all(db, _NEXT, after=after[0], limit=limit)
    balances = await books.balances([one.id for one in found]) if found else []
    return [_view(one, [each for each in balances if each.vendor_id == one.id]) for one in found]


async def rule_rows(db: Reader) -> list[RuleView]:
    """The rules that hold, the oldest first."""
    return [_rule(one) for one in await RULES.all(db, _RULES)]


async def rule_page(db: Reader, rule_id: CommissionRuleId) -> RuleView:
    """A rule, also one that has ended; refuses with ``Unknown``."""
    return _rule(await RULES.get(db, rule_id))


def _view(one: Vendor, balances: list[Balance]) -> VendorView:
    return VendorView(
        id=one.id,
        code=one.code,
        name=one.name,
        status=one.status.value,
        commission_ppm=one.commission_ppm,
        seller=one.seller.value,
        shipping=one.shipping.value,
        cod_fee=one.cod_fee.value,
        discount=one.discount.value,
        payout_least=one.payout_least,
        bank=one.bank,
        created_at=one.created_at,
        version=one.version,
        balances=tuple(balances),
    )


def _rule(one: CommissionRule) -> RuleView:
    return RuleView(
        one.id,
        one.vendor_id,
        one.category_id,
        one.product_id,
        one.commission_ppm,
        one.created_at,
        one.ended_at,
        one.version,
    )
