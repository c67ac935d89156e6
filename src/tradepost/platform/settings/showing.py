"""Settings for eyes: a template to fill in, and what holds now, without any secret."""

from __future__ import annotations

import secrets
import textwrap
from dataclasses import Field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tradepost.platform.settings.checks import AUDIENCES, demo_secret
from tradepost.platform.settings.model import Settings
from tradepost.platform.settings.reading import CONFIG, CONFIG_FILE, FIELDS, FILE_SUFFIX, Loaded

_HEAD = f"""\
# Settings of Tradepost: a file named {CONFIG_FILE} in the working folder, or the one that
# {CONFIG} names. The environment goes before this file. Instead of NAME, NAME{FILE_SUFFIX} may
# name a file that holds the value, as for secrets. What is commented out is the default.
"""


def template(*, with_secrets: bool = False) -> str:
    """A file with every setting, its meaning and its default; fresh secrets if wished."""
    parts = [_HEAD]
    group = ""
    for name, one in FIELDS.items():
        if one.metadata["group"] != group:
            group = one.metadata["group"]
            parts.append(f"\n# ── {group} {'─' * (90 - len(group))}\n")
        about = textwrap.indent(textwrap.fill(one.metadata["about"], 94), "# ")
        if one.metadata["secret"] and with_secrets:
            line = f"{name}={secrets.token_urlsafe(48)}"
        else:
            line = f"#{name}={_text(one.default) or one.metadata['example']}"
        parts.append(f"{about}\n{line}\n")
    return "\n".join(parts)


def shown(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Name, value and source of every setting; a secret only as set, the demo's, or unset."""
    return [
        (name, _visible(one, loaded.settings), loaded.sources.get(one.name, "default"))
        for name, one in FIELDS.items()
    ]


def _visible(one: Field[Any], settings: Settings) -> str:
    value = getattr(settings, one.name)
    if one.metadata["secret"]:
        known = {(demo_secret(name),) for name in AUDIENCES}
        return "the demo's" if value in known else "set" if value else "unset"
    if one.metadata["holds_password"] and value:
        return _without_password(value)
    return _text(value) or "unset"


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{place}"))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return value.value if isinstance(value, StrEnum) else str(value)
