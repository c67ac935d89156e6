"""Files of digital articles and the links to them, for those who work here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.datastructures import State
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta

from tradepost.fulfillment.commands import (
    ExtendDownload,
    MoveDownload,
    PutDigitalFile,
    SetFileTerms,
)
from tradepost.fulfillment.domain.digital import (
    DOWNLOADS_MAX,
    LINK_HOURS_MAX,
    FileFace,
    FileTerms,
    StoredFile,
)
from tradepost.fulfillment.domain.downloads import GrantState
from tradepost.fulfillment.gateway.files import FileDesk
from tradepost.fulfillment.queries import (
    DownloadView,
    FileView,
    UploadTerms,
    downloads_of,
    file_of,
    file_rows,
    grant_page,
    upload_terms,
)
from tradepost.kernel.ids import DownloadGrantId, OrderId, VariantId
from tradepost.platform.patience import STEP_ASIDE
from tradepost.platform.storage import checked_key
from tradepost.platform.web import (
    Body,
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    JSONBody,
    Page,
    door,
    versioned,
)
from tradepost.platform.web.body import Line, Version
from tradepost.platform.web.errors import BodyTooLarge, TooSlow

TAGS = ["Downloads"]
FILES = "/api/v1/digital-files"
FILE = f"{FILES}/{{digital_variant_id:uuid}}"
GRANTS = "/api/v1/downloads"
UPLOAD_SECONDS_MAX = 3600
"""For a whole upload; each piece of it has the time that other requests have for their bodies."""
FileName = Annotated[str, PathParameter(min_length=1, max_length=200)]
OldVersion = Annotated[
    int | None, QueryParameter(ge=1, description="The version of the file that is replaced.")
]


class StoredBody(Body, frozen=True):
    """A file that was put into the file store, below the shop's own folder there."""

    key: Annotated[str, Meta(min_length=1, max_length=300)]
    file_name: Annotated[str, Meta(min_length=1, max_length=200)]
    media_type: Annotated[str, Meta(min_length=3, max_length=127)]
    version: Version | None = None


class TermsBody(Body, frozen=True):
    """For how long and how often (each unit) it may be downloaded; null: as the shop says."""

    link_hours: Annotated[int, Meta(ge=1, le=LINK_HOURS_MAX)] | None
    downloads_max: Annotated[int, Meta(ge=1, le=DOWNLOADS_MAX)] | None


class MoreBody(Body, frozen=True):
    """More hours, counted from now if the time is over; more downloads; or both."""

    hours: Annotated[int, Meta(ge=0, le=LINK_HOURS_MAX)] = 0
    downloads: Annotated[int, Meta(ge=0, le=DOWNLOADS_MAX)] = 0


class GrantStateBody(Body, frozen=True):
    """What the link shall be, and why."""

    status: GrantState
    note: Line = ""


@get(FILES, opt=door("catalog.read"), tags=TAGS)
async def list_files(caller: FromCaller, paging: FromPaging) -> Page[FileView]:
    """The files of all digital variants."""
    rows = await caller.ask(file_rows, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: (str(row.variant_id),))


@get(FILE, opt=door("catalog.read"), tags=TAGS)
async def read_file(digital_variant_id: FromPath[UUID], caller: FromCaller) -> Response[FileView]:
    """The file of a digital variant."""
    return await _file(caller, VariantId(digital_variant_id))


@put(
    f"{FILE}/content/{{file_name:str}}",
    opt=door("catalog.write", streams=True),
    tags=TAGS,
    request_max_body_size=None,
)
async def upload_file(
    digital_variant_id: FromPath[UUID],
    caller: FromCaller,
    request: Request[Any, Any, State],
    file_name: FileName,
    version: OldVersion = None,
) -> Response[FileView]:
    """Upload a digital variant's file as the request's body; Content-Type tells what it is.

    The first needs no version; to replace it, name the version of the one that is there.
    """
    face = FileFace.parse(file_name, request.content_type[0] or "application/octet-stream")
    variant = VariantId(digital_variant_id)
    terms = await caller.ask(upload_terms, variant, version)
    desk = caller.get(FileDesk)
    STEP_ASIDE.get()()  # it takes its time, and no room from others
    try:
        async with asyncio.timeout(UPLOAD_SECONDS_MAX):
            stored = await desk.take_in(caller.tenant_id, _bounded(request, terms))
    except TimeoutError as error:
        raise TooSlow(UPLOAD_SECONDS_MAX) from error
    return await _put(caller, variant, face, stored, version)


@put(f"{FILE}/key", opt=door("catalog.write"), tags=TAGS)
async def register_file(
    digital_variant_id: FromPath[UUID], data: JSONBody[StoredBody], caller: FromCaller
) -> Response[FileView]:
    """Take a file that lies in the file store as a digital variant's own."""
    face, key = FileFace.parse(data.file_name, data.media_type), checked_key(data.key)
    variant = VariantId(digital_variant_id)
    await caller.ask(upload_terms, variant, data.version)
    desk = caller.get(FileDesk)
    STEP_ASIDE.get()()  # it is read once from end to end
    stored = await desk.find(caller.tenant_id, key)
    return await _put(caller, variant, face, stored, data.version)


@put(f"{FILE}/terms", opt=door("catalog.write", if_match=True), tags=TAGS)
async def set_terms(
    digital_variant_id: FromPath[UUID], data: JSONBody[TermsBody], caller: FromCaller
) -> Response[FileView]:
    """Say for how long and how often those who buy it from now on may download it."""
    variant = VariantId(digital_variant_id)
    terms = FileTerms.parse(data.link_hours, data.downloads_max)
    await caller.send(SetFileTerms(variant, terms, caller.matched))
    return await _file(caller, variant)


@get("/api/v1/orders/{order_id:uuid}/downloads", opt=door("downloads.read"), tags=TAGS)
async def list_downloads(order_id: FromPath[UUID], caller: FromCaller) -> list[DownloadView]:
    """What the buyer of an order may download."""
    return await caller.ask(downloads_of, OrderId(order_id), None)


@get(f"{GRANTS}/{{download_grant_id:uuid}}", opt=door("downloads.read"), tags=TAGS)
async def read_download(
    download_grant_id: FromPath[UUID], caller: FromCaller
) -> Response[DownloadView]:
    """The right to download what an order line bought."""
    return await _grant(caller, DownloadGrantId(download_grant_id))


@post(
    f"{GRANTS}/{{download_grant_id:uuid}}/extend",
    opt=door("downloads.write", if_match=True),
    tags=TAGS,
    status_code=200,
)
async def extend_download(
    download_grant_id: FromPath[UUID], data: JSONBody[MoreBody], caller: FromCaller
) -> Response[DownloadView]:
    """Give the buyer more time or more downloads; the link stays the same."""
    id = DownloadGrantId(download_grant_id)
    await caller.send(ExtendDownload(id, data.hours, data.downloads, caller.matched))
    return await _grant(caller, id)


@put(
    f"{GRANTS}/{{download_grant_id:uuid}}/status",
    opt=door("downloads.write", if_match=True),
    tags=TAGS,
)
async def move_download(
    download_grant_id: FromPath[UUID], data: JSONBody[GrantStateBody], caller: FromCaller
) -> Response[DownloadView]:
    """Revoke a link, or restore one that was revoked."""
    id = DownloadGrantId(download_grant_id)
    await caller.send(MoveDownload(id, data.status, data.note, caller.matched))
    return await _grant(caller, id)


async def _bounded(request: Request[Any, Any, State], terms: UploadTerms) -> AsyncIterator[bytes]:
    """The body, as far as it is not too large."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > terms.bytes_max:
            raise BodyTooLarge(terms.bytes_max)
        yield piece


async def _put(
    caller: Caller,
    variant_id: VariantId,
    face: FileFace,
    stored: StoredFile,
    version: int | None,
) -> Response[FileView]:
    await caller.send(PutDigitalFile(variant_id, face, stored, version))
    return await _file(caller, variant_id)


async def _file(caller: Caller, variant_id: VariantId) -> Response[FileView]:
    view = await caller.ask(file_of, variant_id)
    return versioned(view, view.version)


async def _grant(caller: Caller, grant_id: DownloadGrantId) -> Response[DownloadView]:
    view = await caller.ask(grant_page, grant_id)
    return versioned(view, view.version)


ROUTES = (
    list_files,
    read_file,
    upload_file,
    register_file,
    set_terms,
    list_downloads,
    read_download,
    extend_download,
    move_download,
)
