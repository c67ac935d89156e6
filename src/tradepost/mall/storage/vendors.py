"""Vendors and commission rules, kept."""

from __future__ import annotations

from collections.abc import Collection

from tradepost.kernel.ids import CommissionRuleId, VendorId
from tradepost.mall.domain import CommissionRule, Vendor
from tradepost.mall.storage.tables import RULES, VENDORS, commission_rules, vendors
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Work

_HOLD_ALL = Statement(VENDORS.select.order_by(vendors.c.id).with_for_update())
_CODED = Statement(scoped(vendors, vendors.c.id).where(vendors.c.code == param("code")))
LIVING_RULES = RULES.select.where(commission_rules.c.ended_at.is_(None))
_LIVING = Statement(LIVING_RULES)


class SqlVendors:
    """Answers the Vendors port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, vendor_id: VendorId) -> Vendor:
        """The vendor."""
        return await VENDORS.get(self._work, vendor_id)

    async def hold_all(self) -> list[Vendor]:
        """All of them, locked in the order of their identifiers."""
        return await VENDORS.all(self._work, _HOLD_ALL)

    async def several(self, ids: Collection[VendorId]) -> list[Vendor]:
        """Those that there are."""
        return await VENDORS.get_many(self._work, sorted(ids))

    async def is_taken(self, code: str) -> bool:
        """Whether a vendor has the code."""
        return await self._work.one(_CODED, code=code) is not None

    def add(self, vendor: Vendor) -> None:
        """Keep a new one."""
        VENDORS.add(self._work, vendor)

    async def save(self, vendor: Vendor, version: int) -> int:
        """Write it over a version."""
        return await VENDORS.save(self._work, vendor, version)


class SqlRules:
    """Answers the Rules port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, rule_id: CommissionRuleId) -> CommissionRule:
        """The rule."""
        return await RULES.get(self._work, rule_id)

    async def living(self) -> list[CommissionRule]:
        """Those that have not ended."""
        return await RULES.all(self._work, _LIVING)

    def add(self, rule: CommissionRule) -> None:
        """Keep a new one."""
        RULES.add(self._work, rule)

    async def save(self, rule: CommissionRule, version: int) -> int:
        """Write it over a version."""
        return await RULES.save(self._work, rule, version)
