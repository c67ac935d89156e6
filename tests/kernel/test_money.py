"""Money adds up: within a currency, in shares, and between text and minor units."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.kernel.currencies import EXPONENTS
from tradepost.kernel.errors import BadAmount, BadCurrency, BadValue, OtherCurrency
from tradepost.kernel.money import Currency, Money, RoundingMode, cash_rounded, share_out

GBP = Currency("GBP")
JPY = Currency("JPY")
KWD = Currency("KWD")
BIGINT = 2**63 - 1
NO_DECIMALS = ["", " ", "1.234", "1.000", "1e3", "1E3", "0x10", "1,000.00", "1_000", "1.2.3", "£1"]
NO_DECIMALS += [
    "+1",
    "--1",
    "- 1",
    " 1",
    "1 ",
    "1\n",
    ".5",
    "5.",
    ".",
    "-",
    "-.5",
    "NaN",
    "Infinity",
]
NO_DIGITS = ["１２", "٣", "1²", "½", "Ⅷ", "\u22121", "1\u00a0000", "1\x00"]
NO_TEXT = [1.5, 12, True, None, b"12", Decimal("1.5"), ["1"]]

currencies = st.sampled_from(sorted(EXPONENTS)).map(Currency)
amounts = st.integers(-(10**15), 10**15)
weight_lists = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


def test_a_currency_is_one_object_through_copies_and_pickles() -> None:
    assert Currency("GBP") is GBP
    assert copy.deepcopy(GBP) is GBP
    assert pickle.loads(pickle.dumps(GBP)) is GBP
    assert (str(GBP), repr(GBP)) == ("GBP", "Currency('GBP')")


@pytest.mark.parametrize(
    ("code", "exponent", "minor_per_major", "micros_per_minor"),
    [
        ("JPY", 0, 1, 1_000_000),
        ("GBP", 2, 100, 10_000),
        ("KWD", 3, 1_000, 1_000),
        ("CLF", 4, 10_000, 100),
    ],
)
def test_a_currency_knows_its_minor_unit(
    code: str, exponent: int, minor_per_major: int, micros_per_minor: int
) -> None:
    currency = Currency(code)
    assert currency.exponent == exponent
    assert currency.minor_per_major == minor_per_major
    assert currency.micros_per_minor == micros_per_minor


@pytest.mark.parametrize("code", ["", "gbp", "XAU", "XXX", "XTS", "ABC", "GBPX", "£", "ＧＢＰ"])
def test_a_currency_nobody_trades_in_is_refused(code: str) -> None:
    with pytest.raises(BadCurrency):
        Currency(code)


@pytest.mark.parametrize("code", ["", "XAU", "ſek", "GBP ", None, 826, ["GBP"]])
def test_a_code_from_outside_is_refused_by_the_name_of_its_field(code: object) -> None:
    with pytest.raises(BadCurrency) as refused:
        Currency.parse(code, "default_currency")
    assert refused.value.field == "default_currency"


def test_a_code_from_outside_may_be_in_small_letters() -> None:
    assert Currency.parse("gbp") is GBP


def test_a_currency_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        GBP.exponent = 3
    with pytest.raises(AttributeError):
        del GBP.code


@given(currencies, amounts, amounts, st.integers(-1000, 1000))
def test_arithmetic_is_that_of_the_minor_units(
    currency: Currency, left: int, right: int, times: int
) -> None:
    ours, theirs = Money(left, currency), Money(right, currency)
    assert (ours + theirs).amount == left + right
    assert (ours - theirs).amount == left - right
    assert (-ours).amount == -left
    assert abs(ours).amount == abs(left)
    assert (ours * times).amount == (times * ours).amount == left * times
    assert (ours < theirs, ours <= theirs) == (left < right, left <= right)
    assert (ours > theirs, ours >= theirs) == (left > right, left >= right)
    assert (ours == theirs) is (left == right)
    assert Money.total(currency, [ours, theirs, ours]).amount == 2 * left + right


def test_nothing_is_the_total_of_none() -> None:
    assert Money.total(JPY, []) == Money.zero(JPY) == Money(0, JPY)


def test_currencies_do_not_mix() -> None:
    pound, yen = Money(100, GBP), Money(100, JPY)
    assert pound != yen
    for mix in (
        lambda: pound + yen,
        lambda: pound - yen,
        lambda: pound < yen,
        lambda: pound <= yen,
        lambda: pound > yen,
        lambda: pound >= yen,
        lambda: Money.total(JPY, [pound]),
    ):
        with pytest.raises(OtherCurrency) as refused:
            mix()
        assert {refused.value.ours, refused.value.theirs} == {"GBP", "JPY"}


@pytest.mark.parametrize("amount", [1.0, True, "1", None, Decimal(1), BIGINT + 1, -BIGINT - 1])
def test_an_amount_that_no_database_keeps_is_refused(amount: object) -> None:
    with pytest.raises(BadAmount):
        Money(amount, GBP)  # type: ignore[arg-type]


def test_arithmetic_does_not_run_over_what_a_database_keeps() -> None:
    assert Money(BIGINT, GBP).amount == BIGINT
    with pytest.raises(BadAmount):
        Money(BIGINT, GBP) + Money(1, GBP)


def test_money_is_multiplied_by_whole_numbers_only() -> None:
    for factor in (1.5, True, Decimal(2)):
        with pytest.raises(TypeError):
            Money(100, GBP) * factor  # type: ignore[operator]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1234, GBP, "12.34"),
        (-5, GBP, "-0.05"),
        (0, GBP, "0.00"),
        (1234, JPY, "1234"),
        (-7, JPY, "-7"),
        (1234, KWD, "1.234"),
        (12, Currency("CLF"), "0.0012"),
    ],
)
def test_text_has_all_decimals_of_the_currency(amount: int, currency: Currency, text: str) -> None:
    money = Money(amount, currency)
    assert money.decimal_text == text
    assert str(money) == f"{text} {currency.code}"


@given(currencies, st.integers(-BIGINT, BIGINT))
def test_text_and_back_is_the_same_money(currency: Currency, amount: int) -> None:
    money = Money(amount, currency)
    assert Money.parse(money.decimal_text, currency) == money
    assert Decimal(money.decimal_text).scaleb(currency.exponent) == amount


def test_fewer_decimals_than_the_currency_has_are_enough() -> None:
    assert Money.parse("12", GBP) == Money.parse("12.0", GBP) == Money(1200, GBP)
    assert Money.parse("-0", GBP) == Money(0, GBP)


@pytest.mark.parametrize("text", [*NO_DECIMALS, *NO_DIGITS, *NO_TEXT, "9" * 5000, "9" * 19])
def test_text_that_is_no_plain_amount_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(BadValue) as refused:
        Money.parse(text, GBP, "shipping_fee")
    assert refused.value.field == "shipping_fee"
    assert refused.value.code == "kernel.bad_amount"


def test_a_currency_without_decimals_takes_none() -> None:
    with pytest.raises(BadAmount, match="more than 0 decimals"):
        Money.parse("100.0", JPY)


@given(amounts, weight_lists)
def test_shares_add_up_and_are_less_than_one_unit_from_exact(
    amount: int, weights: list[int]
) -> None:
    shares = share_out(amount, weights)
    counted = weights if sum(weights) else [1] * len(weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, counted, strict=True):
        assert abs(share - Fraction(amount * weight, sum(counted))) < 1
        assert weight or share == 0


@given(amounts, weight_lists, st.integers(1, 1000))
def test_shares_depend_on_the_proportion_alone_and_mirror_with_the_sign(
    amount: int, weights: list[int], factor: int
) -> None:
    shares = share_out(amount, weights)
    assert share_out(amount, [weight * factor for weight in weights]) == shares
    assert share_out(-amount, weights) == [-share for share in shares]


@given(amounts, weight_lists)
def test_who_weighs_more_never_gets_less(amount: int, weights: list[int]) -> None:
    shares = share_out(abs(amount), weights)
    by_weight = sorted(zip(weights, shares, strict=True))
    assert [share for _, share in by_weight] == sorted(shares)


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [0, 1, 0], [0, 10, 0]),
        (5, [0, 0], [3, 2]),
        (1, [1, 2, 1], [0, 1, 0]),
        (0, [3, 4], [0, 0]),
        (7, [9], [7]),
    ],
)
def test_equal_fractions_go_to_the_first_in_order(
    amount: int, weights: list[int], shares: list[int]
) -> None:
    assert share_out(amount, weights) == shares
    assert Money(amount, GBP).share(weights) == [Money(share, GBP) for share in shares]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_there_is_no_share_for_nobody_nor_below_zero(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        share_out(1, weights)


@pytest.mark.parametrize(
    ("due", "step", "mode", "paid", "difference"),
    [
        (1002, 5, RoundingMode.HALF_UP, 1000, -2),
        (1003, 5, RoundingMode.HALF_UP, 1005, 2),
        (-1003, 5, RoundingMode.HALF_UP, -1005, -2),
        (1025, 50, RoundingMode.HALF_UP, 1050, 25),
        (1025, 50, RoundingMode.HALF_EVEN, 1000, -25),
        (1049, 50, RoundingMode.DOWN, 1000, -49),
        (1000, 10, RoundingMode.UP, 1000, 0),
    ],
)
def test_cash_is_rounded_to_the_smallest_coin(
    due: int, step: int, mode: RoundingMode, paid: int, difference: int
) -> None:
    assert cash_rounded(Money(due, GBP), step, mode) == (Money(paid, GBP), Money(difference, GBP))


@given(amounts, st.integers(1, 1000), st.sampled_from(RoundingMode))
def test_due_and_difference_are_what_was_paid(due: int, step: int, mode: RoundingMode) -> None:
    paid, difference = cash_rounded(Money(due, GBP), step, mode)
    assert Money(due, GBP) + difference == paid
    assert paid.amount % step == 0
    assert abs(difference.amount) < step
