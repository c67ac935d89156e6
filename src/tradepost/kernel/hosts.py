"""Host names in the one form in which they are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from tradepost.kernel.errors import BadValue

_LONGEST_HOST: Final = 253
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_PORT: Final = re.compile(r"(?<=[^:]):[0-9]{1,5}$")


@dataclass(eq=False)
class BadHost(BadValue):
    """{field}: {problem}

    Send one host name, such as shop.example.com.
    """


def host_name(text: object, field: str = "host") -> str:
    """A host in lower case and punycode, without its port and without a dot at the end.

    :raises BadHost: if it is no host name (RFC 1035, RFC 5891) and no address.
    """
    if not isinstance(text, str):
        raise BadHost(field, "must be text")
    if len(text) > 2 * _LONGEST_HOST:
        raise BadHost(field, "is too long")
    return _host_name(text, field)


@lru_cache(maxsize=10_000)
def _host_name(text: str, field: str) -> str:
    bare = text.lower()
    if is_address(bare):
        return bare
    bare = _PORT.sub("", bare)
    if is_address(bare):
        return bare
    bare = bare.removesuffix(".")
    if not bare.isascii():
        bare = _punycode(bare, field)
    if len(bare) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, bare.split("."))):
        raise BadHost(field, "is no host name")
    return bare


@lru_cache(maxsize=10_000)
def is_address(host: str) -> bool:
    """Whether a host is an IP address: plain, or of version 6 in brackets."""
    try:
        ip_address(host[1:-1] if host[:1] == "[" and host[-1:] == "]" else host)
    except ValueError:
        return False
    return True


def _punycode(host: str, field: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as why:
        raise BadHost(field, "is no host name") from why
