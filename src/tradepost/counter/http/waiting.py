"""What waits for a person: sales that were flagged, and sales that were set aside."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, put

from tradepost.counter.commands.handing_in import Kept, SettleSetAside
from tradepost.counter.commands.parking import ReviewSale
from tradepost.counter.http.bodies import NoteBody
from tradepost.counter.queries import SaleView, flagged_sales, sale_page, set_aside_rows
from tradepost.counter.queries.waiting import SetAsideView
from tradepost.kernel.ids import SaleId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    FromCaller,
    FromPaging,
    FromPath,
    JSONBody,
    Page,
    door,
    versioned,
)

TAGS = ["Counter"]
READ, SETTLE = Permission.REGISTERS_READ, Permission.SHIFTS_OVERRIDE


@get("/api/v1/counter/flagged-sales", opt=door(READ), tags=TAGS)
async def list_flagged(caller: FromCaller, paging: FromPaging) -> Page[SaleView]:
    """Sales that were handed in and that somebody should look at, the oldest first."""
    rows = await caller.ask(flagged_sales, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: row.position)


@put("/api/v1/counter/sales/{sale_id:uuid}/review", opt=door(SETTLE, if_match=True), tags=TAGS)
async def review_sale(
    sale_id: FromPath[UUID], data: JSONBody[NoteBody], caller: FromCaller
) -> Response[SaleView]:
    """Say what was done about a flagged sale."""
    await caller.send(ReviewSale(SaleId(sale_id), data.note, caller.matched))
    view = await caller.ask(sale_page, SaleId(sale_id))
    return versioned(view, view.version)


@get("/api/v1/counter/set-aside-sales", opt=door(READ), tags=TAGS)
async def list_set_aside(caller: FromCaller, paging: FromPaging) -> Page[SetAsideView]:
    """Sales that were paid and could not be booked, the oldest first; hand them in again, or
    settle them."""
    rows = await caller.ask(set_aside_rows, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: row.position)


@put(
    "/api/v1/counter/set-aside-sales/{set_aside_id:uuid}/settlement",
    opt=door(SETTLE, if_match=True),
    tags=TAGS,
)
async def settle_set_aside(
    set_aside_id: FromPath[UUID], data: JSONBody[NoteBody], caller: FromCaller
) -> Response[Kept]:
    """Say what was done about a sale that was set aside."""
    answer: Kept = await caller.send(
        SettleSetAside(SaleId(set_aside_id), data.note, caller.matched)
    )
    return versioned(answer, answer.version)


ROUTES = (list_flagged, review_sale, list_set_aside, settle_set_aside)
