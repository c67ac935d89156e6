"""How a value of a setting is taken: by the kind that its annotation names, or by a bound on it."""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from tradepost.kernel.contact import CountryCode
from tradepost.kernel.errors import BadCountry
from tradepost.kernel.whole import whole_number
from tradepost.tenancy.errors import BadSetting

Take = Callable[[object, str], Any]
ORIGINS_MAX = 50


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    at_least: int
    at_most: int
    optional: bool = False

    def __call__(self, value: object, name: str) -> int | None:
        if value is None and self.optional:
            return None
        return whole_number(value, name, self.at_least, self.at_most, BadSetting)


def switch(value: object, name: str) -> bool:
    """True or false."""
    if type(value) is not bool:
        raise BadSetting(name, "must be true or false")
    return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the words of an enumeration."""

    kind: type[StrEnum]

    def __call__(self, value: object, name: str) -> StrEnum:
        if not isinstance(value, str) or value not in tuple(self.kind):
            raise BadSetting(name, f"must be one of {', '.join(self.kind)}")
        return self.kind(value)


@dataclass(frozen=True, slots=True)
class Choices:
    """Some of the words of an enumeration, at least one, none twice; kept in its order."""

    kind: type[StrEnum]

    def __call__(self, value: object, name: str) -> tuple[StrEnum, ...]:
        one = Choice(self.kind)
        chosen = [one(item, name) for item in _list(value, name, len(self.kind))]
        if not chosen or len(set(chosen)) < len(chosen):
            raise BadSetting(name, "must be a list of at least one word, none of them twice")
        return tuple(word for word in self.kind if word in chosen)


def country(value: object, name: str) -> str | None:
    """A country by ISO 3166-1, or none."""
    if value is None:
        return None
    try:
        return CountryCode.parse(value, name).code
    except BadCountry as why:
        raise BadSetting(name, why.problem) from why


def origins(value: object, name: str) -> tuple[str, ...]:
    """Exact origins of RFC 6454, such as ``https://shop.example.com``."""
    return tuple(sorted({_origin(item, name) for item in _list(value, name, ORIGINS_MAX)}))


def take_for(hint: Any) -> Take:
    """What takes a value for a field with an annotation."""
    if typing.get_origin(hint) is typing.Annotated:
        take: Take = hint.__metadata__[0]
        return take
    if typing.get_origin(hint) is tuple:
        return Choices(typing.get_args(hint)[0])
    return switch if hint is bool else Choice(hint)


def described(take: Take) -> tuple[str, tuple[Any, ...]]:
    """The kind of a setting in a word, and its bounds or choices."""
    if isinstance(take, Whole):
        return "whole_number", (take.at_least, take.at_most)
    if isinstance(take, Choice | Choices):
        return ("choice" if isinstance(take, Choice) else "choices"), tuple(take.kind)
    kinds: dict[Take, str] = {switch: "switch", country: "country", origins: "origins"}
    return kinds[take], ()


def _list(value: object, name: str, longest: int) -> list[object]:
    if not isinstance(value, list | tuple) or len(value) > longest:
        raise BadSetting(name, f"must be a list of at most {longest}")
    return list(value)


def _origin(value: object, name: str) -> str:
    text = value if isinstance(value, str) and value.isascii() and len(value) <= 300 else ""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    whole = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    if parts.scheme not in ("http", "https") or not host or "*" in host or whole != text:
        raise BadSetting(name, "must be origins such as https://shop.example.com")
    return whole
