"""Rounding agrees with the General Decimal Arithmetic test cases, where integers can say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from tradepost.kernel.money import RoundingMode, round_ratio

pytestmark = pytest.mark.acceptance

QUANTIZED = {RoundingMode.HALF_UP: 558}
CALCULATED = {
    "rounding.decTest": dict.fromkeys(RoundingMode, 101),
    "multiply.decTest": {RoundingMode.HALF_UP: 231, RoundingMode.HALF_EVEN: 67},
}
"""How many cases there are a mode, so that a reader that overlooks some is noticed."""

WIDEST_EXPONENT = 2_000
"""Beyond it an integer would not fit into memory; money never comes near."""


class Case(NamedTuple):
    """One line of a file: what was asked, and the coefficient and exponent expected."""

    name: str
    operation: str
    left: Fraction
    right: Fraction
    right_exponent: int
    coefficient: int
    exponent: int
    mode: RoundingMode


def test_quantize(reference: Path) -> None:
    wrong, seen = [], Counter[RoundingMode]()
    for case in cases(reference / "quantize.decTest", {"quantize"}):
        assert case.exponent == case.right_exponent, case
        seen[case.mode] += 1
        if rounded(case.left, case) != case.coefficient:
            wrong.append(case)
    assert wrong == []
    assert seen == QUANTIZED


@pytest.mark.parametrize("file", ["rounding.decTest", "multiply.decTest"])
def test_arithmetic(reference: Path, file: str) -> None:
    wrong, seen = [], Counter[RoundingMode]()
    for case in cases(reference / file, {"add", "subtract", "multiply", "divide"}):
        seen[case.mode] += 1
        if rounded(exact(case), case) != case.coefficient:
            wrong.append(case)
    assert wrong == []
    assert seen == CALCULATED[file]


def rounded(value: Fraction, case: Case) -> int:
    scaled = value / Fraction(10) ** case.exponent
    return round_ratio(scaled.numerator, scaled.denominator, case.mode)


def exact(case: Case) -> Fraction:
    match case.operation:
        case "add":
            return case.left + case.right
        case "subtract":
            return case.left - case.right
        case "multiply":
            return case.left * case.right
        case _:
            return case.left / case.right


def cases(path: Path, operations: set[str]) -> Iterator[Case]:
    """The cases with finite numbers and one of our modes."""
    mode = None
    for line in path.read_text().splitlines():
        words = line.split("--")[0].replace("'", "").split()
        if words[:1] == ["rounding:"]:
            mode = RoundingMode(words[1]) if words[1] in list(RoundingMode) else None
        elif mode and len(words) >= 6 and words[4] == "->" and words[1] in operations:
            left, right, result = parts(words[2]), parts(words[3]), parts(words[5])
            if left and right and result:
                yield Case(words[0], words[1], value(left), value(right), right[1], *result, mode)


def parts(text: str) -> tuple[int, int] | None:
    """Coefficient and exponent of a finite number that is not absurdly large or small."""
    try:
        number = Decimal(text).as_tuple()
    except InvalidOperation:
        return None
    if not isinstance(number.exponent, int) or abs(number.exponent) > WIDEST_EXPONENT:
        return None
    coefficient = int("".join(map(str, number.digits)))
    return -coefficient if number.sign else coefficient, number.exponent


def value(number: tuple[int, int]) -> Fraction:
    coefficient, exponent = number
    return coefficient * Fraction(10) ** exponent
