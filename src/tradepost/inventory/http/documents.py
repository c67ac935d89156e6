"""Stocktakes, transfers between locations, and shortfalls. ETag and If-Match are their versions."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from tradepost.inventory.commands.counts import CancelCount, CloseCount, RecordCount, StartCount
from tradepost.inventory.commands.shortfalls import SettleShortfall
from tradepost.inventory.commands.transfers import (
    CancelTransfer,
    DraftTransfer,
    ReceiveTransfer,
    SendTransfer,
)
from tradepost.inventory.domain.counts import CountState, StockCount
from tradepost.inventory.domain.shortfalls import Shortfall, ShortfallState
from tradepost.inventory.domain.transfers import TransferState
from tradepost.inventory.http.bodies import (
    CountBody,
    CountedBody,
    CountStatusBody,
    SettlementBody,
    TransferBody,
    TransferStatusBody,
    counted,
    goods,
)
from tradepost.inventory.queries import (
    CountView,
    TransferView,
    count_page,
    counts,
    shortfall_page,
    shortfalls,
    transfer_page,
    transfers,
)
from tradepost.kernel.clock import to_micros
from tradepost.kernel.ids import CountId, LocationId, ShortfallId, TransferOrderId
from tradepost.kernel.messages import Command
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
    versioned,
)

TAGS = ["Inventory"]
READ = Permission.INVENTORY_READ
COUNT, MOVE = Permission.INVENTORY_COUNT, Permission.INVENTORY_TRANSFER


@get("/api/v1/stock/counts", opt=door(READ), tags=TAGS)
async def list_counts(
    caller: FromCaller, paging: FromPaging, status: FromQuery[CountState | None] = None
) -> Page[StockCount]:
    """Stocktakes, the newest first."""
    rows = await caller.ask(counts, state=status, after=paging.after, limit=paging.limit + 1)
    return paging.page(rows, lambda row: (to_micros(row.started_at), str(row.id)))


@post("/api/v1/stock/counts", opt=door(COUNT), tags=TAGS)
async def start_count(data: JSONBody[CountBody], caller: FromCaller) -> Response[CountView]:
    """Begin to count at a location; trade goes on meanwhile."""
    made = await caller.send(StartCount(LocationId(data.location_id), data.note))
    return await _count(caller, made, status=201)


@get("/api/v1/stock/counts/{count_id:uuid}", opt=door(READ), tags=TAGS)
async def read_count(count_id: FromPath[UUID], caller: FromCaller) -> Response[CountView]:
    """A stocktake with all that was counted so far."""
    return await _count(caller, CountId(count_id))


@post("/api/v1/stock/counts/{count_id:uuid}/lines", opt=door(COUNT), tags=TAGS, status_code=200)
async def record_count(
    count_id: FromPath[UUID], data: JSONBody[CountedBody], caller: FromCaller
) -> Response[CountView]:
    """Note what was counted; a variant that is counted again replaces its figure."""
    id = CountId(count_id)
    await caller.send(RecordCount(id, counted(data.lines)))
    return await _count(caller, id)


@put("/api/v1/stock/counts/{count_id:uuid}/status", opt=door(COUNT, if_match=True), tags=TAGS)
async def end_count(
    count_id: FromPath[UUID], data: JSONBody[CountStatusBody], caller: FromCaller
) -> Response[CountView]:
    """Close a stocktake and book its differences, or give it up."""
    step = CloseCount if data.status == "closed" else CancelCount
    await caller.send(step(CountId(count_id), caller.matched))
    return await _count(caller, CountId(count_id))


@get("/api/v1/stock/transfers", opt=door(READ), tags=TAGS)
async def list_transfers(
    caller: FromCaller, paging: FromPaging, status: FromQuery[TransferState | None] = None
) -> Page[TransferView]:
    """Transfers between locations, the newest first."""
    rows = await caller.ask(transfers, state=status, after=paging.after, limit=paging.limit + 1)
    return paging.page(rows, lambda row: (to_micros(row.made_at), str(row.id)))


@post("/api/v1/stock/transfers", opt=door(MOVE), tags=TAGS)
async def draft_transfer(
    data: JSONBody[TransferBody], caller: FromCaller
) -> Response[TransferView]:
    """Plan to move goods from one location to another."""
    start, end = LocationId(data.from_location_id), LocationId(data.to_location_id)
    made = await caller.send(DraftTransfer(start, end, goods(data.lines), data.note))
    return await _transfer(caller, made, status=201)


@get("/api/v1/stock/transfers/{transfer_order_id:uuid}", opt=door(READ), tags=TAGS)
async def read_transfer(
    transfer_order_id: FromPath[UUID], caller: FromCaller
) -> Response[TransferView]:
    """A transfer."""
    return await _transfer(caller, TransferOrderId(transfer_order_id))


@put(
    "/api/v1/stock/transfers/{transfer_order_id:uuid}/status",
    opt=door(MOVE, if_match=True),
    tags=TAGS,
)
async def step_transfer(
    transfer_order_id: FromPath[UUID], data: JSONBody[TransferStatusBody], caller: FromCaller
) -> Response[TransferView]:
    """Send a transfer's goods, take them in, or call it off."""
    id, version = TransferOrderId(transfer_order_id), caller.matched
    wish: Command
    if data.status == "sent":
        wish = SendTransfer(id, version)
    elif data.status == "received":
        wish = ReceiveTransfer(id, None if data.lines is None else goods(data.lines), version)
    else:
        wish = CancelTransfer(id, version)
    await caller.send(wish)
    return await _transfer(caller, id)


@get("/api/v1/stock/shortfalls", opt=door(READ), tags=TAGS)
async def list_shortfalls(
    caller: FromCaller, paging: FromPaging, status: FromQuery[ShortfallState | None] = None
) -> Page[Shortfall]:
    """Units that orders were promised and that are not there, the newest first."""
    rows = await caller.ask(shortfalls, state=status, after=paging.after, limit=paging.limit + 1)
    return paging.page(rows, lambda row: (to_micros(row.raised_at), str(row.id)))


@put(
    "/api/v1/stock/shortfalls/{shortfall_id:uuid}/settlement",
    opt=door(Permission.INVENTORY_ADJUST, if_match=True),
    tags=TAGS,
)
async def settle_shortfall(
    shortfall_id: FromPath[UUID], data: JSONBody[SettlementBody], caller: FromCaller
) -> Response[Shortfall]:
    """Say what was done about missing units."""
    id = ShortfallId(shortfall_id)
    await caller.send(SettleShortfall(id, data.note, caller.matched))
    view = await caller.ask(shortfall_page, id)
    return versioned(view, view.version)


async def _count(caller: Caller, id: CountId, *, status: int = 200) -> Response[CountView]:
    view = await caller.ask(count_page, id)
    place = f"/api/v1/stock/counts/{id}" if status == 201 else ""
    return versioned(view, view.version, status=status, location=place)


async def _transfer(
    caller: Caller, id: TransferOrderId, *, status: int = 200
) -> Response[TransferView]:
    view = await caller.ask(transfer_page, id)
    place = f"/api/v1/stock/transfers/{id}" if status == 201 else ""
    return versioned(view, view.version, status=status, location=place)


ROUTES = (
    list_counts,
    start_count,
    read_count,
    record_count,
    end_count,
    list_transfers,
    draft_transfer,
    read_transfer,
    step_transfer,
    list_shortfalls,
    settle_shortfall,
)
