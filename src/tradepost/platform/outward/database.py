"""The address of a database that a tenant brings along: fields only, never a connection string."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tradepost.kernel.errors import BadValue
from tradepost.kernel.hosts import BadHost, host_name, is_address
from tradepost.kernel.text import one_line
from tradepost.platform.outward.addresses import is_odd_number

NAME_LENGTH_MAX: Final = 63
PASSWORD_LENGTH_MAX: Final = 1000
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]*")


class Tls(StrEnum):
    """How the line to a database is kept from others."""

    VERIFY = "verify"
    """Encrypted, the server's certificate and name checked against the public authorities."""
    REQUIRE = "require"
    """Encrypted, the certificate not checked: whoever stands in between can read."""
    OFF = "off"
    """As plain text, for a network of one's own."""


@dataclass(eq=False)
class BadDatabase(BadValue):
    """{field}: {problem}

    Send host, port, name and user of a PostgreSQL database each by itself; no connection string.
    """


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Where a database is, and as whom to sign in."""

    host: str
    port: int
    name: str
    user: str
    tls: Tls

    @classmethod
    def parse(cls, host: str, port: int, name: str, user: str, tls: str) -> DatabaseAddress:
        """What somebody sent, in the one form that is kept; whether it may be called is the
        cell's to say.

        :raises BadDatabase: naming the first field that cannot be what it should be.
        """
        if not 1 <= port <= 65_535:
            raise BadDatabase("port", "must be a number from 1 to 65535")
        if tls not in list(Tls):
            raise BadDatabase("tls", f"must be one of {', '.join(Tls)}")
        return cls(_host(host), port, _name(name, "name"), _name(user, "user"), Tls(tls))


def checked_password(text: str) -> str:
    """A password in the form in which it is sealed; it is never told again.

    :raises BadDatabase: if it is empty, too long, or holds what cannot be typed.
    """
    if not text or len(text) > PASSWORD_LENGTH_MAX or not text.isprintable():
        raise BadDatabase("password", "must be text that can be typed, and not empty")
    return text


def _host(text: str) -> str:
    bare = text.strip()
    try:
        host = host_name(bare, "host")
    except BadHost as bad:
        raise BadDatabase("host", bad.problem) from None
    if is_address(host):
        return host.strip("[]")
    if is_odd_number(host) or ":" in bare:
        raise BadDatabase("host", "is no host name such as db.example.com, and no address")
    return host


def _name(text: str, field: str) -> str:
    taken = one_line(text, field, NAME_LENGTH_MAX, refusal=BadDatabase)
    if not _NAME.fullmatch(taken):
        raise BadDatabase(field, "may hold letters, digits, _, - and $, and begins with a letter")
    return taken
