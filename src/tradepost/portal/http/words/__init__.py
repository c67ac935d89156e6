"""What the pages say, in each language they know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tradepost.kernel.errors import Refusal
from tradepost.portal.http.words.en import WORDS as ENGLISH
from tradepost.portal.http.words.ja import WORDS as JAPANESE

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "ja": "日本語"}
_WORDS: Final = {"en": ENGLISH, "ja": JAPANESE}


def word(language: str, key: str, **facts: object) -> str:
    """A sentence of the pages, with its facts filled in."""
    text = _WORDS[language][key]
    return text.format(**facts) if facts else text


def word_or(language: str, key: str, otherwise: str) -> str:
    """A word of the pages, or what stands in for one that nobody has translated."""
    return _WORDS[language].get(key, otherwise)


def told(language: str, refusal: Refusal) -> str:
    """Why something was refused, as people read it."""
    text = _WORDS[language].get(f"error.{refusal.code}")
    if text is None:
        return f"{refusal.message} {refusal.remedy}".strip()
    return text.format(**{name: str(value) for name, value in refusal.facts().items()})


def language_of(header: str | None) -> str:
    """The first language of Accept-Language that the pages know."""
    for part in (header or "").split(","):
        code = part.partition(";")[0].strip().lower().partition("-")[0]
        if code in LANGUAGES:
            return code
    return "en"
