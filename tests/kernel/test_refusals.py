"""A refused value says which field, what is wrong, and what to send instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tradepost.kernel.codes import Sku
from tradepost.kernel.contact import CountryCode, Email, Phone
from tradepost.kernel.errors import BadValue, Category, OtherCurrency
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.quantity import Quantity
from tradepost.kernel.text import one_line


@pytest.mark.parametrize(
    ("code", "parse"),
    [
        ("kernel.bad_text", lambda: one_line("", "title")),
        ("kernel.bad_code", lambda: Sku.parse("", "title")),
        ("kernel.bad_amount", lambda: Money.parse("", Currency("GBP"), "title")),
        ("kernel.bad_quantity", lambda: Quantity.of_line(0, field="title")),
        ("kernel.bad_currency", lambda: Currency.parse("", "title")),
        ("kernel.bad_country", lambda: CountryCode.parse("", "title")),
        ("kernel.bad_email", lambda: Email.parse("", "title")),
        ("kernel.bad_phone", lambda: Phone.parse("", field="title")),
    ],
)
def test_every_kind_of_value_has_a_stable_code_and_a_remedy(
    code: str, parse: Callable[[], object]
) -> None:
    with pytest.raises(BadValue) as refused:
        parse()
    assert refused.value.code == code
    assert refused.value.category is Category.INVALID
    assert refused.value.message == f"title: {refused.value.problem}"
    assert refused.value.remedy.startswith(("Send", "Check"))


def test_braces_in_a_field_name_are_told_as_they_are() -> None:
    with pytest.raises(BadValue) as refused:
        one_line("", "attributes.{x}")
    assert refused.value.message == "attributes.{x}: is empty"


def test_a_mix_of_currencies_names_both() -> None:
    with pytest.raises(OtherCurrency) as refused:
        Money(1, Currency("GBP")) + Money(1, Currency("JPY"))
    assert "GBP and JPY" in refused.value.message
    assert refused.value.remedy
