"""Prices finer than a penny, rates finer than a percent: every remainder is accounted for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.kernel.currencies import EXPONENTS
from tradepost.kernel.errors import BadAmount, BadQuantity
from tradepost.kernel.money import (
    Currency,
    Money,
    Rate,
    RoundingMode,
    UnitPrice,
    line_minor_units,
    round_ratio,
    tax_included,
    tax_on,
)
from tradepost.kernel.quantity import Quantity, SalesUnit, Unit

GBP = Currency("GBP")
JPY = Currency("JPY")
KWD = Currency("KWD")
HALF_UP = RoundingMode.HALF_UP
BY_THE_KILOGRAM = SalesUnit(Unit.GRAM, price_per=1000)

currencies = st.sampled_from(sorted(EXPONENTS)).map(Currency)
micros = st.integers(0, 10**12)
quantities = st.integers(1, 10**6)
modes = st.sampled_from(RoundingMode)
rates = st.integers(0, 10_000_000).map(Rate)


@pytest.mark.parametrize(
    ("text", "currency", "expected", "shown"),
    [
        ("0.001", GBP, 1_000, "0.001"),
        ("12.99", GBP, 12_990_000, "12.99"),
        ("12", GBP, 12_000_000, "12.00"),
        ("0.123456", GBP, 123_456, "0.123456"),
        ("38970.00", GBP, 38_970_000_000, "38970.00"),
        ("100", JPY, 100_000_000, "100"),
        ("1.5", JPY, 1_500_000, "1.5"),
        ("1.5", KWD, 1_500_000, "1.500"),
        ("0", GBP, 0, "0.00"),
    ],
)
def test_a_price_is_read_to_six_decimals_and_shown_with_those_that_matter(
    text: str, currency: Currency, expected: int, shown: str
) -> None:
    price = UnitPrice.parse(text, currency)
    assert price.micros == expected
    assert price.decimal_text == shown
    assert str(price) == f"{shown} {currency.code}"


@given(currencies, st.integers(0, 2**63 - 1))
def test_a_price_survives_its_text(currency: Currency, price_micros: int) -> None:
    price = UnitPrice(price_micros, currency)
    assert UnitPrice.parse(price.decimal_text, currency) == price


@pytest.mark.parametrize("text", ["-0.01", "0.0000001", "1e3", "NaN", "", "9" * 20, 0.5, 1, None])
def test_a_price_that_is_none_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(BadAmount) as refused:
        UnitPrice.parse(text, GBP, "compare_at_amount")
    assert refused.value.field == "compare_at_amount"


@pytest.mark.parametrize("price_micros", [-1, 1.0, True, 2**63, "1"])
def test_a_price_is_a_whole_number_of_micros_from_zero(price_micros: object) -> None:
    with pytest.raises(BadAmount):
        UnitPrice(price_micros, GBP)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("price", "quantity", "sales_unit", "amount", "remainder_micros"),
    [
        ("0.001", 1, SalesUnit(), 0, 1_000),
        ("0.001", 5, SalesUnit(), 1, -5_000),
        ("0.001", 15, SalesUnit(), 2, -5_000),
        ("2.55", 6, SalesUnit(), 1530, 0),
        ("12.99", 345, BY_THE_KILOGRAM, 448, 1_550),
        ("1.00", 1, SalesUnit(Unit.MINUTE, 60), 2, -3_333),
    ],
)
def test_a_line_is_rounded_once_and_its_remainder_is_kept(
    price: str, quantity: int, sales_unit: SalesUnit, amount: int, remainder_micros: int
) -> None:
    unit_price, bought = UnitPrice.parse(price, GBP), Quantity(quantity, sales_unit.unit)
    booked = unit_price.line_amount(bought, HALF_UP, sales_unit)
    assert booked == Money(amount, GBP)
    assert unit_price.line_remainder_micros(bought, booked, sales_unit) == remainder_micros


@given(currencies, micros, quantities, modes)
def test_booked_and_remainder_are_exactly_price_times_quantity(
    currency: Currency, price_micros: int, count: int, mode: RoundingMode
) -> None:
    price, quantity = UnitPrice(price_micros, currency), Quantity(count)
    booked = price.line_amount(quantity, mode)
    remainder = price.line_remainder_micros(quantity, booked)
    assert booked.amount * currency.micros_per_minor + remainder == price_micros * count
    assert abs(remainder) < currency.micros_per_minor
    assert booked.amount == line_minor_units(price_micros, count, currency, mode)


@given(micros, quantities, modes, st.integers(1, 10_000))
def test_weighed_goods_are_rounded_from_the_exact_product(
    price_micros: int, count: int, mode: RoundingMode, price_per: int
) -> None:
    sales_unit = SalesUnit(Unit.GRAM, price_per)
    price, quantity = UnitPrice(price_micros, GBP), Quantity(count, Unit.GRAM)
    booked = price.line_amount(quantity, mode, sales_unit)
    exact = Fraction(price_micros * count, price_per * GBP.micros_per_minor)
    assert booked.amount == round_ratio(exact.numerator, exact.denominator, mode)
    rest = price.line_remainder_micros(quantity, booked, sales_unit)
    assert abs(rest - (exact - booked.amount) * GBP.micros_per_minor) < 1


@given(currencies, st.integers(0, 10**12))
def test_money_made_a_price_buys_one_for_the_same_money(currency: Currency, amount: int) -> None:
    money = Money(amount, currency)
    price = UnitPrice.from_money(money)
    assert price.rounded(HALF_UP) == money
    assert price.line_amount(Quantity(1), HALF_UP) == money


def test_a_price_a_kilogram_does_not_buy_pieces() -> None:
    price = UnitPrice.parse("12.99", GBP)
    with pytest.raises(BadQuantity):
        price.line_amount(Quantity(345, Unit.GRAM), HALF_UP)
    with pytest.raises(BadQuantity):
        price.line_amount(Quantity(3), HALF_UP, BY_THE_KILOGRAM)
    with pytest.raises(BadQuantity):
        price.line_remainder_micros(Quantity(3), Money(0, GBP), BY_THE_KILOGRAM)


@pytest.mark.parametrize(
    ("percent", "ppm"),
    [("20", 200_000), ("5.5", 55_000), ("8.875", 88_750), ("0", 0), ("0.0001", 1), ("100", 10**6)],
)
def test_a_rate_is_read_from_percent_and_shown_so(percent: str, ppm: int) -> None:
    rate = Rate.parse(percent)
    assert rate.ppm == ppm
    assert rate.percent_text == percent
    assert str(rate) == f"{percent} %"


@given(rates)
def test_a_rate_survives_its_text(rate: Rate) -> None:
    assert Rate.parse(rate.percent_text) == rate


@pytest.mark.parametrize("text", ["-1", "1000.0001", "8.87501", "20 %", "0,5", "1e1", "", 20, 0.2])
def test_a_rate_that_is_none_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(BadAmount) as refused:
        Rate.parse(text, "commission_rate")
    assert refused.value.field == "commission_rate"


@pytest.mark.parametrize("ppm", [-1, 10_000_001, 0.2, True])
def test_a_rate_is_a_whole_number_of_millionths(ppm: object) -> None:
    with pytest.raises(BadAmount):
        Rate(ppm)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gross", "percent", "mode", "tax"),
    [
        (1200, "20", HALF_UP, 200),
        (1000, "10", HALF_UP, 91),
        (1080, "8", HALF_UP, 80),
        (999, "19", HALF_UP, 160),
        (-999, "19", HALF_UP, -160),
        (3, "100", RoundingMode.HALF_UP, 2),
        (3, "100", RoundingMode.DOWN, 1),
        (333, "10", RoundingMode.DOWN, 30),
        (500, "0", HALF_UP, 0),
    ],
)
def test_tax_inside_of_a_price(gross: int, percent: str, mode: RoundingMode, tax: int) -> None:
    assert tax_included(gross, Rate.parse(percent), mode) == tax


@pytest.mark.parametrize(
    ("net", "percent", "mode", "tax"),
    [
        (1000, "20", HALF_UP, 200),
        (999, "8.875", HALF_UP, 89),
        (50, "5", HALF_UP, 3),
        (50, "5", RoundingMode.HALF_EVEN, 2),
        (-50, "5", HALF_UP, -3),
        (1, "0.0001", RoundingMode.UP, 1),
    ],
)
def test_tax_on_top_of_a_price(net: int, percent: str, mode: RoundingMode, tax: int) -> None:
    assert tax_on(net, Rate.parse(percent), mode) == tax


@given(st.integers(-(10**12), 10**12), rates, modes)
def test_tax_is_the_same_for_a_refund_as_for_a_sale(
    amount: int, rate: Rate, mode: RoundingMode
) -> None:
    assert tax_on(-amount, rate, mode) == -tax_on(amount, rate, mode)
    assert tax_included(-amount, rate, mode) == -tax_included(amount, rate, mode)


@given(st.integers(0, 10**12), rates)
def test_tax_added_is_found_again_inside(net: int, rate: Rate) -> None:
    tax = tax_on(net, rate, HALF_UP)
    assert abs(tax_included(net + tax, rate, HALF_UP) - tax) <= 1
    assert 0 <= tax_included(net, rate, HALF_UP) <= net
