"""Stock, movements, reservations; receipts, adjustments and how stock is treated."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post, put

from tradepost.inventory.commands.goods import AdjustStock, ReceiveStock
from tradepost.inventory.commands.hot import MarkHot
from tradepost.inventory.commands.policies import AllowBackorder, SetSafetyStock
from tradepost.inventory.domain.reservations import Reservation, ReservationState
from tradepost.inventory.domain.stock import StockMovement
from tradepost.inventory.errors import NameOne
from tradepost.inventory.http.bodies import (
    AdjustmentBody,
    BackorderBody,
    HotBody,
    ReceiptBody,
    SafetyBody,
    goods,
)
from tradepost.inventory.queries import StockView, movements, reservations, stock_levels
from tradepost.kernel.clock import to_micros
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import AdjustmentId, LocationId, ReceiptId, VariantId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    Body,
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
)

TAGS = ["Inventory"]
READ, ADJUST = Permission.INVENTORY_READ, Permission.INVENTORY_ADJUST


class Receipt(Body, frozen=True):
    """A receipt that was booked; its movements have it as their cause."""

    receipt_id: ReceiptId


class Adjustment(Body, frozen=True):
    """An adjustment that was booked; its movements have it as their cause."""

    adjustment_id: AdjustmentId


class Marked(Body, frozen=True):
    """At how many locations a variant was marked."""

    locations: int


@get("/api/v1/stock", opt=door(READ), tags=TAGS)
async def list_stock(
    caller: FromCaller,
    paging: FromPaging,
    location_id: FromQuery[UUID | None] = None,
    variant_id: FromQuery[UUID | None] = None,
) -> Page[StockView]:
    """What lies where, and how much of it is free."""
    rows = await caller.ask(
        stock_levels,
        location_id=location_id,
        variant_id=variant_id,
        after=paging.after,
        limit=paging.limit + 1,
    )
    return paging.page(rows, lambda row: (str(row.location_id), str(row.variant_id)))


@get("/api/v1/stock/movements", opt=door(READ), tags=TAGS)
async def list_movements(
    caller: FromCaller,
    paging: FromPaging,
    variant_id: FromQuery[UUID | None] = None,
    cause_id: FromQuery[UUID | None] = None,
    location_id: FromQuery[UUID | None] = None,
) -> Page[StockMovement]:
    """Goods that came and went, the newest first; of a variant, or of the document that did it."""
    if variant_id is None and cause_id is None:
        raise NameOne("variant_id, cause_id")
    rows = await caller.ask(
        movements,
        variant_id=variant_id,
        cause_id=cause_id,
        location_id=location_id,
        after=paging.after,
        limit=paging.limit + 1,
    )
    return paging.page(rows, lambda row: (to_micros(row.at), str(row.id)))


@get("/api/v1/stock/reservations", opt=door(READ), tags=TAGS)
async def list_reservations(
    caller: FromCaller,
    paging: FromPaging,
    owner_id: FromQuery[UUID | None] = None,
    variant_id: FromQuery[UUID | None] = None,
    status: FromQuery[ReservationState | None] = None,
) -> Page[Reservation]:
    """What is promised, the newest first; to a cart or an order, or of a variant."""
    if owner_id is None and variant_id is None:
        raise NameOne("owner_id, variant_id")
    rows = await caller.ask(
        reservations,
        owner_id=owner_id,
        variant_id=variant_id,
        state=status,
        after=paging.after,
        limit=paging.limit + 1,
    )
    return paging.page(rows, lambda row: (to_micros(row.made_at), str(row.id)))


@post("/api/v1/stock/receipts", opt=door(Permission.INVENTORY_RECEIVE, key=True), tags=TAGS)
async def receive(data: JSONBody[ReceiptBody], caller: FromCaller) -> Receipt:
    """Book goods in that have arrived."""
    wish = ReceiveStock(LocationId(data.location_id), goods(data.lines), data.reference)
    return Receipt(await caller.send(wish))


@post("/api/v1/stock/adjustments", opt=door(ADJUST, key=True), tags=TAGS)
async def adjust(data: JSONBody[AdjustmentBody], caller: FromCaller) -> Adjustment:
    """Book what was found or lost; a loss of more than is there is refused: count instead."""
    place, lines = LocationId(data.location_id), goods(data.lines)
    return Adjustment(await caller.send(AdjustStock(place, lines, data.reason, data.wasted)))


@put("/api/v1/stock/{location_id:uuid}/{variant_id:uuid}/safety-stock", opt=door(ADJUST), tags=TAGS)
async def set_safety(
    location_id: FromPath[UUID],
    variant_id: FromPath[UUID],
    data: JSONBody[SafetyBody],
    caller: FromCaller,
) -> StockView:
    """Keep units of a variant back from every promise."""
    place, variant = LocationId(location_id), VariantId(variant_id)
    await caller.send(SetSafetyStock(place, variant, data.quantity))
    return await _one(caller, place, variant)


@put("/api/v1/stock/{location_id:uuid}/{variant_id:uuid}/backorder", opt=door(ADJUST), tags=TAGS)
async def set_backorder(
    location_id: FromPath[UUID],
    variant_id: FromPath[UUID],
    data: JSONBody[BackorderBody],
    caller: FromCaller,
) -> StockView:
    """Let a variant be promised before it arrives, or no longer."""
    place, variant = LocationId(location_id), VariantId(variant_id)
    await caller.send(AllowBackorder(place, variant, data.allowed))
    return await _one(caller, place, variant)


@put("/api/v1/variants/{variant_id:uuid}/hot", opt=door(ADJUST), tags=TAGS)
async def set_hot(
    variant_id: FromPath[UUID], data: JSONBody[HotBody], caller: FromCaller
) -> Marked:
    """Give requests for a variant a lane of their own wherever it lies, or take it back."""
    return Marked(await caller.send(MarkHot(VariantId(variant_id), data.is_hot)))


async def _one(caller: Caller, location_id: LocationId, variant_id: VariantId) -> StockView:
    found = await caller.ask(stock_levels, location_id=location_id, variant_id=variant_id)
    if not found:
        raise Unknown("stock", f"{location_id}/{variant_id}")
    return found[0]


ROUTES = (
    list_stock,
    list_movements,
    list_reservations,
    receive,
    adjust,
    set_safety,
    set_backorder,
    set_hot,
)
