"""The big list of naughty strings, through every value that is made of text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tradepost.kernel.codes import Code, ExternalCode, Gtin, Sku, Slug
from tradepost.kernel.contact import CountryCode, Email, Phone
from tradepost.kernel.errors import BadValue
from tradepost.kernel.money import Currency, Money, Rate, UnitPrice
from tradepost.kernel.quantity import Quantity
from tradepost.kernel.text import many_lines, one_line

pytestmark = pytest.mark.acceptance

GBP = Currency("GBP")
PARSERS: dict[str, Callable[[object], object]] = {
    "one_line": lambda text: one_line(text, "it"),
    "many_lines": lambda text: many_lines(text, "it"),
    "sku": lambda text: Sku.parse(text, "it"),
    "external_code": lambda text: ExternalCode.parse(text, "it"),
    "code": lambda text: Code.parse(text, "it"),
    "slug": lambda text: Slug.parse(text, "it"),
    "gtin": lambda text: Gtin.parse(text, "it"),
    "email": lambda text: Email.parse(text, "it"),
    "phone": lambda text: Phone.parse(text, CountryCode("GB"), "it"),
    "country": lambda text: CountryCode.parse(text, "it"),
    "currency": lambda text: Currency.parse(text, "it"),
    "amount": lambda text: Money.parse(text, GBP, "it").decimal_text,
    "price": lambda text: UnitPrice.parse(text, GBP, "it").decimal_text,
    "rate": lambda text: Rate.parse(text, "it").percent_text,
}


@pytest.fixture(scope="module")
def naughty(reference: Path) -> list[str]:
    """The strings, the empty one first."""
    strings: list[str] = json.loads((reference / "blns.json").read_text())
    assert len(strings) == 485
    return strings


@pytest.mark.parametrize("kind", PARSERS)
def test_a_string_is_taken_for_good_or_refused_with_a_reason(naughty: list[str], kind: str) -> None:
    parse = PARSERS[kind]
    for text in naughty:
        try:
            taken = str(parse(text))
        except BadValue as refused:
            assert refused.field == "it"
            assert refused.message.startswith("it: ")
            assert refused.remedy
            refused.message.encode()
            continue
        assert str(parse(taken)) == taken
        taken.encode()


def test_titles_take_all_that_can_be_read_on_a_line(naughty: list[str]) -> None:
    refused = [text for text in naughty if not is_taken("one_line", text)]
    blank = [text for text in refused if not text.strip("\u200b\u180e\ufeff \u1680\u3000")]
    control = [text for text in refused if "\x1b" in text or "\x08" in text]
    assert (len(blank), len(control), len(refused)) == (7, 3, 10)


def test_descriptions_take_all_but_control_characters(naughty: list[str]) -> None:
    refused = [text for text in naughty if not is_taken("many_lines", text)]
    assert len(refused) == 3
    assert all("\x1b" in text or "\x08" in text for text in refused)


def test_no_string_is_a_quantity(naughty: list[str]) -> None:
    for text in naughty:
        with pytest.raises(BadValue):
            Quantity.of_line(text)


def is_taken(kind: str, text: str) -> bool:
    try:
        PARSERS[kind](text)
    except BadValue:
        return False
    return True
