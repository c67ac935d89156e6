"""A receipt as the bytes that till printers understand.

Source: Epson, ESC/POS command reference: ESC @, ESC t, ESC E, GS V, ESC p, FS C, FS &, FS dot.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from tradepost.counter.domain.slip import Slip
from tradepost.counter.http.printing.layout import lines_of, rows_of
from tradepost.counter.http.printing.words import Language

INIT: Final = b"\x1b@"
LATIN: Final = b"\x1bt\x10"
"""Code page 16: Windows-1252."""
SHIFT_JIS: Final = b"\x1cC\x01"
KANJI_ON: Final = b"\x1c&"
KANJI_OFF: Final = b"\x1c."
BOLD_ON: Final = b"\x1bE\x01"
BOLD_OFF: Final = b"\x1bE\x00"
CUT: Final = b"\x1dVB\x03"
"""Feed to the knife and three lines more, then cut and leave a corner."""
KICK: Final = b"\x1bp\x00\x19\xfa"
"""A pulse of 50 ms on pin 2, where drawers are plugged in."""


def escpos(slip: Slip, language: Language, *, kick: bool = False) -> bytes:
    """The bytes: text, the total bold, a cut, and first the drawer if it is to open."""
    japanese = language is Language.JAPANESE
    out = [INIT, SHIFT_JIS if japanese else b"", LATIN, KICK if kick else b""]
    for row in rows_of(slip, language):
        printed = b"".join(
            (_japanese(line) if japanese else _latin(line)) + b"\n" for line in lines_of(row)
        )
        out.append(BOLD_ON + printed + BOLD_OFF if row.strong else printed)
    return b"".join([*out, CUT])


def _latin(text: str) -> bytes:
    return text.encode("cp1252", errors="replace")


def _japanese(text: str) -> bytes:
    """Two bytes a sign in kanji mode, and what is plain ASCII as it is."""
    out = []
    for plain, signs in groupby(text, str.isascii):
        run = "".join(signs)
        if plain:
            out.append(run.encode("ascii"))
        else:
            out.append(KANJI_ON + run.encode("cp932", errors="replace") + KANJI_OFF)
    return b"".join(out)
