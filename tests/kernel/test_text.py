"""Text: all that people write is kept, what no text holds is refused."""

from __future__ import annotations

from unicodedata import category, is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.kernel.errors import BadText
from tradepost.kernel.text import many_lines, one_line

written = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=60)
anything = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    "text",
    [
        "WHITE HANGING HEART T-LIGHT HOLDER",
        "£10 gift voucher",
        "こむぎ [ふ類] 油ふ",
        "ＦＵＬＬ　ｗｉｄｔｈ ﾊﾝｶｸ",
        "أهلا بالعالم",
        "می‌خواهم",
        "👩‍👩‍👧 family ❤️ 🇯🇵",
        "\U0001fae9 newer than this Python",
        "Robert'); DROP TABLE Students;--",
        "<script>alert(1)</script>",
        "{field} %s ${x} {{x}}",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
        "soft\u00adhyphen",
        "private \uf8ff use",
        "null",
    ],
)
def test_what_people_write_is_kept(text: str) -> None:
    assert one_line(text, "title") == text
    assert many_lines(text, "title") == text


def test_text_is_trimmed_and_composed() -> None:
    assert one_line(" \u3000Cafe\u0301\u00a0", "title") == "Café"
    assert many_lines("\n Cafe\u0301\r\nnoir\rchaud\t\n", "notes") == "Café\nnoir\nchaud"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x85", "\ud800", "\udfff"])
@pytest.mark.parametrize("take", [one_line, many_lines])
def test_what_no_text_holds_is_refused(take: object, sign: str) -> None:
    assert callable(take)
    with pytest.raises(BadText) as refused:
        take(f"a{sign}b", "note")
    assert refused.value.field == "note"
    assert f"U+{ord(sign):04X}" in refused.value.message
    refused.value.message.encode()


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ufdd0", "\U0001ffff", "\U0010fffe"])
def test_code_points_that_are_no_characters_are_refused(sign: str) -> None:
    with pytest.raises(BadText):
        one_line(f"a{sign}b", "title")


@pytest.mark.parametrize("sign", ["\n", "\r", "\t", "\x0b", "\u2028", "\u2029"])
def test_one_line_is_one_line(sign: str) -> None:
    with pytest.raises(BadText):
        one_line(f"a{sign}b", "title")


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "\u200b", "\ufeff \u2060", "\n"])
def test_a_line_shows_something(text: str) -> None:
    with pytest.raises(BadText):
        one_line(text, "title")
    with pytest.raises(BadText):
        many_lines(text, "reason", shortest=1)


def test_text_may_be_optional() -> None:
    assert one_line("  ", "note", shortest=0) == ""
    assert many_lines("", "notes") == ""


def test_lengths_are_counted_after_trimming_and_composing() -> None:
    assert one_line("  " + "e\u0301" * 10 + "  ", "title", longest=10) == "é" * 10
    for text in ("x" * 11, "x" * 10_000_000):
        with pytest.raises(BadText, match="longer than 10"):
            one_line(text, "title", longest=10)
    with pytest.raises(BadText, match="shorter than 8"):
        one_line("secret", "password", shortest=8)


@pytest.mark.parametrize("value", [None, 5, b"text", ["text"], 1.5])
def test_only_text_is_text(value: object) -> None:
    for take in (one_line, many_lines):
        with pytest.raises(BadText, match="must be text"):
            take(value, "title")


@given(written)
def test_any_assigned_character_may_be_written(text: str) -> None:
    taken = one_line("a" + text + "z", "title")
    assert is_normalized("NFC", taken)
    assert (taken[0], taken[-1]) == ("a", "z") or not text.isascii()


@given(anything)
def test_what_is_taken_is_taken_again_unchanged_and_can_be_stored(text: str) -> None:
    for take in (one_line, many_lines):
        try:
            taken = take(text, "title")
        except BadText as refused:
            assert refused.field == "title"
            continue
        assert take(taken, "title") == taken
        assert not [sign for sign in taken.encode().decode() if category(sign) == "Cs"]
        assert not [s for s in taken if category(s) == "Cc" and s not in "\n\t"]
