"""What a store of files does, and the keys that it takes.

Every key lies below its tenant: no key of one shop names a file of another, or one outside.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tradepost.kernel.errors import BadValue, Unavailable
from tradepost.kernel.ids import TenantId

CHUNK_BYTES: Final = 262_144
"""So much of a file is held in memory for each who reads it."""
KEY_LENGTH_MAX: Final = 300
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


@dataclass(eq=False)
class BadFileKey(BadValue):
    """{field}: {problem}

    Send parts of letters, digits, points, lines and hyphens with slashes between them, such as
    books/guide-2.pdf.
    """


@dataclass(eq=False)
class StoreAway(Unavailable):
    """The file store cannot be reached.

    Try again after {retry_after_s} seconds.
    """

    retry_after_s: int = 10


class NoSuchFile(Exception):
    """There is no file of that key, or nothing that may be read as one."""


class OpenFile(Protocol):
    """A file that is being read; whoever opened it closes it."""

    size: int
    """Bytes of the whole file."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes that it was opened for, piece by piece.

        :raises StoreAway: if they come to an end too early.
        """
        ...

    async def close(self) -> None:
        """Let go of it; twice does no harm."""
        ...


class FileStore(Protocol):
    """Where the files of shops lie."""

    async def open(
        self, tenant_id: TenantId, key: str, start: int = 0, length: int | None = None
    ) -> OpenFile:
        """A file, to be read from a byte on, so many bytes or to its end.

        :raises NoSuchFile: if there is none.
        :raises StoreAway: if the store does not answer.
        """
        ...

    async def put(self, tenant_id: TenantId, key: str, source: Path, sha256: str) -> None:
        """Keep the bytes of a local file, whose SHA-256 (hex) is known, under a key.

        :raises StoreAway: if the store does not take them.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def checked_key(key: str) -> str:
    """A key that is no path: no empty part, none that begins with a point, nothing odd.

    :raises BadFileKey: for anything else.
    """
    if len(key) > KEY_LENGTH_MAX:
        raise BadFileKey("key", f"is longer than {KEY_LENGTH_MAX} characters")
    if not all(_PART.fullmatch(part) for part in key.split("/")):
        raise BadFileKey("key", "is not one that a file can have")
    return key
