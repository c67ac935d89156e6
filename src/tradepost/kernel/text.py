"""Text from outside: every script and sign that people write, nothing that no text holds.

Refused are control characters (NUL among them), lone halves of surrogate pairs and the code
points that Unicode reserves as non-characters: databases, XML or printers stumble over them.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category, is_normalized, normalize

from tradepost.kernel.errors import BadText, BadValue

LONGEST_LINE: Final = 255
LONGEST_TEXT: Final = 20_000

_BREAKS: Final = frozenset("\u2028\u2029")


def one_line(
    text: object,
    field: str,
    longest: int = LONGEST_LINE,
    shortest: int = 1,
    refusal: type[BadValue] = BadText,
) -> str:
    """A title, a name, a label: trimmed, in Unicode form NFC, on one line.

    Lengths are in code points, after trimming; ``shortest=0`` admits empty text.

    :raises BadText: (or the ``refusal`` given) naming the field.
    """
    kept = _taken(text, field, longest, refusal).strip()
    if not kept.isprintable():
        _refuse_unprintable(kept, field, frozenset(), refusal)
    return _of_length(kept, field, longest, shortest, refusal)


def many_lines(text: object, field: str, longest: int = LONGEST_TEXT, shortest: int = 0) -> str:
    r"""A description, a note: as :func:`one_line`, with tabs and line ends (made ``\n``).

    :raises BadText: naming the field.
    """
    taken = _taken(text, field, longest, BadText)
    kept = taken.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not kept.isprintable():
        _refuse_unprintable(kept, field, frozenset("\n\t\u2028\u2029"), BadText)
    return _of_length(kept, field, longest, shortest, BadText)


def _taken(text: object, field: str, longest: int, refusal: type[BadValue]) -> str:
    if not isinstance(text, str):
        raise refusal(field, "must be text")
    # Normalising costs time by the length, so what is far too long is refused before it.
    if len(text) > 4 * longest + 100:
        raise refusal(field, f"is longer than {longest} characters")
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


def _of_length(text: str, field: str, longest: int, shortest: int, refusal: type[BadValue]) -> str:
    if len(text) > longest:
        raise refusal(field, f"is longer than {longest} characters")
    if len(text) < shortest:
        least = "is empty" if shortest == 1 else f"is shorter than {shortest} characters"
        raise refusal(field, least)
    if shortest and not text.isprintable() and all(_is_unseen(sign) for sign in text):
        raise refusal(field, "holds nothing that can be seen")
    return text


def _refuse_unprintable(
    text: str, field: str, allowed: frozenset[str], refusal: type[BadValue]
) -> None:
    for sign in text:
        if sign.isprintable() or sign in allowed:
            continue
        kind = category(sign)
        if kind in ("Cc", "Cs") or sign in _BREAKS or _is_noncharacter(ord(sign)):
            raise refusal(field, f"holds the character U+{ord(sign):04X}, which no text may")


def _is_noncharacter(point: int) -> bool:
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def _is_unseen(sign: str) -> bool:
    return sign.isspace() or category(sign) == "Cf"
