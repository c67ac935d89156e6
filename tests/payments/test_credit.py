"""Credit notes share amounts and tax so that all splits in any order come to the whole."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderLineId
from tradepost.payments.domain.credit import Creditable, Part, PartKind
from tradepost.payments.errors import CreditAboveSale


def _line(number: int, amount: int, tax: int) -> Part:
    line_id = OrderLineId(UUID(int=number))
    return Part(line_id, PartKind.GOODS, f"line {number}", amount, tax)


@st.composite
def sales(draw: st.DrawFn) -> list[Part]:
    """Lines with tax inside, perhaps shipping."""
    lines = []
    for number in range(1, draw(st.integers(2, 7))):
        amount = draw(st.integers(0, 5_000))
        lines.append(_line(number, amount, draw(st.integers(0, amount))))
    amount = draw(st.integers(0, 900))
    lines.append(Part(None, PartKind.SHIPPING, "shipping", amount, draw(st.integers(0, amount))))
    return lines


def _totals(parts: Iterable[Part]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for part in parts:
        amount, tax = sums.get(part.name, (0, 0))
        sums[part.name] = (amount + part.amount, tax + part.tax)
    return {name: pair for name, pair in sums.items() if pair != (0, 0)}


steps = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 100)), max_size=9)
"""Which line is credited (9: all of them), and how much of it in percent."""


@given(sales(), steps)
def test_all_of_it_in_any_split_and_order_is_what_was_sold(
    sold: list[Part], wanted: list[tuple[int, int]]
) -> None:
    rest = Creditable(sold)
    credited: list[Part] = []
    for which, percent in wanted:
        parts = _some(rest, sold, credited, which, percent)
        credited += parts
        rest = rest.without(parts)
    credited += rest.by_amount(rest.left)
    assert _totals(credited) == _totals(sold)


def _some(
    rest: Creditable, sold: list[Part], credited: list[Part], which: int, percent: int
) -> tuple[Part, ...]:
    """A share of one line or of all, checked to be fair to a penny of tax."""
    gone = _totals(credited)
    part = sold[which] if which < len(sold) else None
    if part and part.order_line_id:
        amount = (part.amount - gone.get(part.name, (0, 0))[0]) * percent // 100
        return rest.by_lines([(part.order_line_id, amount)]) if amount else ()
    amount = rest.left * percent // 100
    parts = rest.by_amount(amount)
    assert sum(one.amount for one in parts) == amount
    whole = {one.name: one for one in sold}
    for one in parts:
        fair = whole[one.name].tax * one.amount
        assert abs(one.tax * whole[one.name].amount - fair) < whole[one.name].amount
    return parts


@given(sales(), st.integers(-4, 4), st.lists(st.integers(1, 100), max_size=5))
def test_a_rounding_goes_back_with_the_last_penny(
    sold: list[Part], rounding: int, percents: list[int]
) -> None:
    sold = [*sold, Part(None, PartKind.ROUNDING, "rounding", rounding, 0)]
    assume(sum(part.amount for part in sold) > 0)
    rest = Creditable(sold)
    credited: list[Part] = []
    for percent in [*percents, 100]:
        parts = rest.by_amount(rest.left * percent // 100)
        credited += parts
        rest = rest.without(parts)
    assert _totals(credited) == _totals(sold)


def test_more_than_is_left_is_refused() -> None:
    rest = Creditable([_line(1, 100, 20), _line(2, 50, 0)], [_line(1, 60, 12)])
    one, two, three = (OrderLineId(UUID(int=number)) for number in (1, 2, 3))
    for wanted in ([(one, 41)], [(one, 0)], [(one, -1)], [(two, 1), (two, 1)]):
        with pytest.raises(CreditAboveSale):
            rest.by_lines(wanted)
    with pytest.raises(Unknown):
        rest.by_lines([(three, None)])
    with pytest.raises(CreditAboveSale):
        rest.by_amount(91)
    assert [(part.amount, part.tax) for part in rest.by_lines([(one, None)])] == [(40, 8)]


def test_a_return_gives_its_share_of_what_a_concession_left() -> None:
    rest = Creditable([_line(1, 100, 20)], [_line(1, 60, 12)])
    back = rest.given_back([_line(1, 30, 6), _line(1, 30, 6), _line(9, 5, 1)])
    assert [(part.amount, part.tax) for part in back] == [(12, 2), (12, 2), (5, 1)]
    last = rest.without(back).given_back([_line(1, 40, 8)])
    assert [(part.amount, part.tax, part.worth) for part in last] == [(16, 4, 40)]


def test_units_too_cheap_to_give_anything_back_still_count() -> None:
    rest = Creditable([_line(1, 10, 0)], [_line(1, 9, 0)])
    given: list[Part] = []
    for _ in range(10):
        given += rest.given_back([_line(1, 1, 0)])
        rest = rest.without(given[-1:])
    assert [part.amount for part in given] == [0] * 9 + [1]
