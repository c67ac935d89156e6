"""Reasons tell amounts as people read them: 2.95 GBP, never 295."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from tests import stores
from tradepost.kernel.errors import REASONS, sentences
from tradepost.ordering.errors import NotPaid

assert stores.TABLES  # with the tables, every context's reasons are loaded
REASONS_BY_CODE: dict[str, Any] = dict(REASONS)
KINDS = {
    code: {field.name: field.type for field in fields(reason)}
    for code, reason in REASONS_BY_CODE.items()
    if is_dataclass(reason)
}
IN_MONEY = {
    code: [name for name, kind in kinds.items() if kind == "int" and name != "number"]
    for code, kinds in KINDS.items()
    if "currency" in kinds
}


@pytest.mark.parametrize(
    ("due", "currency", "said"),
    [
        (295, "GBP", "2.95 GBP"),
        (295, "JPY", "295 JPY"),
        (5, "KWD", "0.005 KWD"),
        (0, "EUR", "0.00 EUR"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(due: int, currency: str, said: str) -> None:
    assert NotPaid(1001, due, currency).message == f"Order 1001 still owes {said}."


def test_reasons_with_a_currency_tell_all_their_amounts_so() -> None:
    assert len(IN_MONEY) >= 8
    for code, names in IN_MONEY.items():
        told = " ".join(sentences(REASONS[code]))
        for name in names:
            assert f"{{{name}}}" not in told, f"{code} tells {name} in minor units"
