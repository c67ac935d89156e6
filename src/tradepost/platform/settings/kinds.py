"""Kinds of settings: how each is read from outside, checked and shown."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from tradepost.platform.settings import parsing
from tradepost.platform.settings.parsing import Parse


def setting(
    group: str,
    about: str,
    parse: Parse,
    default: Any,
    *,
    secret: bool = False,
    holds_password: bool = False,
    example: str = "",
) -> Any:
    """A field that is read from outside; a secret is never shown, nor a password in an address."""
    metadata = {
        "group": group,
        "about": about,
        "parse": parse,
        "secret": secret,
        "holds_password": holds_password,
        "example": example,
    }
    return field(default=default, metadata=metadata, repr=not (secret or holds_password))


def whole(group: str, about: str, bounds: tuple[int, int], default: int) -> Any:
    """A whole number within bounds, both included."""
    return setting(group, about, parsing.whole(*bounds), default)


def secret(about: str) -> Any:
    """What signs or seals: the newest first, older ones are still taken."""
    return setting("Secrets", about, parsing.secrets, (), secret=True)


def port(about: str, default: int) -> Any:
    """Where a door listens; 0 takes a free port."""
    return whole("Doors", about, (0, 65_535), default)


def host(about: str) -> Any:
    """The address that a door listens at."""
    return setting("Doors", about, parsing.host, "127.0.0.1", example="0.0.0.0")  # noqa: S104  an example


def database(about: str, example: str) -> Any:
    """The address of a PostgreSQL, by the role that it names."""
    return setting(
        "Store",
        about,
        parsing.database,
        None,
        holds_password=True,
        example=f"postgresql://{example}",
    )


def portal(about: str, parse: Parse, default: Any, **more: Any) -> Any:
    """What only the portal asks for."""
    return setting("Portal", about, parse, default, **more)


def of_files(about: str, parse: Parse = parsing.text, *, default: Any = None, **told: Any) -> Any:
    """A setting of the file store."""
    return setting("Files", about, parse, default, **told)
