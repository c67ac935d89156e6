"""Quantities are whole, in range, of one unit, and a multiple of the step they are sold by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.kernel.errors import BadQuantity
from tradepost.kernel.quantity import LARGEST, PIECES, Quantity, SalesUnit, Unit, quantity_value

in_range = st.integers(-(LARGEST // 2), LARGEST // 2)
NOT_BOUGHT = [0, -1, 10**12 + 1, 10**18, 1.0, 1.5, True, False, "1", None, [1], float("nan")]


@pytest.mark.parametrize("value", NOT_BOUGHT)
def test_what_nobody_buys_is_refused_by_the_name_of_its_field(value: object) -> None:
    for buy in (
        lambda: Quantity.of_line(value, Unit.PIECE, "lines[3].quantity"),
        lambda: PIECES.quantity(value, "lines[3].quantity"),
        lambda: quantity_value(value, "lines[3].quantity"),
    ):
        with pytest.raises(BadQuantity) as refused:
            buy()
        assert refused.value.field == "lines[3].quantity"


@given(st.integers(1, LARGEST))
def test_what_is_in_range_is_taken_as_it_is(value: int) -> None:
    assert quantity_value(value) == value
    assert Quantity.of_line(value) == PIECES.quantity(value) == Quantity(value, Unit.PIECE)


def test_goods_may_leave_or_stay_where_that_is_asked_for() -> None:
    assert quantity_value(0, at_least=0) == 0
    assert quantity_value(-5, at_least=-10) == -5
    assert Quantity(-5).value == -5
    with pytest.raises(BadQuantity):
        quantity_value(-11, at_least=-10)


@pytest.mark.parametrize("value", [LARGEST + 1, -LARGEST - 1, 1.0, True, "1"])
def test_no_quantity_is_out_of_range_or_broken(value: object) -> None:
    with pytest.raises(BadQuantity):
        Quantity(value)  # type: ignore[arg-type]


@given(in_range, in_range, st.sampled_from(Unit))
def test_arithmetic_is_that_of_the_values(left: int, right: int, unit: Unit) -> None:
    ours, theirs = Quantity(left, unit), Quantity(right, unit)
    assert ours + theirs == Quantity(left + right, unit)
    assert ours - theirs == Quantity(left - right, unit)
    assert -ours == Quantity(-left, unit)
    assert (ours < theirs, ours <= theirs) == (left < right, left <= right)
    assert (ours > theirs, ours >= theirs) == (left > right, left >= right)


def test_grams_are_not_pieces() -> None:
    grams, pieces = Quantity(5, Unit.GRAM), Quantity(5)
    assert grams != pieces
    assert (str(grams), str(pieces)) == ("5 gram", "5 piece")
    for mix in (lambda: grams + pieces, lambda: grams - pieces, lambda: grams < pieces):
        with pytest.raises(BadQuantity):
            mix()


def test_goods_are_sold_by_the_step() -> None:
    cheese = SalesUnit(Unit.GRAM, price_per=1000, step=50)
    assert cheese.quantity(350) == Quantity(350, Unit.GRAM)
    for value in (1, 49, 51, 349):
        with pytest.raises(BadQuantity, match="a multiple of 50 gram"):
            cheese.quantity(value)


@pytest.mark.parametrize(("price_per", "step"), [(0, 1), (1, 0), (-1, 1), (1, 1.5), (True, 1)])
def test_a_sales_unit_is_made_of_whole_numbers(price_per: object, step: object) -> None:
    with pytest.raises(BadQuantity):
        SalesUnit(Unit.GRAM, price_per, step)  # type: ignore[arg-type]
