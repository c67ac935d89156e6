"""Why Tradepost says no: one class per reason, told apart by category, silent about HTTP.

A context's ``errors.py`` subclasses one category per reason. The docstring's first paragraph is
the message and may name the fields; the second paragraph says what to do about it. ``{due:money}``
tells minor units of the reason's ``currency`` as people read them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from inspect import cleandoc
from string import Formatter
from typing import Any, ClassVar

from tradepost.kernel.currencies import EXPONENTS


class Category(StrEnum):
    """What kind of no this is; ``platform.web`` alone knows which status that means."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    GONE = "gone"
    CONFLICT = "conflict"
    REFUSED = "refused"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    PRECONDITION_MISSING = "precondition_missing"
    PRECONDITION_FAILED = "precondition_failed"
    UNAVAILABLE = "unavailable"


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
REASONS: dict[str, type[Refusal]] = {}
"""Every reason there is, by its stable code; a stored refusal is told again from here."""


class Refusal(Exception):
    """A wish that was understood and is not granted; nothing has changed."""

    category: ClassVar[Category]
    code: ClassVar[str] = "refused"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "category" in cls.__dict__:
            return
        context = cls.__module__.removeprefix("tradepost.").split(".")[0]
        cls.code = f"{context}.{_CAMEL.sub('_', cls.__name__).lower()}"
        REASONS[cls.code] = cls

    @property
    def message(self) -> str:
        """What was wrong, for the caller, with the facts filled in."""
        return self._filled(sentences(type(self))[0])

    @property
    def remedy(self) -> str:
        """What the caller can do about it; empty when nothing can be done."""
        return self._filled(sentences(type(self))[1])

    def _filled(self, text: str) -> str:
        facts = self.facts()
        return _Filling(facts.get("currency")).vformat(text, (), facts)

    def facts(self) -> dict[str, object]:
        """The fields of the reason by name, as they are shown to the caller."""
        declared: dict[str, object] = getattr(type(self), "__dataclass_fields__", {})
        return {name: getattr(self, name) for name in declared}

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def sentences(reason: type[Refusal]) -> tuple[str, str]:
    """What a reason says and what to do about it, each on one line, the fields not filled in."""
    said, *more = cleandoc(reason.__doc__ or reason.__name__).split("\n\n")
    return " ".join(said.split()), " ".join("".join(more[:1]).split())


class _Filling(Formatter):
    """Fills fields in; those of ``money`` are minor units of one currency."""

    def __init__(self, currency: object) -> None:
        self._currency = currency

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec != "money":
            return str(super().format_field(value, format_spec))
        from tradepost.kernel.whole import decimal_text  # which refuses by reasons from here

        return decimal_text(value, EXPONENTS[str(self._currency)])


class Invalid(Refusal):
    """The input is malformed."""

    category = Category.INVALID


class Unauthenticated(Refusal):
    """Nobody is signed in."""

    category = Category.UNAUTHENTICATED


class Forbidden(Refusal):
    """The person may not do this."""

    category = Category.FORBIDDEN


class NotFound(Refusal):
    """There is no such thing, or it is somebody else's."""

    category = Category.NOT_FOUND


class Gone(Refusal):
    """It was there, and will not be again."""

    category = Category.GONE


class Conflict(Refusal):
    """The state of things has moved on."""

    category = Category.CONFLICT


class Refused(Refusal):
    """A rule of the trade forbids it."""

    category = Category.REFUSED


class TooMany(Refusal):
    """Asked too often; ``retry_after_s`` tells when to come back."""

    category = Category.TOO_MANY


class TooLarge(Refusal):
    """More than a named limit allows."""

    category = Category.TOO_LARGE


class PreconditionMissing(Refusal):
    """The version that the change is based on must be named."""

    category = Category.PRECONDITION_MISSING


class PreconditionFailed(Refusal):
    """The version that the change is based on is no longer current."""

    category = Category.PRECONDITION_FAILED


class Unavailable(Refusal):
    """Not now; ``retry_after_s`` tells when to come back."""

    category = Category.UNAVAILABLE


@dataclass(eq=False)
class Stale(Conflict):
    """The {what} has changed since version {version}; it is now at version {current}.

    Load it again, look at what changed, and repeat the change on the current version.
    """

    what: str
    version: int
    current: int


@dataclass(eq=False)
class Unknown(NotFound):
    """There is no {what} {id}.

    Check the identifier and the shop that the request names.
    """

    what: str
    id: str


@dataclass(eq=False)
class BadValue(Invalid):
    """{field}: {problem}

    Send a value of the documented form.
    """

    field: str
    problem: str


@dataclass(eq=False)
class MayNot(Forbidden):
    """This needs the permission {permission}.

    Ask an administrator of the shop to grant it to one of your roles.
    """

    permission: str


@dataclass(eq=False)
class BadText(BadValue):
    """{field}: {problem}

    Send text that people can read, within the length of the field.
    """


@dataclass(eq=False)
class BadCode(BadValue):
    """{field}: {problem}

    Check the code against its source and send it as it is written there.
    """


@dataclass(eq=False)
class BadAmount(BadValue):
    """{field}: {problem}

    Send amounts as the documentation shows: whole minor units or decimal text, never a float.
    """


@dataclass(eq=False)
class BadQuantity(BadValue):
    """{field}: {problem}

    Send a whole number of the smallest unit in which the article is sold.
    """


@dataclass(eq=False)
class BadCurrency(BadValue):
    """{field}: {problem}

    Send three letters such as EUR, GBP or JPY.
    """


@dataclass(eq=False)
class BadCountry(BadValue):
    """{field}: {problem}

    Send two letters such as DE, GB or JP, or ZZ for a place without a code.
    """


@dataclass(eq=False)
class BadEmail(BadValue):
    """{field}: {problem}

    Send an address of the form name@example.com.
    """


@dataclass(eq=False)
class BadPhone(BadValue):
    """{field}: {problem}

    Send the number with its country code, such as +44 20 7946 0018.
    """


@dataclass(eq=False)
class OtherCurrency(Invalid):
    """Amounts in {ours} and {theirs} cannot be added or compared.

    Use the currency of the document for all of its amounts.
    """

    ours: str
    theirs: str
