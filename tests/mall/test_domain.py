"""The rules of the mall by themselves: rates, shares, contracts, accounts of banks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from tradepost.kernel.consignment import Contract, Party
from tradepost.kernel.ids import (
    CategoryId,
    CommissionRuleId,
    ProductId,
    VendorId,
)
from tradepost.ledger.domain import Account, Sold, allowance, earner, given_back, sale
from tradepost.mall.domain import BankDetails, CommissionRule, rate_for
from tradepost.mall.domain.payout import check_period
from tradepost.mall.errors import BadIban, PeriodOpen, PeriodPaidOut

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ACME, BOLT = VendorId(UUID(int=1)), VendorId(UUID(int=2))
LAMP, SHOES, BOOTS = ProductId(UUID(int=3)), CategoryId(UUID(int=4)), CategoryId(UUID(int=5))


def _rule(
    ppm: int,
    vendor_id: VendorId | None = None,
    category_id: CategoryId | None = None,
    product_id: ProductId | None = None,
) -> CommissionRule:
    named = (vendor_id, category_id, product_id)
    return CommissionRule.made(CommissionRuleId(UUID(int=ppm)), named, ppm, NOW)


RULES = (
    _rule(1, ACME),
    _rule(2, None, SHOES),
    _rule(3, ACME, SHOES),
    _rule(4, None, None, LAMP),
    _rule(5, BOLT, BOOTS, None),
    _rule(6, ACME, BOOTS),
    _rule(7, None, BOOTS, LAMP),
)


@pytest.mark.parametrize(
    ("named", "levels", "rate"),
    [
        ((1,), {}, 1),
        ((1, 2), {SHOES: 1}, 2),
        ((1, 2, 3), {SHOES: 1}, 3),
        ((1, 2, 3, 4), {SHOES: 1}, 4),
        ((3, 6), {SHOES: 1, BOOTS: 0}, 6),
        ((5,), {BOOTS: 0}, 9),
        ((4, 7), {BOOTS: 0}, 7),
        ((2, 3), {}, 9),
    ],
)
def test_the_most_specific_rule_holds(
    named: tuple[int, ...], levels: dict[CategoryId, int], rate: int
) -> None:
    rules = [one for one in RULES if one.commission_ppm in named]
    assert rate_for(rules, ACME, LAMP, levels, otherwise=9) == rate


@pytest.mark.parametrize("seller", Party)
@pytest.mark.parametrize("discount", Party)
def test_a_sale_and_all_of_it_back_are_nothing_for_everybody(
    seller: Party, discount: Party
) -> None:
    by = earner(Contract(ACME, seller=seller, discount=discount))
    sold = Sold(1000, 200, 80, 256, 100, commission=120)
    net = 1000 + 200 + 80 - 100
    subsidy = 100 if discount is Party.MALL else 0
    back = Sold(net - 280, 280, tax=256, commission=120, subsidy=subsidy)
    for posted in (given_back, allowance):
        sums: dict[str, int] = {}
        for entry in (*sale(sold, by), *posted(back, by)):
            sums[entry.debit] = sums.get(entry.debit, 0) + entry.amount
            sums[entry.credit] = sums.get(entry.credit, 0) - entry.amount
        assert set(sums.values()) == {0}, (posted, sums)


def test_a_vendor_gets_what_is_theirs_less_the_commission() -> None:
    by = earner(Contract(ACME, seller=Party.VENDOR, discount=Party.MALL))
    owed = 0
    for entry in sale(Sold(1000, tax=180, discount=100, commission=150), by):
        owed += entry.amount * ((entry.credit == by.goods) - (entry.debit == by.goods))
    assert owed == 1000 + 180 - 150, "the mall bears the discount, the vendor owes the tax"
    assert by.goods == f"{Account.VENDOR_PAYABLE}:{ACME}"


def test_ibans_are_checked_and_other_numbers_are_not() -> None:
    made = BankDetails.parse("Acme", "gb33 bukb 2020 1555 5555 55", "BUKBGB22", "")
    assert made.account == "GB33BUKB20201555555555"
    assert BankDetails.parse("山田", "1234567", "0005-123", "").account == "1234567"
    with pytest.raises(BadIban):
        BankDetails.parse("Acme", "GB33BUKB20201555555556", "", "")


def test_a_period_is_paid_out_once_and_never_before_it_is_over() -> None:
    first, second = date(2026, 3, 1), date(2026, 3, 2)
    check_period(first, second, None)
    check_period(second, second, first)
    with pytest.raises(PeriodPaidOut):
        check_period(first, second, first)
    with pytest.raises(PeriodOpen):
        check_period(second, first, None)
