"""Commission rules: what the shop keeps of a vendor's sale, the most specific rule first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.kernel.ids import CategoryId, CommissionRuleId, ProductId, VendorId
from tradepost.kernel.money.rate import WHOLE
from tradepost.kernel.whole import whole_number
from tradepost.mall.errors import BadCommission, RuleEnded, RuleOfNothing


def checked_rate(ppm: object) -> int:
    """A commission in parts per million.

    :raises BadCommission: below nothing, or above all of it.
    """
    return whole_number(ppm, "commission_ppm", 0, WHOLE, BadCommission)


@dataclass(frozen=True, slots=True)
class CommissionRule:
    """A rate for what a vendor sells, for a category and all below it, for a product, or for what
    fits several of these. A rule that has ended stays as a record."""

    id: CommissionRuleId
    vendor_id: VendorId | None
    category_id: CategoryId | None
    product_id: ProductId | None
    commission_ppm: int
    created_at: datetime
    ended_at: datetime | None
    version: int

    @classmethod
    def made(
        cls,
        id: CommissionRuleId,
        for_what: tuple[VendorId | None, CategoryId | None, ProductId | None],
        ppm: int,
        at: datetime,
    ) -> CommissionRule:
        """A new rule.

        :raises RuleOfNothing: if it is for nothing in particular.
        """
        if not any(for_what):
            raise RuleOfNothing
        return cls(id, *for_what, checked_rate(ppm), at, None, 1)

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """How specific it is: a product before a category, a category before a vendor."""
        return self.product_id is not None, self.category_id is not None, self.vendor_id is not None

    def rated(self, ppm: int) -> CommissionRule:
        """At another rate, for what is sold from now on."""
        self._check_living()
        return replace(self, commission_ppm=checked_rate(ppm))

    def ended(self, at: datetime) -> CommissionRule:
        """No longer used.

        :raises RuleEnded: if it is not, already.
        """
        self._check_living()
        return replace(self, ended_at=at)

    def _check_living(self) -> None:
        if self.ended_at is not None:
            raise RuleEnded(str(self.id))


def rate_for(
    rules: Iterable[CommissionRule],
    vendor_id: VendorId,
    product_id: ProductId,
    levels: Mapping[CategoryId, int],
    otherwise: int,
) -> int:
    """The rate of the most specific rule that fits, in parts per million.

    ``levels`` tells how far above the product its categories stand: 0 for those it is in. Of rules
    that are equally specific that of the nearest category holds, then the lowest rate.
    """
    fitting = [
        one
        for one in rules
        if one.vendor_id in (None, vendor_id)
        and one.product_id in (None, product_id)
        and (one.category_id is None or one.category_id in levels)
    ]
    if not fitting:
        return otherwise

    def place(rule: CommissionRule) -> tuple[tuple[bool, bool, bool], int, int]:
        far = levels[rule.category_id] if rule.category_id else 0
        return rule.rank, -far, -rule.commission_ppm

    return max(fitting, key=place).commission_ppm
