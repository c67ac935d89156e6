"""Codes: what shops, makers and other systems call things by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from unicodedata import category, combining, normalize

from tradepost.kernel.errors import BadCode
from tradepost.kernel.text import one_line

_SLUG_SIGNS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def folded(text: str) -> str:
    """The form in which text that differs by letter case only is the same."""
    return text.lower() if text.isascii() else normalize("NFC", text.casefold())


def sku_text(text: object, field: str = "sku", longest: int = 64) -> str:
    """Trimmed text of a SKU, for paths that work on plain strings.

    :raises BadCode: if it is empty, too long, or holds what cannot be seen.
    """
    code = one_line(text, field, longest, refusal=BadCode)
    if not code.isprintable() and any(category(sign) == "Cf" for sign in code):
        raise BadCode(field, "holds characters that cannot be seen")
    return code


@dataclass(frozen=True, slots=True, eq=False)
class Sku:
    """A shop's own code of a variant; two that differ by letter case only are equal.

    :raises BadCode: unless it is 1 to 64 visible characters.
    """

    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", sku_text(self.value))

    @classmethod
    def parse(cls, text: object, field: str = "sku") -> Sku:
        """The SKU of a text, refused by the name of the field."""
        return cls(sku_text(text, field))

    @property
    def key(self) -> str:
        """What makes it unique: the code with letter case folded."""
        return folded(self.value)

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Sku) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class ExternalCode:
    """The code by which another system knows a record; kept exactly, letter case too.

    :raises BadCode: unless it is 1 to 128 visible characters.
    """

    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", sku_text(self.value, "external_code", 128))

    @classmethod
    def parse(cls, text: object, field: str = "external_code") -> ExternalCode:
        """The code of a text, refused by the name of the field."""
        return cls(sku_text(text, field, 128))

    def __str__(self) -> str:
        return self.value


def slug_text(text: object, field: str, longest: int) -> str:
    """Text that is a slug already: a-z, 0-9 and single hyphens inside.

    :raises BadCode: naming the field.
    """
    if not isinstance(text, str) or not text:
        raise BadCode(field, "must be text of at least one character")
    if len(text) > longest:
        raise BadCode(field, f"is longer than {longest} characters")
    if not _SLUG_SIGNS.issuperset(text) or "--" in text or "-" in (text[0], text[-1]):
        raise BadCode(field, "must be a-z, 0-9 and single hyphens between them")
    return text


@dataclass(frozen=True, slots=True)
class Code:
    """The code of a tenant, store or location; fit to be a part of a host name (RFC 1035).

    :raises BadCode: unless it is 1 to 63 of a-z, 0-9 and single hyphens between them.
    """

    value: str

    def __post_init__(self) -> None:
        slug_text(self.value, "code", 63)

    @classmethod
    def parse(cls, text: object, field: str = "code") -> Code:
        """The code of a text, refused by the name of the field."""
        return cls(slug_text(text, field, 63))

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Slug:
    """The part of a web address that names a product or category.

    :raises BadCode: unless it is 1 to 120 of a-z, 0-9 and single hyphens between them.
    """

    value: str

    def __post_init__(self) -> None:
        slug_text(self.value, "slug", 120)

    @classmethod
    def parse(cls, text: object, field: str = "slug") -> Slug:
        """The slug of a text, refused by the name of the field."""
        return cls(slug_text(text, field, 120))

    @classmethod
    def from_title(cls, title: str) -> Slug | None:
        """A slug that reads like the title; none for a title without Latin letters or digits."""
        bare = (sign for sign in normalize("NFKD", title.casefold()) if not combining(sign))
        words = "".join(sign if sign in _SLUG_SIGNS else "-" for sign in bare).split("-")
        text = "-".join(word for word in words if word)[:120].rstrip("-")
        return cls(text) if text else None

    def __str__(self) -> str:
        return self.value


def gtin_text(text: object, field: str = "barcode") -> str:
    """The digits of a GTIN, leading zeros kept, for paths that work on plain strings.

    :raises BadCode: naming the field.
    """
    digits = text.strip() if isinstance(text, str) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) in (8, 12, 13, 14)):
        raise BadCode(field, "must be the 8, 12, 13 or 14 digits of a GTIN")
    # GS1 General Specifications 7.9: from the right, digits weigh 1 and 3 in turn.
    if (sum(map(int, digits[-1::-2])) + 3 * sum(map(int, digits[-2::-2]))) % 10:
        raise BadCode(field, "has a wrong check digit")
    return digits


@dataclass(frozen=True, slots=True, eq=False)
class Gtin:
    """A GS1 article number (EAN, UPC); one written with more leading zeros is equal.

    :raises BadCode: unless it is 8, 12, 13 or 14 digits of which the last one checks the others.
    """

    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", gtin_text(self.value))

    @classmethod
    def parse(cls, text: object, field: str = "barcode") -> Gtin:
        """The GTIN of a text, refused by the name of the field."""
        return cls(gtin_text(text, field))

    @property
    def key(self) -> str:
        """What makes it unique: all 14 digits, since scanners drop and add leading zeros."""
        return self.value.zfill(14)

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Gtin) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.value
