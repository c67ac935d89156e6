"""Links to downloads: who holds one holds the right to what it names."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from tradepost.fulfillment.errors import NoSuchDownload
from tradepost.fulfillment.queries import DownloadView
from tradepost.kernel.ids import DownloadGrantId
from tradepost.platform.web import Caller
from tradepost.platform.web.addresses import bucket_of

PATH = "/api/v1/downloads"
_PURPOSE, _CONTEXT = "download", "link"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A file that an order's buyer may download, at ``url`` of this API.

    ``status``: ready, expired, used_up, revoked, or waiting for the file. ``size`` in bytes.
    """

    order_line_id: UUID
    variant_id: UUID
    status: str
    file_name: str | None
    media_type: str | None
    size: int | None
    sha256: str | None
    downloads_max: int
    downloads_used: int
    expires_at: datetime
    url: str


def link_view(caller: Caller, view: DownloadView) -> LinkView:
    """What a buyer is shown of a grant, with its link."""
    told = asdict(view)
    for name in ("id", "order_id", "granted_at", "note", "version"):
        del told[name]
    sealed = caller.signer(_PURPOSE).seal(caller.tenant_id, _CONTEXT, view.id.bytes)
    return LinkView(url=f"{PATH}/{sealed}", **told)


def grant_named(caller: Caller, token: str) -> DownloadGrantId:
    """The grant that a link of this shop names.

    :raises NoSuchDownload: for whatever is none, or of another shop.
    """
    found = caller.signer(_PURPOSE).open(caller.tenant_id, _CONTEXT, token)
    if found is None or len(found) != 16:
        raise NoSuchDownload()
    return DownloadGrantId(UUID(bytes=found))


def client_of(caller: Caller, grant_id: DownloadGrantId, agent: str) -> str:
    """What tells the clients of one grant apart, and says nothing of who they are.

    It stands for the address (of IPv6 its network) and the program, sealed with our secret.
    """
    context = f"{grant_id}\n{bucket_of(caller.actor.origin)}\n{agent}"
    return caller.signer("download client").seal(caller.tenant_id, context, b"")
