"""Rounding agrees with the decimal module and is the same for debts as for claims."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.kernel.money import RoundingLevel, RoundingMode, RoundingPolicy, round_ratio

DECIMAL_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
    RoundingMode.UP: ROUND_UP,
}
modes = st.sampled_from(RoundingMode)
numerators = st.integers(-(10**18), 10**18)
denominators = st.integers(1, 10**9)


@pytest.mark.parametrize(
    ("tenths", "half_up", "half_even", "down", "up"),
    [
        (0, 0, 0, 0, 0),
        (1, 0, 0, 0, 1),
        (5, 1, 0, 0, 1),
        (9, 1, 1, 0, 1),
        (10, 1, 1, 1, 1),
        (14, 1, 1, 1, 2),
        (15, 2, 2, 1, 2),
        (25, 3, 2, 2, 3),
        (26, 3, 3, 2, 3),
    ],
)
def test_each_mode_sends_a_fraction_its_way(
    tenths: int, half_up: int, half_even: int, down: int, up: int
) -> None:
    expected = dict(zip(RoundingMode, (half_up, half_even, down, up), strict=True))
    assert {mode: round_ratio(tenths, 10, mode) for mode in RoundingMode} == expected
    assert {mode: -round_ratio(-tenths, 10, mode) for mode in RoundingMode} == expected


@given(numerators, st.integers(0, 9), modes)
def test_powers_of_ten_round_as_decimal_arithmetic_does(
    numerator: int, places: int, mode: RoundingMode
) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(numerator).scaleb(-places)
        expected = int(exact.quantize(Decimal(1), rounding=DECIMAL_MODES[mode]))
    assert round_ratio(numerator, 10**places, mode) == expected


@given(numerators, denominators, modes)
def test_the_result_is_less_than_one_away_and_the_nearest_modes_at_most_half(
    numerator: int, denominator: int, mode: RoundingMode
) -> None:
    off = abs(round_ratio(numerator, denominator, mode) * denominator - numerator)
    assert off < denominator
    if mode in (RoundingMode.HALF_UP, RoundingMode.HALF_EVEN):
        assert 2 * off <= denominator


@given(numerators, denominators, modes)
def test_signs_cancel(numerator: int, denominator: int, mode: RoundingMode) -> None:
    rounded = round_ratio(numerator, denominator, mode)
    assert round_ratio(-numerator, -denominator, mode) == rounded
    assert round_ratio(-numerator, denominator, mode) == -rounded
    assert round_ratio(numerator, -denominator, mode) == -rounded


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        round_ratio(1, 0, RoundingMode.DOWN)


def test_a_policy_rounds_half_up_by_the_line_unless_told_otherwise() -> None:
    assert RoundingPolicy() == RoundingPolicy(RoundingLevel.LINE, RoundingMode.HALF_UP)
