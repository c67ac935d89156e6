"""Parts of a product that are values: pictures and options, with the limits of each."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from tradepost.catalog.errors import BadImage, NamedTwice, TooManyParts
from tradepost.kernel.codes import folded
from tradepost.kernel.text import one_line

TITLE_LONGEST: Final = 255
DESCRIPTION_LONGEST: Final = 20_000
DESCRIPTION_TOLD_LONGEST: Final = 2_000
"""How much of a description facts carry: they are kept for ever."""
IMAGES_A_PRODUCT_MAX: Final = 250
OPTIONS_A_PRODUCT_MAX: Final = 3
VALUES_AN_OPTION_MAX: Final = 500
OPTION_LONGEST: Final = 255
VARIANTS_A_PRODUCT_MAX: Final = 2_048
CATEGORIES_A_PRODUCT_MAX: Final = 100
LOCATIONS_A_PRODUCT_MAX: Final = 1_000
URL_LONGEST: Final = 2_048
ALT_LONGEST: Final = 512


class FulfillmentType(StrEnum):
    """How a variant reaches the one who bought it."""

    PHYSICAL = "physical"
    """Goods from stock."""
    DIGITAL = "digital"
    """A file to download."""
    PREPARED = "prepared"
    """Made when ordered, in a kitchen."""
    SERVICE = "service"
    """Work or a charge; no stock."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture by its address, and what it shows for those who cannot see it."""

    url: str
    alt: str = ""

    def checked(self, field: str) -> Image:
        """The same, cleaned; :class:`BadImage` if the address is none."""
        url = one_line(self.url, field, URL_LONGEST, refusal=BadImage)
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError as why:
            raise BadImage(field, "is no address") from why
        if parts.scheme not in ("http", "https") or not host or " " in url:
            raise BadImage(field, "is no http or https address")
        return Image(url, one_line(self.alt, f"{field}.alt", ALT_LONGEST, shortest=0))


@dataclass(frozen=True, slots=True)
class Option:
    """Something that variants differ in, and the values to choose from: Size, (S, M, L)."""

    name: str
    values: tuple[str, ...]

    def checked(self, field: str) -> Option:
        """The same, cleaned; refused if a value is named twice."""
        at_most("option", "values", VALUES_AN_OPTION_MAX, self.values)
        name = one_line(self.name, f"{field}.name", OPTION_LONGEST)
        values = tuple(one_line(one, f"{field}.values", OPTION_LONGEST) for one in self.values)
        once(f"The option {name}", (folded(one) for one in values))
        return Option(name, values)


def at_most(whole: str, parts: str, limit: int, given: Sequence[object]) -> None:
    """Refuse more than a limit with :class:`TooManyParts`."""
    if len(given) > limit:
        raise TooManyParts(whole, parts, limit, len(given))


def once(what: str, names: Iterable[Hashable]) -> None:
    """Refuse a name that comes twice with :class:`NamedTwice`."""
    seen: set[Hashable] = set()
    for name in names:
        if name in seen:
            raise NamedTwice(what, str(name))
        seen.add(name)
