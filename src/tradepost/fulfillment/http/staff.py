"""Parcels and returns, for those who pack them and take them back."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from msgspec import Meta

from tradepost.fulfillment.commands import (
    DeliverShipment,
    MoveReturn,
    RequestReturn,
    ShipOrder,
    TakeBack,
)
from tradepost.fulfillment.commands.ship import Shipped
from tradepost.fulfillment.commands.take_back import GivenBack, Returned
from tradepost.fulfillment.domain import Disposition
from tradepost.fulfillment.http.payouts import PayOuts
from tradepost.fulfillment.queries import (
    ReturnRow,
    ReturnView,
    ShipmentView,
    return_page,
    return_rows,
    shipment_page,
    shipments_of,
)
from tradepost.kernel.contact import CountryCode
from tradepost.kernel.ids import CustomerId, OrderId, OrderLineId, ReturnId, ShipmentId
from tradepost.kernel.text import one_line
from tradepost.platform.web import (
    Body,
    FromCaller,
    FromPaging,
    FromPath,
    JSONBody,
    Page,
    door,
    versioned,
)
from tradepost.platform.web.body import Code, Line, Units, Version

TAGS = ["Fulfillment"]
SHIPMENTS = "/api/v1/shipments"
RETURNS = "/api/v1/returns"
OF_ORDER = "/api/v1/orders/{order_id:uuid}"
LINES_MAX = 10_000


class UnitsBody(Body, frozen=True):
    """So many units of an order line."""

    order_line_id: UUID
    quantity: Units


class ShipBody(Body, frozen=True):
    """What a carrier takes; without lines it is everything that is open."""

    lines: Annotated[tuple[UnitsBody, ...], Meta(max_length=LINES_MAX)] = ()
    carrier: Line = ""
    tracking_number: Line = ""
    version: Version | None = None


class ReturnBody(Body, frozen=True):
    """What of an order comes back, and whether it can be sold again."""

    lines: Annotated[tuple[UnitsBody, ...], Meta(min_length=1, max_length=LINES_MAX)]
    reason: Line = ""
    disposition: Disposition = Disposition.RESTOCK


class GivenBackBody(Body, frozen=True):
    """An article that comes back without a receipt; the price is in millionths of the major."""

    sku: Code
    quantity: Units
    price_micros: Annotated[int, Meta(ge=0, le=10**15)]
    disposition: Disposition = Disposition.RESTOCK
    reason: Line = ""


class TakeBackBody(Body, frozen=True):
    """Goods that come back without a receipt, paid for at once."""

    lines: Annotated[tuple[GivenBackBody, ...], Meta(min_length=1, max_length=LINES_MAX)]
    customer_id: UUID | None = None
    country: Annotated[str, Meta(min_length=2, max_length=2)] = "ZZ"
    refund_method: Code = "bank_transfer"


class ReturnAction(StrEnum):
    """A step of a return's life by which no money moves."""

    APPROVE = "approve"
    REJECT = "reject"
    RECEIVE = "receive"


@post(f"{OF_ORDER}/shipments", opt=door("shipments.write", key=True), tags=TAGS)
async def ship(
    order_id: FromPath[UUID], data: JSONBody[ShipBody], caller: FromCaller
) -> Response[Shipped]:
    """Hand units of an order to a carrier: all that is open, or the lines named."""
    lines = tuple((OrderLineId(one.order_line_id), one.quantity) for one in data.lines)
    wish = ShipOrder(
        OrderId(order_id),
        lines,
        one_line(data.carrier, "carrier", shortest=0),
        one_line(data.tracking_number, "tracking_number", shortest=0),
        data.version,
    )
    answer: Shipped = await caller.send(wish)
    place = f"{SHIPMENTS}/{answer.shipment_id}"
    return versioned(answer, answer.version, status=201, location=place)


@get(f"{OF_ORDER}/shipments", opt=door("shipments.read"), tags=TAGS)
async def list_shipments(order_id: FromPath[UUID], caller: FromCaller) -> list[ShipmentView]:
    """The parcels of an order."""
    return await caller.ask(shipments_of, OrderId(order_id))


@get(f"{SHIPMENTS}/{{shipment_id:uuid}}", opt=door("shipments.read"), tags=TAGS)
async def read_shipment(shipment_id: FromPath[UUID], caller: FromCaller) -> Response[ShipmentView]:
    """A parcel and what is in it: the packing slip."""
    view = await caller.ask(shipment_page, ShipmentId(shipment_id))
    return versioned(view, view.version)


@post(
    f"{SHIPMENTS}/{{shipment_id:uuid}}/deliver",
    opt=door("shipments.write"),
    tags=TAGS,
    status_code=200,
)
async def deliver(shipment_id: FromPath[UUID], caller: FromCaller) -> Response[Shipped]:
    """Note that a parcel has arrived."""
    answer: Shipped = await caller.send(DeliverShipment(ShipmentId(shipment_id)))
    return versioned(answer, answer.version)


@post(f"{OF_ORDER}/returns", opt=door("returns.write", key=True), tags=TAGS)
async def request_return(
    order_id: FromPath[UUID], data: JSONBody[ReturnBody], caller: FromCaller
) -> Response[Returned]:
    """Ask to give units of an order back."""
    lines = tuple((OrderLineId(one.order_line_id), one.quantity) for one in data.lines)
    reason = one_line(data.reason, "reason", shortest=0)
    answer: Returned = await caller.send(
        RequestReturn(OrderId(order_id), lines, reason, data.disposition)
    )
    return versioned(answer, answer.version, status=201, location=f"{RETURNS}/{answer.return_id}")


@post(
    f"{RETURNS}/{{return_id:uuid}}/{{action:str}}",
    opt=door("returns.write"),
    tags=TAGS,
    status_code=200,
)
async def move_return(
    return_id: FromPath[UUID], action: FromPath[ReturnAction], caller: FromCaller
) -> Response[Returned]:
    """Take a return a step further: approve, reject or receive."""
    answer: Returned = await caller.send(MoveReturn(ReturnId(return_id), action.value))
    return versioned(answer, answer.version)


@post(
    f"{RETURNS}/{{return_id:uuid}}/refund",
    opt=door("orders.refund"),
    tags=TAGS,
    status_code=200,
)
async def refund_return(return_id: FromPath[UUID], caller: FromCaller) -> Response[Returned]:
    """Pay for a return that has come; `returns.write` is needed as well.

    A gateway that the money came by is asked at once.
    """
    answer: Returned = await caller.send(MoveReturn(ReturnId(return_id), "refund"))
    await caller.get(PayOuts).carry_out(caller.scope, ReturnId(return_id))
    return versioned(answer, answer.version)


@post(RETURNS, opt=door("returns.without_receipt", key=True), tags=TAGS)
async def take_back(data: JSONBody[TakeBackBody], caller: FromCaller) -> Response[Returned]:
    """Take goods back without a receipt, and pay for them at once."""
    lines = tuple(
        GivenBack(
            one_line(one.sku, "sku", longest=128),
            one.quantity,
            one.price_micros,
            one.disposition,
            one_line(one.reason, "reason", shortest=0),
        )
        for one in data.lines
    )
    customer_id = None if data.customer_id is None else CustomerId(data.customer_id)
    country = CountryCode.parse(data.country).code
    answer: Returned = await caller.send(
        TakeBack(lines, customer_id, None, country, data.refund_method)
    )
    return versioned(answer, answer.version, status=201, location=f"{RETURNS}/{answer.return_id}")


@get(RETURNS, opt=door("returns.read"), tags=TAGS)
async def list_returns(caller: FromCaller, paging: FromPaging) -> Page[ReturnRow]:
    """Returns, the newest first."""
    rows = await caller.ask(return_rows, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: row.position)


@get(f"{RETURNS}/{{return_id:uuid}}", opt=door("returns.read"), tags=TAGS)
async def read_return(return_id: FromPath[UUID], caller: FromCaller) -> Response[ReturnView]:
    """A return with its lines."""
    view = await caller.ask(return_page, ReturnId(return_id))
    return versioned(view, view.row.version)


ROUTES = (
    ship,
    list_shipments,
    read_shipment,
    deliver,
    request_return,
    move_return,
    refund_return,
    take_back,
    list_returns,
    read_return,
)
