"""What a guest asks for, read from the bare request: enough to find an answer that is kept."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tradepost.platform.web.kept import Key

_PERSONAL = frozenset({b"authorization", b"x-cart-token", b"x-guest-token", b"cookie"})
"""Who sends one of these may be answered otherwise than others are."""
_NO_NAME = b"\x00"
"""Not to be taken for a header without a text, which names nobody."""
_SINGLE = frozenset(
    {b"host", b"x-tenant", b"accept-language", b"origin", b"if-none-match", b"x-request-id"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A guest's read: its key, and what the answer's headers hang on."""

    key: Key
    origin: str
    known: str
    request_id: str
    forwarded: tuple[str, ...]


def asked_in(scope: MutableMapping[str, Any], header_bytes_max: int) -> Asked | None:
    """What is asked for; none unless it is a plain read of a guest."""
    if scope["method"] not in ("GET", "HEAD"):
        return None
    found: dict[bytes, bytes] = {}
    forwarded: list[str] = []
    size = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value) + 4
        if name in _SINGLE:
            if name in found:
                return None
            found[name] = value
        elif name in _PERSONAL:
            return None
        elif name == b"x-forwarded-for":
            forwarded.append(value.decode("latin-1"))
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
    return Asked(
        key,
        found.get(b"origin", b"").decode("latin-1"),
        found.get(b"if-none-match", b"").decode("latin-1"),
        found.get(b"x-request-id", b"").decode("latin-1"),
        tuple(forwarded),
    )


def _ordered(query: bytes) -> bytes:
    """A query in one spelling: by name; what came twice stays in its order."""
    if b"&" not in query and b"%" not in query and b"+" not in query:
        return query
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:  # no text: spelt as it is, and refused by the door
        return query
    return urlencode(sorted(pairs, key=lambda pair: pair[0])).encode()
