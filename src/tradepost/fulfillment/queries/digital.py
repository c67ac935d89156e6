"""Files of digital articles, and who may download them, looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tradepost.fulfillment.domain.digital import DigitalFile, check_replaced
from tradepost.fulfillment.domain.downloads import DownloadGrant
from tradepost.fulfillment.errors import FileMissing, NoSuchDownload
from tradepost.fulfillment.ports import Catalogue, FileLimits, KnownOrders, check_digital
from tradepost.fulfillment.storage.digital import (
    FILE_ROWS,
    GRANT_ROWS,
    digital_files,
    download_grants,
)
from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CustomerId, DownloadGrantId, OrderId, VariantId
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader

_f, _g = digital_files.c, download_grants.c
_FILE = Statement(scoped(digital_files, *FILE_ROWS.columns).where(_f.variant_id == param("id")))
_FILES = Statement(
    scoped(digital_files, *FILE_ROWS.columns)
    .where(_f.variant_id > param("after"))
    .order_by(_f.variant_id)
    .limit(param("limit"))
)
_FILES_OF = Statement(scoped(digital_files, *FILE_ROWS.columns).where(any_of(_f.variant_id, "ids")))
_GRANT = Statement(scoped(download_grants, *GRANT_ROWS.columns).where(_g.id == param("id")))
_GRANTS = Statement(
    scoped(download_grants, *GRANT_ROWS.columns)
    .where(_g.order_id == param("order_id"))
    .order_by(_g.granted_at, _g.id)
)
FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class FileView:
    """The file of a digital variant; ``size`` in bytes, ``key`` its place in the file store.

    Where ``link_hours`` or ``downloads_max`` (for each unit) are null, the shop's settings hold.
    """

    id: UUID
    variant_id: UUID
    file_name: str
    media_type: str
    size: int
    sha256: str
    key: str
    link_hours: int | None
    downloads_max: int | None
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class DownloadView:
    """What a buyer may download; the file's own fields are null while it is not in its place.

    ``status``: ready, expired, used_up, revoked, or waiting for the file.
    """

    id: UUID
    order_id: UUID
    order_line_id: UUID
    variant_id: UUID
    status: str
    file_name: str | None
    media_type: str | None
    size: int | None
    sha256: str | None
    downloads_max: int
    downloads_used: int
    granted_at: datetime
    expires_at: datetime
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Sendable:
    """A grant that is good, and the file that it leads to."""

    grant: DownloadGrant
    file: DigitalFile


@dataclass(frozen=True, slots=True)
class UploadTerms:
    """How large a file may be, in bytes."""

    bytes_max: int


async def upload_terms(
    db: Reader,
    variant_id: VariantId,
    version: int | None,
    catalogue: Catalogue,
    limits: FileLimits,
) -> UploadTerms:
    """Look, before a file is brought, whether it would be taken; the command looks again.

    :raises NotDigital: or :class:`FileThere`, or :class:`Stale`.
    """
    check_digital(await catalogue.one(variant_id))
    row = await db.one(_FILE, id=variant_id)
    check_replaced(None if row is None else FILE_ROWS.load(row), version)
    return UploadTerms(limits.bytes_max)


async def file_of(db: Reader, variant_id: VariantId) -> FileView:
    """The file of a variant; :class:`Unknown` if it has none."""
    row = await db.one(_FILE, id=variant_id)
    if row is None:
        raise Unknown("digital file of variant", str(variant_id))
    return _file_view(FILE_ROWS.load(row))


async def file_rows(db: Reader, after: tuple[Any, ...] | None, limit: int) -> list[FileView]:
    """The files of all digital variants."""
    begin = UUID(after[0]) if after else FIRST
    rows = await db.all(_FILES, after=begin, limit=limit)
    return [_file_view(FILE_ROWS.load(row)) for row in rows]


async def downloads_of(
    db: Reader,
    order_id: OrderId,
    owner: CustomerId | None,
    orders: KnownOrders,
    clock: Clock,
) -> list[DownloadView]:
    """What the buyer of an order may download; of the ``owner``'s, if one is named."""
    await orders.check(order_id, owner)
    grants = [GRANT_ROWS.load(row) for row in await db.all(_GRANTS, order_id=order_id)]
    wanted = sorted({grant.variant_id for grant in grants})
    rows = await db.all(_FILES_OF, ids=wanted) if wanted else []
    files = {file.variant_id: file for file in map(FILE_ROWS.load, rows)}
    now = clock.now()
    return [_download_view(grant, files.get(grant.variant_id), now) for grant in grants]


async def grant_page(db: Reader, grant_id: DownloadGrantId, clock: Clock) -> DownloadView:
    """One grant."""
    row = await db.one(_GRANT, id=grant_id)
    if row is None:
        raise Unknown("download", str(grant_id))
    grant = GRANT_ROWS.load(row)
    found = await db.one(_FILE, id=grant.variant_id)
    file = FILE_ROWS.load(found) if found is not None else None
    return _download_view(grant, file, clock.now())


async def sendable(db: Reader, grant_id: DownloadGrantId, clock: Clock) -> Sendable:
    """A grant whose link is good, with its file.

    :raises NoSuchDownload: if there is none.
    :raises LinkRevoked: or :class:`LinkExpired`, if it is not good any more.
    :raises FileMissing: if its article has no file yet.
    """
    row = await db.one(_GRANT, id=grant_id)
    if row is None:
        raise NoSuchDownload()
    grant = GRANT_ROWS.load(row)
    grant.check(clock.now())
    found = await db.one(_FILE, id=grant.variant_id)
    if found is None:
        raise FileMissing()
    return Sendable(grant, FILE_ROWS.load(found))


def _file_view(file: DigitalFile) -> FileView:
    return FileView(
        file.id,
        file.variant_id,
        file.file_name,
        file.media_type,
        file.size,
        file.sha256,
        file.key,
        file.link_hours,
        file.downloads_max,
        file.changed_at,
        file.version,
    )


def _download_view(grant: DownloadGrant, file: DigitalFile | None, now: datetime) -> DownloadView:
    status = grant.status(now)
    return DownloadView(
        id=grant.id,
        order_id=grant.order_id,
        order_line_id=grant.order_line_id,
        variant_id=grant.variant_id,
        status="waiting" if file is None and status == "ready" else status,
        file_name=file.file_name if file else None,
        media_type=file.media_type if file else None,
        size=file.size if file else None,
        sha256=file.sha256 if file else None,
        downloads_max=grant.downloads_max,
        downloads_used=grant.downloads_used,
        granted_at=grant.granted_at,
        expires_at=grant.expires_at,
        note=grant.note,
        version=grant.version,
    )
