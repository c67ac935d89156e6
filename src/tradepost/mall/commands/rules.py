"""Commission rules: made, rated anew, ended."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.mall import CommissionRuleChanged
from tradepost.kernel.ids import CategoryId, CommissionRuleId, Ids, ProductId, VendorId
from tradepost.kernel.messages import Command, Facts
from tradepost.mall.domain import CommissionRule
from tradepost.mall.errors import NotOfVendor, RuleThere
from tradepost.mall.ports import Catalogue, Rules, Vendors


@dataclass(frozen=True, slots=True)
class MakeRule(Command):
    """Keep ``commission_ppm`` of what fits all that is named."""

    commission_ppm: int
    vendor_id: VendorId | None = None
    category_id: CategoryId | None = None
    product_id: ProductId | None = None


@dataclass(frozen=True, slots=True)
class RateRule(Command):
    """Keep another share from now on."""

    rule_id: CommissionRuleId
    commission_ppm: int
    version: int


@dataclass(frozen=True, slots=True)
class EndRule(Command):
    """Use a rule no longer."""

    rule_id: CommissionRuleId
    version: int


async def make_rule(
    wish: MakeRule, rules: Rules, vendors: Vendors, catalogue: Catalogue, ids: Ids, facts: Facts
) -> CommissionRuleId:
    """Keep a new rule.

    :raises RuleThere: if there is one for the same.
    """
    named = (wish.vendor_id, wish.category_id, wish.product_id)
    rule = CommissionRule.made(CommissionRuleId(ids.new()), named, wish.commission_ppm, wish.at)
    await _check_named(wish, vendors, catalogue)
    for other in await rules.living():
        if (other.vendor_id, other.category_id, other.product_id) == named:
            raise RuleThere(str(other.id))
    rules.add(rule)
    facts.tell(_told(rule), rule.version, wish.at)
    return rule.id


async def _check_named(wish: MakeRule, vendors: Vendors, catalogue: Catalogue) -> None:
    if wish.vendor_id is not None:
        await vendors.get(wish.vendor_id)
    if wish.category_id is not None:
        await catalogue.check_category(wish.category_id)
    if wish.product_id is not None:
        owner = await catalogue.vendor_of(wish.product_id)
        if wish.vendor_id is not None and owner != wish.vendor_id:
            raise NotOfVendor(str(wish.product_id), str(wish.vendor_id))


async def rate_rule(wish: RateRule, rules: Rules, facts: Facts) -> int:
    """Write another rate over the version named."""
    rule = (await rules.get(wish.rule_id)).rated(wish.commission_ppm)
    version = await rules.save(rule, wish.version)
    facts.tell(_told(rule), version, wish.at)
    return version


async def end_rule(wish: EndRule, rules: Rules, facts: Facts) -> int:
    """End it over the version named."""
    rule = (await rules.get(wish.rule_id)).ended(wish.at)
    version = await rules.save(rule, wish.version)
    facts.tell(_told(rule), version, wish.at)
    return version


def _told(rule: CommissionRule) -> CommissionRuleChanged:
    return CommissionRuleChanged(
        rule.id,
        rule.vendor_id,
        rule.category_id,
        rule.product_id,
        rule.commission_ppm,
        rule.ended_at is not None,
    )


HANDLERS = {MakeRule: make_rule, RateRule: rate_rule, EndRule: end_rule}
