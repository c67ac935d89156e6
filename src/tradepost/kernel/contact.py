"""How people are reached: mail addresses, telephone numbers, countries.

``parse`` takes what people write and checks all of it. The constructors take the stored form and
check only its outline, because rows are read far more often than they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tradepost.kernel.countries import KNOWN
from tradepost.kernel.errors import BadCountry, BadEmail, BadPhone

_LONGEST_EMAIL: Final = 254
_LONGEST_PHONE: Final = 40
_PHONE_SIGNS: Final = frozenset(
    " +-()./\u3000\u00a0\u2010\u2011\u2013\u2212\uff08\uff09\uff0b\uff0d"
)


@dataclass(frozen=True, slots=True)
class CountryCode:
    """A country by ISO 3166-1 alpha-2; ``XK`` is Kosovo, ``ZZ`` a place without a code.

    :raises BadCountry: if nobody has assigned the code.
    """

    code: str

    def __post_init__(self) -> None:
        if self.code not in KNOWN:
            raise BadCountry("country", "is no ISO 3166-1 code of two capital letters")

    @classmethod
    def parse(cls, text: object, field: str = "country") -> CountryCode:
        """The country of a code in any letter case, refused by the name of the field."""
        code = text.upper() if isinstance(text, str) and text.isascii() else ""
        if code not in KNOWN:
            raise BadCountry(field, "is no ISO 3166-1 code of two letters")
        return cls(code)

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, eq=False)
class Email:
    """A mail address with its domain in lower case; equal whatever its letter case.

    :raises BadEmail: if it cannot be an address.
    """

    value: str

    def __post_init__(self) -> None:
        if "@" not in self.value or len(self.value) > _LONGEST_EMAIL:
            raise BadEmail("email", "is no mail address")

    @classmethod
    def parse(cls, text: object, field: str = "email") -> Email:
        """The address that a text is, by the syntax of RFC 5321 and 6531; nobody is asked.

        Refused though the syntax knows them: quoted names, numeric hosts, domains for tests.
        """
        from email_validator import EmailNotValidError, validate_email

        if not isinstance(text, str):
            raise BadEmail(field, "must be text")
        if len(text) > 2 * _LONGEST_EMAIL:
            raise BadEmail(field, "is too long")
        if "\ufffd" in text:
            raise BadEmail(field, "was damaged on its way: it holds U+FFFD")
        try:
            found = validate_email(text, check_deliverability=False, strict=True)
        except EmailNotValidError as why:
            raise BadEmail(field, str(why)) from why
        return cls(found.normalized)

    @property
    def key(self) -> str:
        """What makes it unique: the address in lower case.

        Not folded further, where straße and strasse are one: those are two people's addresses.
        """
        return self.value.lower()

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Email) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number in the form of E.164: ``+442079460018``.

    :raises BadPhone: unless it is a plus and 5 to 15 digits.
    """

    value: str

    def __post_init__(self) -> None:
        digits = self.value[1:]
        if not (
            self.value[:1] == "+"
            and digits.isascii()
            and digits.isdigit()
            and 5 <= len(digits) <= 15
        ):
            raise BadPhone("phone", "must be a plus and 5 to 15 digits")

    @classmethod
    def parse(cls, text: object, region: CountryCode | None = None, field: str = "phone") -> Phone:
        """The number that a text means; without a country code it is one of the region's."""
        import phonenumbers as numbers

        if not isinstance(text, str):
            raise BadPhone(field, "must be text")
        written = text.strip()
        if len(written) > _LONGEST_PHONE:
            raise BadPhone(field, f"is longer than {_LONGEST_PHONE} characters")
        if not all(sign.isdecimal() or sign in _PHONE_SIGNS for sign in written):
            raise BadPhone(field, "holds more than digits, blanks and the signs +-()./")
        try:
            number = numbers.parse(written, region.code if region else None)
        except numbers.NumberParseException as why:
            raise BadPhone(field, "is no number that can be called") from why
        if not numbers.is_valid_number(number):
            raise BadPhone(field, "is no number that its country has given out")
        return cls(numbers.format_number(number, numbers.PhoneNumberFormat.E164))

    def __str__(self) -> str:
        return self.value
