"""Addresses, numbers and countries: one stored form for what people write in many."""

from __future__ import annotations

import pytest

from tradepost.kernel.contact import CountryCode, Email, Phone
from tradepost.kernel.errors import BadCountry, BadEmail, BadPhone

GB = CountryCode("GB")
JP = CountryCode("JP")
NO_ADDRESSES = ["", "jo", "@example.com", "jo@", "jo@@example.com", "a b@c.de", '"jo"@example.com']
NO_ADDRESSES += ["Jo <jo@example.com>", "jo@example.com\nBcc: x@example.com", "jo\x00@example.com"]
NO_ADDRESSES += [
    " jo@example.com",
    "jo@example.com\n",
    "j\ufffd@example.com",
    "j\ud800@example.com",
]
NO_ADDRESSES += ["x" * 65 + "@example.com", "x@" + "y" * 600 + ".com"]
NO_SUCH_DOMAINS = ["jo@localhost", "jo@example", "jo@exa_mple.com", "jo@[127.0.0.1]"]
NO_NUMBERS = ["", "+", "12", "+44", "020 7946 0018", "+999 12345678", "+1 201 055 0123", "0" * 300]
NOT_BARE_NUMBERS = ["+44 20 7946 0018 ext. 5", "1-800-FLOWERS", "<+442079460018>", "+44\x0020 79"]


def test_an_address_keeps_its_name_and_lowers_its_domain() -> None:
    email = Email.parse("Jo.Bloggs+Shop@EXAMPLE.Com")
    assert str(email) == "Jo.Bloggs+Shop@example.com"
    assert email.key == "jo.bloggs+shop@example.com"


def test_letter_case_makes_no_second_person_but_another_letter_does() -> None:
    assert Email.parse("Jo@example.com") == Email.parse("jO@EXAMPLE.COM")
    assert len({Email.parse("Jo@example.com"), Email.parse("jo@example.com")}) == 1
    assert Email.parse("strauß@example.com") != Email.parse("strauss@example.com")
    assert Email.parse("jo@example.com") != "jo@example.com"


@pytest.mark.parametrize("text", [*NO_ADDRESSES, *NO_SUCH_DOMAINS, None, 5, b"jo@example.com"])
def test_what_no_mail_reaches_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(BadEmail) as refused:
        Email.parse(text, "customer.email")
    assert refused.value.field == "customer.email"
    assert refused.value.problem


@pytest.mark.parametrize("value", ["", "jo", "x" * 254 + "@example.com"])
def test_a_stored_address_has_the_outline_of_one(value: str) -> None:
    with pytest.raises(BadEmail):
        Email(value)


@pytest.mark.parametrize(
    ("text", "region", "stored"),
    [
        ("+44 20 7946 0018", None, "+442079460018"),
        ("020 7946 0018", GB, "+442079460018"),
        ("(020) 7946-0018", GB, "+442079460018"),
        ("+44 20 7946 0018", JP, "+442079460018"),
        ("０３－３２２４－９９９９", JP, "+81332249999"),
        ("0043 1 53115-0", CountryCode("DE"), "+431531150"),
    ],
)
def test_a_number_is_stored_as_it_is_called_from_abroad(
    text: str, region: CountryCode | None, stored: str
) -> None:
    assert str(Phone.parse(text, region)) == stored


@pytest.mark.parametrize("text", [*NO_NUMBERS, *NOT_BARE_NUMBERS, None, 42])
def test_what_nobody_can_call_is_refused_by_the_name_of_its_field(text: object) -> None:
    for region in (None, CountryCode("ZZ")):
        with pytest.raises(BadPhone) as refused:
            Phone.parse(text, region, "customer.phone")
        assert refused.value.field == "customer.phone"


@pytest.mark.parametrize(
    "value", ["", "+", "442079460018", "+4420x", "+1234", "+" + "1" * 16, "+١٢٣٤٥"]
)
def test_a_stored_number_is_a_plus_and_digits(value: str) -> None:
    with pytest.raises(BadPhone):
        Phone(value)


@pytest.mark.parametrize("code", ["GB", "JP", "XK", "ZZ"])
def test_a_country_is_taken_in_any_letter_case(code: str) -> None:
    assert str(CountryCode.parse(code.lower())) == code
    assert CountryCode.parse(code) == CountryCode(code)


@pytest.mark.parametrize("text", ["", "UK", "EU", "GBR", "XX", "AA", " GB", "ß", "ſe", None, 44])
def test_a_place_that_is_no_country_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(BadCountry) as refused:
        CountryCode.parse(text, "address.country")
    assert refused.value.field == "address.country"


@pytest.mark.parametrize("code", ["gb", "UK", ""])
def test_a_stored_country_is_in_capitals(code: str) -> None:
    with pytest.raises(BadCountry):
        CountryCode(code)
