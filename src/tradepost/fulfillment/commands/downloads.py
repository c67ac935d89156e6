"""Downloads by a link: begun, gone on with, given more of, revoked and restored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.events.fulfillment import (
    DownloadExtended,
    DownloadRestored,
    DownloadRevoked,
    DownloadStarted,
)
from tradepost.fulfillment.domain.downloads import Asked, Cause, Download, DownloadGrant, GrantState
from tradepost.fulfillment.ports import Downloads
from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import DownloadGrantId, DownloadId, Ids
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.permissions import Permission
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class BeginDownload(Command):
    """Count a download, unless what is asked for goes on with one that was counted."""

    grant_id: DownloadGrantId
    asked: Asked


@dataclass(frozen=True, slots=True)
class ExtendDownload(Command):
    """Give a buyer more hours, more downloads, or both."""

    grant_id: DownloadGrantId
    hours: int
    downloads: int
    version: int


@dataclass(frozen=True, slots=True)
class MoveDownload(Command):
    """Revoke a link, or restore one: ``state`` is what it shall be, ``note`` says why."""

    grant_id: DownloadGrantId
    state: GrantState
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Begun:
    """Whether the request counted as a download of its own, and how many are left."""

    counted: bool
    left: int


async def begin_download(
    wish: BeginDownload, downloads: Downloads, ids: Ids, facts: Facts
) -> Begun:
    """Let the bytes be sent, or say why not; the grant is locked, so lines at once count once."""
    grant = await downloads.lock(wish.grant_id)
    grant.check(wish.at)
    running = await downloads.running(grant.id, wish.asked.client)
    if running is not None and running.goes_on_with(wish.asked, wish.at):
        await downloads.go_on(running.with_more(wish.asked))
        return Begun(False, grant.left)
    begun = grant.begun()
    await downloads.save([begun])
    downloads.begin(_download(DownloadId(ids.new()), begun, wish.asked, wish.at))
    told = DownloadStarted(grant.id, grant.order_id, grant.order_line_id, begun.downloads_used)
    facts.tell(told, begun.version, wish.at)
    return Begun(True, begun.left)


async def extend_download(
    wish: ExtendDownload, downloads: Downloads, actor: Actor, facts: Facts
) -> DownloadGrant:
    """Extend the grant; the link stays the same."""
    actor.must(Permission.DOWNLOADS_WRITE)
    known = _at(await downloads.lock(wish.grant_id), wish.version)
    grant = known.extended(wish.hours, wish.downloads, wish.at)
    await downloads.save([grant])
    told = DownloadExtended(
        grant.id, grant.order_id, grant.order_line_id, grant.downloads_max, grant.expires_at
    )
    facts.tell(told, grant.version, wish.at)
    return grant


async def move_download(
    wish: MoveDownload, downloads: Downloads, actor: Actor, facts: Facts
) -> DownloadGrant:
    """Revoke or restore the grant."""
    actor.must(Permission.DOWNLOADS_WRITE)
    known = _at(await downloads.lock(wish.grant_id), wish.version)
    revokes = wish.state is GrantState.REVOKED
    note = one_line(wish.note, "note", shortest=0)
    grant = known.moved("revoke" if revokes else "restore", note)
    await downloads.save([grant])
    named = (grant.id, grant.order_id, grant.order_line_id)
    told = DownloadRevoked(*named, Cause.STAFF.value) if revokes else DownloadRestored(*named)
    facts.tell(told, grant.version, wish.at)
    return grant


def _at(grant: DownloadGrant, version: int) -> DownloadGrant:
    if grant.version != version:
        raise Stale("download", version, grant.version)
    return grant


def _download(id: DownloadId, grant: DownloadGrant, asked: Asked, at: datetime) -> Download:
    return Download(id, grant.id, asked.client, asked.sha256, at, asked.length)
