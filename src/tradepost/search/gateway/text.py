"""How text becomes the terms that are indexed and asked for; both sides must agree to the letter.

Scripts that separate words by blanks give words. Scripts that do not (Chinese, Japanese, Korean,
Thai and their neighbours) give every one, two and three characters in a row, so that a query finds
what it is a part of, without a dictionary that would have to know every dish and brand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from unicodedata import normalize

LONGEST_WORD = 40
MOST_WORDS = 12
"""A query's further words are ignored: what is left of a question that long is narrow enough."""

_UNSPACED = (
    "\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
# Indian vowel signs and Arabic or Hebrew points are marks, which \w leaves out of words.
_MARKS = "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_LETTER = rf"(?:[^\W_{_UNSPACED}]|[{_MARKS}])"
_PIECES = re.compile(rf"[{_UNSPACED}]+|{_LETTER}+(?:['’]{_LETTER}+)*")
_RUN = re.compile(f"[{_UNSPACED}]")
_COMPOUND = re.compile(rf"{_LETTER}+(?:-{_LETTER}+)+")
_POSSESSIVE = re.compile(r"['’]s$")
_TAG = re.compile(r"<[^<>]{0,500}>")
_ACCENT = re.compile("[\u0300-\u036f]+")
_NOT_A_KEY = re.compile(r"[\W_]+")

_APOSTROPHES = str.maketrans("", "", "'’")
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        **{chr(katakana): chr(katakana - 0x60) for katakana in range(0x30A1, 0x30F7)},
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or (``run``) a stretch of a script without blanks between words."""

    text: str
    run: bool


def fold(text: str) -> str:
    """One form for all ways to write a text: width, case, accents, hiragana for katakana.

    Width and ligatures by Unicode's NFKC (UAX 15). Only the accents of Latin, Greek and Cyrillic
    are dropped: in other scripts a mark is half of the letter.
    """
    plain = normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    return normalize("NFC", _ACCENT.sub("", normalize("NFD", plain))).translate(_LETTERS)


def plain(text: str) -> str:
    """The text of a description without its HTML."""
    return unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text


def code(text: str) -> str:
    """A SKU or barcode as it is compared: without signs, case and leading zeros.

    Leading zeros go because scanners print a GTIN-12 as a GTIN-13 or -14 at will.
    """
    bare = _NOT_A_KEY.sub("", fold(text))
    return bare.lstrip("0") or bare


def words(text: str) -> Iterator[Word]:
    """The words of a text in order, folded; none for a text of signs only."""
    return _words(fold(text))


def _words(folded: str) -> Iterator[Word]:
    for piece in _PIECES.findall(folded):
        if _RUN.match(piece):
            yield Word(piece, run=True)
        else:
            bare = _POSSESSIVE.sub("", piece).translate(_APOSTROPHES)
            yield Word(bare[:LONGEST_WORD], run=False)


def grams(run: str, length: int) -> list[str]:
    """Every ``length`` characters in a row, each once, in order."""
    return list(dict.fromkeys(run[at : at + length] for at in range(len(run) - length + 1)))


def terms(text: str) -> set[str]:
    """All that a text is found by; ``t-shirt`` is found as tshirt, too."""
    found = set[str]()
    for word in _indexed(fold(text)):
        if word.run:
            found.update(*(grams(word.text, length) for length in (1, 2, 3)))
        else:
            found.add(word.text)
    return found


def endings(text: str) -> set[str]:
    """The longer words of a text back to front: what ends alike begins alike here."""
    return {word.text[::-1] for word in _indexed(fold(text)) if not word.run and len(word.text) > 2}


def _indexed(folded: str) -> Iterator[Word]:
    if "-" in folded:
        for each in _COMPOUND.findall(folded):
            yield Word(each.replace("-", "")[:LONGEST_WORD], run=False)
    yield from _words(folded)


def asked(text: str) -> list[Word]:
    """The words a query is taken to mean: the first few, each once."""
    return list(dict.fromkeys(words(text)))[:MOST_WORDS]
