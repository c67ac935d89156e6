"""Call-backs are signed: HMAC-SHA-256 of the raw body (RFC 2104), compared in constant time."""

from __future__ import annotations

import hmac
from hashlib import sha256

import msgspec

from tradepost.payments.domain.call import GatewayEvent
from tradepost.payments.errors import BadCallback, BadSignature

PREFIX = "sha256="
BODY_BYTES_MAX = 64 * 1024


def signature_of(body: bytes, secret: bytes) -> str:
    """The signature of a body: ``sha256=`` and 64 hexadecimal digits."""
    return PREFIX + hmac.new(secret, body, sha256).hexdigest()


def signed_event(gateway: str, body: bytes, signature: str, secret: bytes) -> GatewayEvent:
    """The event in a signed body.

    :raises BadSignature: if the secret's owner did not sign exactly these bytes.
    :raises BadCallback: if the body is no event of this gateway.
    """
    given = signature.encode("ascii", "replace")
    if not hmac.compare_digest(signature_of(body, secret).encode(), given):
        raise BadSignature(gateway)
    if len(body) > BODY_BYTES_MAX:
        raise BadCallback(f"it is longer than {BODY_BYTES_MAX} bytes")
    try:
        event = msgspec.json.decode(body, type=GatewayEvent)
    except (msgspec.DecodeError, ValueError) as error:
        raise BadCallback(str(error)) from error
    if event.gateway != gateway:
        raise BadCallback("it is from another gateway")
    return event
