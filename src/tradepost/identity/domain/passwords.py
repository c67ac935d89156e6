"""What may be a password. Hashing is somebody else's work (gateway)."""

from __future__ import annotations

from itertools import pairwise
from typing import Final
from unicodedata import normalize

from tradepost.identity.errors import BadPassword
from tradepost.kernel.codes import folded

PASSWORD_LENGTH_MAX: Final = 128
_KINDS_MIN: Final = 4
PIN_LENGTH_MIN: Final = 6
PIN_LENGTH_MAX: Final = 12


def checked_password(password: object, length_min: int, *known: str) -> str:
    """A new password in the form that is hashed: Unicode NFC, nothing cut off, nothing trimmed.

    ``known`` is what everybody knows of the person and so must not be the password.

    :raises BadPassword: if it is too short, too long, or too easy.
    """
    if not isinstance(password, str) or not password.isprintable():
        raise BadPassword("password", "must be text that can be typed")
    if len(password) > PASSWORD_LENGTH_MAX:
        raise BadPassword("password", f"is longer than {PASSWORD_LENGTH_MAX} characters")
    taken = normalize("NFC", password)
    if len(taken) < length_min:
        raise BadPassword("password", f"is shorter than {length_min} characters")
    if len(set(taken)) < _KINDS_MIN:
        raise BadPassword("password", f"has fewer than {_KINDS_MIN} different characters")
    if folded(taken) in {folded(fact) for fact in known if fact}:
        raise BadPassword("password", "is what everybody knows of you")
    return taken


def checked_pin(pin: str) -> str:
    """A new PIN: digits, which are counted out where somebody guesses.

    :raises BadPassword: if it is too short, too long, or all but the same digit, or a row of them.
    """
    if not PIN_LENGTH_MIN <= len(pin) <= PIN_LENGTH_MAX:
        raise BadPassword("secret", f"as a PIN has {PIN_LENGTH_MIN} to {PIN_LENGTH_MAX} digits")
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    if len(set(pin)) < 3 or steps in ({1}, {-1}):
        raise BadPassword("secret", "is a PIN that everybody guesses first")
    return pin


def checked_secret(secret: str, length_min: int, *known: str) -> str:
    """A new password, or a PIN where it is nothing but digits.

    :raises BadPassword: if it will not do.
    """
    if secret.isascii() and secret.isdigit():
        return checked_pin(secret)
    return checked_password(secret, length_min, *known)


def tried_password(password: str) -> str:
    """A password that somebody tries, in the form that was hashed; what never could be one is
    replaced by something that is none."""
    if len(password) > PASSWORD_LENGTH_MAX:
        return "\x00"
    return normalize("NFC", password)
