"""What may be a password. Hashing is somebody else's work (gateway)."""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

from tradepost.identity.errors import BadPassword
from tradepost.kernel.codes import folded

PASSWORD_LENGTH_MAX: Final = 128
_KINDS_MIN: Final = 4


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


def tried_password(password: str) -> str:
    """A password that somebody tries, in the form that was hashed; what never could be one is
    replaced by something that is none."""
    if len(password) > PASSWORD_LENGTH_MAX:
        return "\x00"
    return normalize("NFC", password)
