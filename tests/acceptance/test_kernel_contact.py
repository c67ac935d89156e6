"""Mail addresses and telephone numbers of published case tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tradepost.kernel import countries
from tradepost.kernel.contact import CountryCode, Email, Phone
from tradepost.kernel.errors import BadEmail, BadPhone, BadValue

pytestmark = pytest.mark.acceptance

REFUSED_GROUPS = (
    "test_email_valid_only_if_quoted_local_part",
    "test_email_invalid_syntax",
    "test_email_invalid_syntax_strict",
    "test_email_invalid_syntax_display_name",
    "test_email_invalid_reserved_domain",
    "test_email_invalid_character_smtputf8_off",
)


@pytest.fixture(scope="module")
def groups(reference: Path) -> dict[str, list[Any]]:
    """Groups of cases by name."""
    tables = json.loads((reference / "email_syntax_cases.json").read_text())
    return {name: table["cases"] for name, table in tables.items()}


@pytest.mark.parametrize("group", ["test_email_valid", "test_email_valid_intl_local_part"])
def test_good_addresses_come_out_normalised(groups: dict[str, list[Any]], group: str) -> None:
    bare = [(text, out) for text, out in groups[group] if '"' not in text and "<" not in text]
    assert len(bare) >= 6
    assert {text: str(Email.parse(text)) for text, _ in bare} == {
        text: expected["normalized"] for text, expected in bare
    }


@pytest.mark.parametrize("group", REFUSED_GROUPS)
def test_bad_addresses_are_refused(groups: dict[str, list[Any]], group: str) -> None:
    texts = [case if isinstance(case, str) else case[0] for case in groups[group]]
    assert texts
    assert {text: email(text) for text in texts} == dict.fromkeys(texts)


def test_addresses_with_unsafe_characters_are_refused(groups: dict[str, list[Any]]) -> None:
    unsafe = [case[0] for case in groups["test_email_unsafe_character"]] + ["\ud800"]
    texts = [f"{sign}{sign}local@example.com" for sign in unsafe if not sign.isspace()]
    texts += [f"lo{sign}cal@example.com" for sign in unsafe if sign != "\u0300"]
    texts += [f"local@exa{sign}mple.com" for sign in unsafe if sign != "\u0300"]
    assert {text: email(text) for text in texts} == dict.fromkeys(texts)


def test_addresses_are_taken_that_another_validator_has_nothing_to_say_about(
    groups: dict[str, list[Any]],
) -> None:
    cases = groups["test_pyisemail_tests"]
    sound = [text for text, diagnosis in cases if diagnosis == "ISEMAIL_VALID"]
    assert [text for text, _ in cases if email(text)] == sound


def test_numbers_of_every_region_come_out_as_e164(reference: Path) -> None:
    with (reference / "phone_numbers.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    good = [row for row in rows if row["expected"] == "valid"]
    bad = [row for row in rows if row["expected"] == "invalid"]
    assert (len(good), len(bad)) == (970, 245)
    assert [row for row in good if phone(row["national_format"], row) != row["e164"]] == []
    assert [row for row in good if phone(row["e164"], None) != row["e164"]] == []
    assert [row for row in bad if phone(row["national_format"], row) or phone(row["e164"])] == []


def email(text: str) -> str | None:
    return taken(lambda: Email.parse(text), BadEmail)


def phone(text: str, row: dict[str, str] | None = None) -> str | None:
    """The number as stored; regions that are no country of their own are dialled from abroad."""
    if row and row["region"] not in countries.ASSIGNED:
        return phone(row["e164"])
    region = CountryCode(row["region"]) if row else None
    return taken(lambda: Phone.parse(text, region), BadPhone)


def taken(parse: Callable[[], object], refusal: type[BadValue]) -> str | None:
    try:
        return str(parse())
    except refusal:
        return None
