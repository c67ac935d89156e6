"""Settings that are one of a few words."""

from __future__ import annotations

from enum import StrEnum


class Profile(StrEnum):
    """What an installation is for."""

    DEMO = "demo"
    PRODUCTION = "production"


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Addresses(StrEnum):
    """Which addresses may be called that somebody from outside has named."""

    PUBLIC = "public"
    ANY = "any"


class LogFormat(StrEnum):
    """For machines, or for eyes."""

    JSON = "json"
    TEXT = "text"
