"""What a guest asks for, read from the bare request: enough to find an answer that is kept."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from tradepost.platform.web.gathering import HAS_BODY
from tradepost.platform.web.kept import Key

_PERSONAL = frozenset({b"authorization", b"x-cart-token", b"x-guest-token", b"cookie"})
"""Who sends one of these may be answered otherwise than others are."""
_NOT_PLAIN = _PERSONAL | HAS_BODY
"""Nor may others wait for an answer that is made once a body has come."""
_NO_NAME = b"\x00"
"""Not to be taken for a header without a text, which names nobody."""


class Asked(NamedTuple):
    """A guest's read: its key, and what the answer's headers hang on."""

    key: Key
    headers: dict[bytes, bytes]

    def text(self, name: bytes) -> str:
        """A header's text; empty without it."""
        return self.headers.get(name, b"").decode("latin-1")


def asked_in(scope: MutableMapping[str, Any], header_bytes_max: int) -> Asked | None:
    """What is asked for; none unless it is a plain read of a guest, each header sent once."""
    if scope["method"] not in ("GET", "HEAD"):
        return None
    found: dict[bytes, bytes] = dict(scope["headers"])
    if len(found) != len(scope["headers"]) or not _NOT_PLAIN.isdisjoint(found):
        return None
    size = sum(map(len, found)) + sum(map(len, found.values())) + 4 * len(found)
    if size > header_bytes_max:
        return None
    path = scope.get("raw_path") or scope["path"].encode()
    key = (
        found.get(b"host", b""),
        found.get(b"x-tenant", _NO_NAME),
        path,
        _ordered(scope.get("query_string", b"")),
        found.get(b"accept-language", b"").lower(),
    )
    return Asked(key, found)


def _ordered(query: bytes) -> bytes:
    """A query in one spelling: by name; what came twice stays in its order."""
    if b"&" not in query and b"%" not in query and b"+" not in query:
        return query
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:  # no text: spelt as it is, and refused by the door
        return query
    return urlencode(sorted(pairs, key=lambda pair: pair[0])).encode()
