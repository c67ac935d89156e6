"""Headers that make a repetition safe: Idempotency-Key, ETag and If-Match."""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

from tradepost.platform.web import errors

KEY_LENGTH_MIN = 16
KEY_LENGTH_MAX = 255
TOKEN_LENGTH_MIN = 32
RANDOM_VERSIONS = (4, 7)
DIGITS_MIN = 8
"""Different digits in a UUID; one in ten million random ones has fewer."""
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_STRONG = re.compile(r'"([1-9][0-9]{0,11})"')


def idempotency_key(values: list[str], *, needed: bool) -> str | None:
    """The key of a request.

    :raises KeyMissing: if it is needed and not there.
    :raises BadKey: if there are several, or it is none.
    """
    if not values:
        if needed:
            raise errors.KeyMissing
        return None
    if len(values) > 1:
        raise errors.BadKey("it was sent several times")
    key = values[0]
    if not KEY_LENGTH_MIN <= len(key) <= KEY_LENGTH_MAX:
        raise errors.BadKey(f"it has {len(key)} characters")
    if not _PRINTABLE.fullmatch(key):
        raise errors.BadKey("it holds characters that cannot be printed")
    return key


def is_guessable(key: str) -> bool:
    """Whether somebody else might come to the same key: anything but a random UUID.

    Names with a number, instants and the like are; of the version that a UUID claims only those
    that are random count, and one that was put together by hand shows by its few digits.
    """
    try:
        found = UUID(key)
    except ValueError:
        return True
    return found.version not in RANDOM_VERSIONS or len(set(found.hex)) < DIGITS_MIN


def guest_of(values: list[str]) -> str:
    """What tells a guest apart by the secret that their client keeps; empty without one.

    :raises BadGuestToken: if it is none.
    """
    if not values:
        return ""
    if len(values) > 1 or not TOKEN_LENGTH_MIN <= len(values[0]) <= KEY_LENGTH_MAX:
        raise errors.BadGuestToken
    if not _PRINTABLE.fullmatch(values[0]):
        raise errors.BadGuestToken
    return f"token:{hashlib.sha256(values[0].encode()).hexdigest()}"


def etag_of(version: int) -> str:
    """The strong validator of a record: its version."""
    return f'"{version}"'


def version_wanted(values: list[str]) -> int:
    """The version that a change is based on, from If-Match.

    :raises VersionMissing: without the header.
    :raises BadVersion: if it is not the ETag of one record.
    """
    if not values:
        raise errors.VersionMissing
    found = _STRONG.fullmatch(values[0].strip())
    if len(values) > 1 or found is None:
        raise errors.BadVersion("If-Match", 'must be one strong ETag, such as "3"')
    return int(found[1])


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether the client holds this version already (RFC 9110 §13.1.2, weak comparison)."""
    if if_none_match.strip() == "*":
        return True
    bare = etag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") == bare for one in if_none_match.split(","))
