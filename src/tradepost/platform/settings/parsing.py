"""Texts of settings as values; each parser says what is wrong without repeating the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Parse = Callable[[str], Any]
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?|::|::1")
_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}


def text(given: str) -> str:
    """The text as it is."""
    return given


def whole(least: int, most: int) -> Parse:
    """A whole number between two, both allowed."""

    def parse(given: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", given) or not least <= int(given) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(given)

    return parse


def flag(given: str) -> bool:
    """Yes or no, in the usual spellings."""
    if given.lower() not in _YES | _NO:
        raise ValueError("must be yes or no")
    return given.lower() in _YES


def choice(kind: type[StrEnum]) -> Parse:
    """One of a few words."""

    def parse(given: str) -> StrEnum:
        try:
            return kind(given.lower())
        except ValueError:
            raise ValueError(f"must be one of {', '.join(kind)}") from None

    return parse


def folder(given: str) -> Path:
    """A folder, which need not be there yet."""
    path = Path(given).expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError("must be a folder, and is a file")
    return path


def bucket(given: str) -> str:
    """The name of a bucket, as S3 allows it."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", given):
        raise ValueError("must be 3 to 63 small letters, digits, points and hyphens")
    return given


def host(given: str) -> str:
    """A name or an address to listen on."""
    if not _HOST.fullmatch(given):
        raise ValueError("must be a host name or an address, such as 127.0.0.1 or ::")
    return given


def names(given: str) -> tuple[str, ...]:
    """Several names, with commas or blanks between them."""
    return tuple(part.lower() for part in re.split(r"[,\s]+", given) if part)


def ports(given: str) -> tuple[int, ...]:
    """Several ports, with commas or blanks between them."""
    parse = whole(1, 65_535)
    return tuple(parse(part) for part in re.split(r"[,\s]+", given) if part)


def cells(given: str) -> tuple[str, ...]:
    """Names with addresses: ``name=https://…``, with blanks between them."""
    found: dict[str, str] = {}
    for part in given.split():
        name, _, address = part.partition("=")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", name) or name in found:
            raise ValueError("must name each cell once: name=https://host:port")
        found[name] = str(url("https", "http")(address)).rstrip("/")
    return tuple(map("=".join, found.items()))


def secrets(given: str) -> tuple[str, ...]:
    """Secrets with commas or blanks between them: the first signs, all are believed."""
    return tuple(part for part in re.split(r"[,\s]+", given) if part)


def url(*schemes: str) -> Parse:
    """An address with one of these schemes and a host."""

    def parse(given: str) -> str:
        try:
            parts = urlsplit(given)
            named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        except ValueError:
            named = False
        if not named or parts.scheme not in schemes:
            raise ValueError(f"must be an address that begins with {schemes[0]}://")
        return given

    return parse


def database(given: str) -> str:
    """An address of a PostgreSQL database: with a user, and with the name of the database."""
    url("postgresql", "postgres")(given)
    parts = urlsplit(given)
    if not parts.username or len(parts.path) < 2:
        raise ValueError("must name user, host and database: postgresql://user@host/database")
    return given
