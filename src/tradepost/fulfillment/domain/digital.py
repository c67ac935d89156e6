"""What buyers of a digital article are given: a file in the shop's file store, and its terms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tradepost.fulfillment.errors import BadFile, FileThere
from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import DigitalFileId, VariantId
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number

LINK_HOURS_MAX: Final = 10 * 365 * 24
DOWNLOADS_MAX: Final = 10_000
NAME_LENGTH_MAX: Final = 200
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_SEPARATORS = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it lies in the store: its key there, its bytes, their number and SHA-256 (hex)."""

    key: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileFace:
    """What a buyer's device is told of a file."""

    file_name: str
    media_type: str

    @classmethod
    def parse(cls, file_name: str, media_type: str) -> FileFace:
        """A name without a path, and a type without parameters (RFC 6838).

        :raises BadFile: for anything else.
        """
        name = one_line(file_name, "file_name", longest=NAME_LENGTH_MAX)
        if _SEPARATORS.search(name) or name in {".", ".."}:
            raise BadFile("file_name", "names a file, not a path")
        kind = media_type.strip().lower()
        if _MEDIA_TYPE.fullmatch(kind) is None:
            raise BadFile("media_type", "is a type and a subtype, such as application/pdf")
        return cls(name, kind)


@dataclass(frozen=True, slots=True)
class FileTerms:
    """For how long and how often a buyer may download, where the shop's settings do not decide.

    ``downloads_max`` is for each unit that was bought.
    """

    link_hours: int | None = None
    downloads_max: int | None = None

    @classmethod
    def parse(cls, link_hours: int | None, downloads_max: int | None) -> FileTerms:
        """Terms within their bounds.

        :raises BadValue: for what is out of them.
        """
        if link_hours is not None:
            whole_number(link_hours, "link_hours", 1, LINK_HOURS_MAX)
        if downloads_max is not None:
            whole_number(downloads_max, "downloads_max", 1, DOWNLOADS_MAX)
        return cls(link_hours, downloads_max)


@dataclass(frozen=True, slots=True)
class DigitalFile:
    """The file of a digital variant; there is one at most, and a new one takes its place."""

    id: DigitalFileId
    variant_id: VariantId
    file_name: str
    media_type: str
    key: str
    size: int
    sha256: str
    link_hours: int | None
    downloads_max: int | None
    changed_at: datetime
    version: int

    @classmethod
    def put(
        cls, id: DigitalFileId, variant_id: VariantId, face: FileFace, stored: StoredFile,
        at: datetime,
    ) -> DigitalFile:  # fmt: skip
        """The first file of a variant."""
        return cls(
            id=id,
            variant_id=variant_id,
            file_name=face.file_name,
            media_type=face.media_type,
            key=stored.key,
            size=stored.size,
            sha256=stored.sha256,
            link_hours=None,
            downloads_max=None,
            changed_at=at,
            version=1,
        )

    def replaced(self, face: FileFace, stored: StoredFile, at: datetime) -> DigitalFile:
        """Another file in its place, on the same terms; links that were given lead to it."""
        return replace(
            self,
            file_name=face.file_name,
            media_type=face.media_type,
            key=stored.key,
            size=stored.size,
            sha256=stored.sha256,
            changed_at=at,
            version=self.version + 1,
        )

    def at(self, version: int) -> DigitalFile:
        """The file, if it is at a version.

        :raises Stale: if not.
        """
        if self.version != version:
            raise Stale("digital file", version, self.version)
        return self

    def on_terms(self, terms: FileTerms, at: datetime) -> DigitalFile:
        """The file on other terms, for those who buy it from now on."""
        return replace(
            self,
            link_hours=terms.link_hours,
            downloads_max=terms.downloads_max,
            changed_at=at,
            version=self.version + 1,
        )


def check_replaced(known: DigitalFile | None, version: int | None) -> DigitalFile | None:
    """The file that another takes the place of, if there is one.

    :raises FileThere: if there is one and nobody named its version.
    :raises Unknown: if there is none and somebody did.
    :raises Stale: if it is at another version.
    """
    if known is None:
        if version is not None:
            raise Unknown("digital file at version", str(version))
        return None
    if version is None:
        raise FileThere(known.version)
    return known.at(version)
