"""Languages and time zones, as shops and people choose them."""

from __future__ import annotations

import re
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from tradepost.kernel.errors import BadValue

_LOCALE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
_zones = cache(available_timezones)


def locale_tag(text: str, field: str = "locale") -> str:
    """A language with its region, such as en-GB (BCP 47).

    :raises BadValue: if it is none.
    """
    if not _LOCALE.fullmatch(text):
        raise BadValue(field, "must be a tag of BCP 47, such as en-GB or ja-JP")
    return text


def zone_name(text: str, field: str = "time_zone") -> str:
    """A zone of the IANA database, such as Europe/London.

    :raises BadValue: if there is none of that name.
    """
    if text not in _zones():
        raise BadValue(field, "must be a zone of the IANA database, such as Europe/London")
    return text
