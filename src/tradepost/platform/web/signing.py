"""Short signed texts: cursors, cart tokens, order links. Each purpose has a key of its own."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from functools import lru_cache

from tradepost.kernel.ids import TenantId

MAC_BYTES = 16
LENGTH_MAX = 2048
KEYS_KEPT_MAX = 256


class Signer:
    """Seals bytes for one purpose; ``context`` is what must be the same when they come back.

    The first secret seals, all of them are believed.
    """

    def __init__(self, secrets: Sequence[bytes], purpose: str) -> None:
        self._keys = [_key(secret, purpose) for secret in secrets]

    def seal(self, tenant_id: TenantId, context: str, payload: bytes) -> str:
        """The payload with its seal, as base64url text."""
        return _text(_mac(self._keys[0], tenant_id, context, payload) + payload)

    def open(self, tenant_id: TenantId, context: str, text: str) -> bytes | None:
        """The payload; none if it was not sealed for this tenant and context."""
        if len(text) > LENGTH_MAX or not text.isascii():
            return None
        try:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (NotBase64, ValueError):
            return None
        mac, payload = raw[:MAC_BYTES], raw[MAC_BYTES:]
        for key in self._keys:
            if hmac.compare_digest(mac, _mac(key, tenant_id, context, payload)):
                return payload if _text(raw) == text else None
        return None

    def fits(self, tenant_id: TenantId, context: str, text: str) -> bool:
        """Whether a text is the seal of nothing but its tenant and context."""
        return text.isascii() and any(
            hmac.compare_digest(text, _text(_mac(key, tenant_id, context, b"")))
            for key in self._keys
        )


@lru_cache(maxsize=KEYS_KEPT_MAX)
def _key(secret: bytes, purpose: str) -> bytes:
    return hmac.digest(secret, b"tradepost:" + purpose.encode(), hashlib.sha256)


def _mac(key: bytes, tenant_id: TenantId, context: str, payload: bytes) -> bytes:
    whole = tenant_id.bytes + hashlib.sha256(context.encode()).digest() + payload
    return hmac.digest(key, whole, hashlib.sha256)[:MAC_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
