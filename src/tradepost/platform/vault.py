"""Secrets that have to be kept and given on: encrypted, bound to their place, shown to nobody.

AES-256-GCM with a fresh nonce for each (NIST SP 800-38D), under keys derived from the settings'
``vault_secret`` by HKDF (RFC 5869). The place, such as the record's id, is authenticated with the
text, so what was sealed for one record opens in no other.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """A sealed secret was made with a key that is not here, or for another place."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret on its way: it has no text of its own, so no log, answer or error can tell it."""

    _text: str

    def reveal(self) -> str:
        """The secret itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Hidden(***)"

    __str__ = __repr__


class Vault:
    """Seals and opens; the first secret seals, all of them open."""

    def __init__(self, secrets: Sequence[str]) -> None:
        assert secrets, "a vault needs a key"
        self._keys = [AESGCM(_derived(secret)) for secret in secrets]

    def seal(self, secret: Hidden, place: str) -> str:
        """The secret as text that can be kept."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[0].encrypt(nonce, secret.reveal().encode(), place.encode())
        return urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, place: str) -> Hidden:
        """The secret that was sealed for a place.

        :raises CannotOpen: if it was not, or its key is gone.
        """
        raw = urlsafe_b64decode(sealed)
        for key in self._keys:
            try:
                plain = key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
            except InvalidTag:
                continue
            return Hidden(plain.decode())
        raise CannotOpen


def _derived(secret: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"tradepost vault").derive(secret.encode())
