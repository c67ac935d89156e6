"""Codes keep what their makers wrote and know which spellings are one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from tradepost.kernel.codes import Code, ExternalCode, Gtin, Sku, Slug
from tradepost.kernel.errors import BadCode

WRONG_DIGITS = ["4006381333932", "400638133393", "４００６３８１３３３９３１", "0" * 1000]
printable = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=16)


@pytest.mark.parametrize(
    "text", ["85123A", "BANK CHARGES", "gift_0001_10", "ＡＢ-1", "部品/7", "🧀"]
)
def test_a_sku_is_kept_as_it_is_written(text: str) -> None:
    assert str(Sku.parse(f"  {text} ")) == text


def test_skus_that_differ_by_letter_case_only_are_one() -> None:
    assert Sku("15056BL") == Sku("15056bl")
    assert {Sku("15056BL"), Sku("15056bl"), Sku("15056P")} == {Sku("15056bl"), Sku("15056p")}
    assert Sku("15056BL").value != Sku("15056bl").value
    assert Sku("STRAẞE").key == Sku("strasse").key
    assert Sku("ΐ").key == Sku("ΐ".upper()).key
    assert Sku("A") != "A"


@given(printable)
def test_a_key_is_the_same_for_every_letter_case(text: str) -> None:
    sku = Sku(text)
    assert Sku(sku.key).key == sku.key
    assert Sku(text.casefold()).key == sku.key
    assert hash(Sku(text)) == hash(sku)


@pytest.mark.parametrize(
    "text", ["", " ", "A\x00B", "A\nB", "A\tB", "A\u200bB", "\u202eA", "A" * 65, "\ud800", 5, None]
)
def test_a_sku_nobody_could_type_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(BadCode) as refused:
        Sku.parse(text, "variants[0].sku")
    assert refused.value.field == "variants[0].sku"


def test_external_codes_keep_their_letter_case() -> None:
    assert ExternalCode.parse(" 17850 ") == ExternalCode("17850")
    assert ExternalCode("a") != ExternalCode("A")
    with pytest.raises(BadCode, match="longer than 128"):
        ExternalCode.parse("x" * 129)


@pytest.mark.parametrize("make", [Code.parse, Slug.parse])
@pytest.mark.parametrize("text", ["a", "7", "main-shop", "shop-2", "a" * 63])
def test_codes_and_slugs_are_small_latin_letters(make: Callable[..., object], text: str) -> None:
    assert str(make(text)) == text


@pytest.mark.parametrize("make", [Code.parse, Slug.parse])
@pytest.mark.parametrize(
    "text",
    ["", "A", "a b", "a_b", "a.b", "-a", "a-", "a--b", "é", "店", "a\n", "a/b", "a" * 121, None, 7],
)
def test_other_codes_and_slugs_are_refused(make: Callable[..., object], text: object) -> None:
    with pytest.raises(BadCode) as refused:
        make(text, "place")
    assert refused.value.field == "place"


def test_a_code_fits_into_a_host_name() -> None:
    with pytest.raises(BadCode, match="longer than 63"):
        Code("a" * 64)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("White Hanging Heart", "white-hanging-heart"),
        ("  Crème brûlée (2 × 90 g)!", "creme-brulee-2-90-g"),
        ("Straße", "strasse"),
        ("ＡＢＣ １２", "abc-12"),
        ("x" * 119 + " y", "x" * 119),
    ],
)
def test_a_slug_reads_like_its_title(title: str, slug: str) -> None:
    assert Slug.from_title(title) == Slug(slug)


def test_a_title_without_latin_letters_has_no_slug() -> None:
    assert Slug.from_title("油ふ") is None


@given(st.text(max_size=40))
def test_a_slug_made_of_a_title_is_a_slug(title: str) -> None:
    slug = Slug.from_title(title)
    assert slug is None or Slug.parse(slug.value) == slug


@pytest.mark.parametrize("text", ["73513537", "036000291452", "4006381333931", "98412345678908"])
def test_a_gtin_of_each_length_is_taken(text: str) -> None:
    assert Gtin.parse(f" {text}\n").value == text


def test_a_gtin_is_one_with_and_without_leading_zeros() -> None:
    assert Gtin("036000291452") == Gtin("0036000291452")
    assert len({Gtin("036000291452"), Gtin("0036000291452"), Gtin("00036000291452")}) == 1
    assert str(Gtin("0036000291452")) == "0036000291452"
    assert Gtin("036000291452").key == "00036000291452"
    assert Gtin("73513537") != "73513537"


@given(st.sampled_from([7, 11, 12, 13]), st.integers(0, 10**13 - 1), st.integers(0, 9))
def test_check_digits_are_those_of_another_implementation(
    length: int, number: int, digit: int
) -> None:
    text = f"{number % 10**length:0{length}}{digit}"
    try:
        taken = Gtin.parse(text).value
    except BadCode as refused:
        assert "check digit" in refused.problem
        taken = None
    assert taken == (text if ean.is_valid(text) else None)


@pytest.mark.parametrize(
    "text",
    [*WRONG_DIGITS, "", "123", "4006381-333931", "+735135370000", "7351353x", 73513537, None],
)
def test_what_no_scanner_reads_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(BadCode) as refused:
        Gtin.parse(text, "variants[0].barcode")
    assert refused.value.field == "variants[0].barcode"
