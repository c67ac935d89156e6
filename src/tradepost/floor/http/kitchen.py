"""The kitchen screen."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from msgspec import Meta

from tradepost.floor.commands.cooking import MoveDishes, PrintTicket
from tradepost.floor.queries.kitchen import TicketView, station_tickets, ticket_page
from tradepost.kernel.ids import KitchenLineId, KitchenTicketId, StationId
from tradepost.kernel.permissions import Permission
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
from tradepost.platform.web.body import InstantParameter, Version, instant

TAGS = ["Kitchen"]
TICKET = "/api/v1/kitchen/tickets/{ticket_id:uuid}"
WORK = Permission.KITCHEN_WORK


class KitchenAction(StrEnum):
    """A step of dishes."""

    START = "start"
    BUMP = "bump"
    SERVE = "serve"
    RECALL = "recall"


class StepBody(Body, frozen=True):
    """The step, for these dishes of the ticket or for all that it is open to.

    With a ``version`` only if the ticket is still at it.
    """

    action: KitchenAction
    line_ids: Annotated[tuple[UUID, ...], Meta(max_length=1000)] = ()
    version: Version | None = None


@get("/api/v1/kitchen/stations/{station_id:uuid}/tickets", opt=door(WORK), tags=TAGS)
async def list_tickets(
    station_id: FromPath[UUID],
    caller: FromCaller,
    paging: FromPaging,
    since: InstantParameter = None,
) -> Page[TicketView]:
    """What a station has to make, the oldest first.

    With `since` all tickets that changed from then on, done ones too: ask again from a few seconds
    before the last answer, and drop what you know by its `version`.
    """
    place, from_then = StationId(station_id), instant(since, "since")
    rows = await caller.ask(station_tickets, place, from_then, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: row.position)


@get(TICKET, opt=door(WORK), tags=TAGS)
async def read_ticket(ticket_id: FromPath[UUID], caller: FromCaller) -> Response[TicketView]:
    """A ticket."""
    return await _ticket(caller, KitchenTicketId(ticket_id))


@post(f"{TICKET}/steps", opt=door(WORK), tags=TAGS, status_code=200)
async def move_dishes(
    ticket_id: FromPath[UUID], data: JSONBody[StepBody], caller: FromCaller
) -> Response[TicketView]:
    """Begin dishes, bump them when they are ready, serve them, or recall them."""
    id = KitchenTicketId(ticket_id)
    lines = tuple(KitchenLineId(one) for one in data.line_ids)
    await caller.send(MoveDishes(id, data.action.value, lines, data.version))
    return await _ticket(caller, id)


@post(f"{TICKET}/print", opt=door(WORK), tags=TAGS, status_code=200)
async def print_ticket(ticket_id: FromPath[UUID], caller: FromCaller) -> Response[TicketView]:
    """Print a ticket again; nothing is cooked again."""
    id = KitchenTicketId(ticket_id)
    await caller.send(PrintTicket(id))
    return await _ticket(caller, id)


async def _ticket(caller: Caller, id: KitchenTicketId) -> Response[TicketView]:
    view = await caller.ask(ticket_page, id)
    return versioned(view, view.version)


ROUTES = (list_tickets, read_ticket, move_dishes, print_ticket)
