"""How documents add up: laws that hold for all lines, and cases counted by hand."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.kernel.money import Currency, Rate, RoundingLevel, RoundingMode, RoundingPolicy
from tradepost.kernel.money import UnitPrice as Price
from tradepost.kernel.quantity import PIECES, SalesUnit, Unit
from tradepost.pricing.domain import AppliedRate, PricedLine, TaxLine, Totals, line_amount, totals

RATES = [None, *(AppliedRate(f"{ppm}", Rate(ppm)) for ppm in (0, 55_000, 80_000, 88_750, 200_000))]
VAT = AppliedRate("VAT", Rate(200_000))
SALES = AppliedRate("sales", Rate(88_750))

amounts = st.integers(-(10**12), 10**12)
lines = st.lists(
    st.builds(TaxLine, amounts, st.sampled_from(RATES), st.integers(1, 10**6)), max_size=30
)
policies = st.builds(
    RoundingPolicy, st.sampled_from(list(RoundingLevel)), st.sampled_from(list(RoundingMode))
)


def exact(line: TaxLine, included: bool) -> tuple[int, int]:
    """The tax as numerator and denominator."""
    ppm = line.rate.rate.ppm if line.rate else 0
    return line.amount * ppm, 1_000_000 + (ppm if included else 0)


@given(lines, policies, st.booleans())
def test_lines_rates_and_document_add_up(
    given_lines: list[TaxLine], policy: RoundingPolicy, included: bool
) -> None:
    whole = totals(given_lines, policy, prices_include_tax=included)
    assert len(whole.lines) == len(given_lines)
    by_rate: dict[AppliedRate | None, list[PricedLine]] = defaultdict(list)
    for line, one in zip(given_lines, whole.lines, strict=True):
        assert one.net + one.tax == one.gross
        assert line.amount == (one.gross if included else one.net)
        assert one.rate == line.rate and (one.rate or one.tax == 0)
        by_rate[one.rate].append(one)
    assert list(by_rate) == [one.rate for one in whole.rates]
    for total in whole.rates:
        group = by_rate[total.rate]
        assert total.net == sum(one.net for one in group)
        assert total.tax == sum(one.tax for one in group)
        assert total.gross == total.net + total.tax == sum(one.gross for one in group)
    assert whole.net == sum(one.net for one in whole.rates)
    assert whole.gross == whole.net + whole.tax == sum(one.gross for one in whole.lines)


@given(lines, policies, st.booleans())
def test_no_tax_is_further_from_the_exact_than_the_level_allows(
    given_lines: list[TaxLine], policy: RoundingPolicy, included: bool
) -> None:
    whole = totals(given_lines, policy, prices_include_tax=included)
    for line, one in zip(given_lines, whole.lines, strict=True):
        top, base = exact(line, included)
        allowed = line.units if policy.level is RoundingLevel.UNIT else 1
        assert abs(one.tax * base - top) <= allowed * base
        if line.amount and policy.level is not RoundingLevel.RATE:
            assert one.tax * line.amount >= 0, "tax has the sign of what it is on"
    if policy.level is RoundingLevel.RATE:
        for total in whole.rates:
            group = [one for one in given_lines if one.rate == total.rate]
            top = sum(exact(one, included)[0] for one in group)
            base = exact(group[0], included)[1]
            nearest = policy.mode in (RoundingMode.HALF_UP, RoundingMode.HALF_EVEN)
            assert abs(total.tax * base - top) * (2 if nearest else 1) <= base


@given(lines, policies, st.booleans())
def test_a_document_turned_round_is_its_negative(
    given_lines: list[TaxLine], policy: RoundingPolicy, included: bool
) -> None:
    there = totals(given_lines, policy, prices_include_tax=included)
    back = totals(
        [TaxLine(-one.amount, one.rate, one.units) for one in given_lines],
        policy,
        prices_include_tax=included,
    )
    assert (back.net, back.tax, back.gross) == (-there.net, -there.tax, -there.gross)


@given(lines, st.sampled_from(list(RoundingMode)), st.booleans(), st.randoms())
def test_the_order_of_lines_does_not_change_what_is_charged(
    given_lines: list[TaxLine], mode: RoundingMode, included: bool, chance: object
) -> None:
    for level in RoundingLevel:
        shuffled = list(given_lines)
        chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random
        one = totals(given_lines, RoundingPolicy(level, mode), prices_include_tax=included)
        two = totals(shuffled, RoundingPolicy(level, mode), prices_include_tax=included)
        assert (one.net, one.tax, one.gross) == (two.net, two.tax, two.gross)


def taxes(whole: Totals) -> list[int]:
    return [one.tax for one in whole.lines]


@pytest.mark.parametrize(
    ("level", "line_taxes"),
    [
        # Three pens of 0.99 and one of 1.49 at 8.875 %: exactly 26.35875 and 13.22375 cents.
        (RoundingLevel.UNIT, [27, 13]),  # 8.78625 a pen is 9, three times
        (RoundingLevel.LINE, [26, 13]),
        (RoundingLevel.RATE, [27, 13]),  # 39.58 together is 40; the larger fraction takes the rest
    ],
)
def test_each_level_rounds_where_it_says(level: RoundingLevel, line_taxes: list[int]) -> None:
    pens = [TaxLine(297, SALES, 3), TaxLine(149, SALES)]
    whole = totals(pens, RoundingPolicy(level), prices_include_tax=False)
    assert taxes(whole) == line_taxes
    assert whole.gross == 446 + sum(line_taxes)


def test_one_rate_per_document_as_receipts_in_japan_have_it() -> None:
    reduced, standard = AppliedRate("8 %", Rate(80_000)), AppliedRate("10 %", Rate(100_000))
    basket = [TaxLine(108, reduced), TaxLine(216, reduced), TaxLine(333, standard)]
    policy = RoundingPolicy(RoundingLevel.RATE, RoundingMode.DOWN)
    whole = totals(basket, policy, prices_include_tax=True)
    assert [(one.rate, one.gross, one.tax) for one in whole.rates] == [
        (reduced, 324, 24),
        (standard, 333, 30),  # 30.27 is cut
    ]


def test_a_shop_without_tax_has_one_row_of_nothing() -> None:
    whole = totals([TaxLine(5), TaxLine(7)], RoundingPolicy(), prices_include_tax=True)
    assert (whole.net, whole.tax, whole.gross) == (12, 0, 12)
    assert [(one.rate, one.gross) for one in whole.rates] == [(None, 12)]
    assert totals([], RoundingPolicy(), prices_include_tax=True) == Totals((), (), 0, 0, 0)


def test_units_that_a_discount_left_unequal_bear_tax_each() -> None:
    whole = totals(
        [TaxLine(2, VAT, 3)], RoundingPolicy(RoundingLevel.UNIT), prices_include_tax=True
    )
    assert taxes(whole) == [0]


@pytest.mark.parametrize("code", ["JPY", "GBP", "KWD"])
def test_line_amounts_are_rounded_once_at_their_level(code: str) -> None:
    currency = Currency(code)
    step = currency.micros_per_minor
    price = Price(2 * step + step * 6 // 10, currency)  # 2.6 minor units
    line, unit = RoundingPolicy(RoundingLevel.LINE), RoundingPolicy(RoundingLevel.UNIT)
    assert line_amount(price, 7, PIECES, line) == 18
    assert line_amount(price, 7, PIECES, unit) == 21
    kilo = SalesUnit(Unit.GRAM, 1_000, 50)
    assert line_amount(price, 1_250, kilo, unit) == line_amount(price, 1_250, kilo, line) == 3
    assert line_amount(price, 2_000, kilo, unit) == 6
