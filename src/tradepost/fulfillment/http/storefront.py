"""What was bought and is digital: the links of an order, and what they lead to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import PathParameter, QueryParameter

from tradepost.fulfillment.commands import BeginDownload
from tradepost.fulfillment.domain.digital import DigitalFile
from tradepost.fulfillment.domain.downloads import Asked
from tradepost.fulfillment.gateway.files import FileDesk
from tradepost.fulfillment.http.links import PATH, LinkView, client_of, grant_named, link_view
from tradepost.fulfillment.queries import Sendable, downloads_of, sendable
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CustomerId, OrderId
from tradepost.platform.patience import STEP_ASIDE
from tradepost.platform.web import GUEST_OR_CUSTOMER, PUBLIC, Caller, FromCaller, FromPath, door
from tradepost.platform.web.keys import is_known
from tradepost.platform.web.notes import notes_of
from tradepost.platform.web.ranges import Part, part_of
from tradepost.platform.web.sending import FileResponse, attachment

TAGS = ["Downloads"]
TOKEN_LENGTH_MAX = 200


@get("/api/v1/orders/{order_id:uuid}/downloads", opt=door(GUEST_OR_CUSTOMER), tags=TAGS)
async def list_links(
    order_id: FromPath[UUID],
    caller: FromCaller,
    token: Annotated[
        str | None, QueryParameter(max_length=200, description="The token of the order's link.")
    ] = None,
) -> list[LinkView]:
    """The downloads of an order, for its customer or for whoever holds its link."""
    order, customer = OrderId(order_id), caller.customer_id
    by_link = caller.opens("order", order, token)
    if not by_link and customer is None:
        raise Unknown("order", str(order))
    owner = None if by_link or customer is None else CustomerId(customer)
    return [link_view(caller, one) for one in await caller.ask(downloads_of, order, owner)]


@get(f"{PATH}/{{token:str}}", opt=door(PUBLIC), tags=TAGS)
async def download(
    token: Annotated[str, PathParameter(max_length=TOKEN_LENGTH_MAX)],
    caller: FromCaller,
    request: Request[Any, Any, State],
) -> Response[bytes]:
    """The file that a link leads to, or a range of it.

    A request without Range counts as a download; ranges go on with the one that the same client
    began within a day. HEAD, and whoever holds the file already (If-None-Match), count nothing.
    """
    grant_id = grant_named(caller, token)
    found = await caller.ask(sendable, grant_id)
    etag = f'"{found.file.sha256[:32]}"'
    headers = request.headers
    if is_known(etag, headers.get("if-none-match", "")):
        return Response(b"", status_code=304, headers={"etag": etag})
    ranges, if_range = headers.getall("range", []), headers.getall("if-range", [])
    part = part_of(ranges, if_range, etag, found.file.size)
    told = _headers(found.file, etag)
    if notes_of(request.scope).is_head:
        return FileResponse(_Nothing(), part, told)
    STEP_ASIDE.get()()  # a file store may be slow, and takes no room from others
    opened = await caller.get(FileDesk).open(caller.tenant_id, found.file, part.start, part.length)
    try:
        await _count(caller, found, part, headers.get("user-agent", ""))
    except BaseException:
        await opened.close()
        raise
    return FileResponse(opened, part, told)


async def _count(caller: Caller, found: Sendable, part: Part, agent: str) -> None:
    client = client_of(caller, found.grant.id, agent)
    file = found.file
    asked = Asked(client, file.sha256, file.size, part.length, part.ranged)
    caller.note(order_id=found.grant.order_id)
    await caller.send(BeginDownload(found.grant.id, asked))


def _headers(file: DigitalFile, etag: str) -> dict[str, str]:
    return {
        "content-type": file.media_type,
        "content-disposition": attachment(file.file_name),
        "etag": etag,
    }


class _Nothing:
    """The body of an answer that has none."""

    async def chunks(self) -> AsyncIterator[bytes]:
        """No bytes."""
        for piece in tuple[bytes, ...]():
            yield piece

    async def close(self) -> None:
        """There is nothing to close."""


ROUTES = (list_links, download)
