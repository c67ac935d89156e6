"""Orders for those who work here."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta

from tradepost.kernel.contact import Email
from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import CustomerId, OrderId
from tradepost.kernel.text import one_line
from tradepost.ordering.commands import CancelOrder, CompleteOrder, ExpectOrder, PlaceOrder
from tradepost.ordering.commands.answers import Placed
from tradepost.ordering.domain import Status, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.http.bodies import ChoicesBody, LineBody, address_of, email_of
from tradepost.ordering.http.steps import OrderSteps
from tradepost.ordering.queries import (
    OrderFilter,
    OrderRow,
    OrderView,
    order_by_number,
    order_page,
    order_rows,
)
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
    versioned,
)
from tradepost.platform.web.body import InstantParameter, Line, Version, instant

TAGS = ["Orders"]
PATH = "/api/v1/orders"
ONE = f"{PATH}/{{order_id:uuid}}"
LINES_MAX = 100_000
Off = Annotated[int, Meta(ge=0, le=10**15)]


class StaffLineBody(LineBody, frozen=True):
    """A line; another price than the catalogue's, in millionths of the major unit, needs the
    permission ``orders.price_override``, and a discount in minor units ``orders.discount``."""

    agreed_price_micros: Annotated[int, Meta(ge=0, le=10**15)] | None = None
    discount: Off = 0

    def parsed(self) -> Wanted:
        """The line, naming one article."""
        plain = super().parsed()
        return replace(plain, agreed_price_micros=self.agreed_price_micros, discount=self.discount)


class PlaceBody(ChoicesBody, frozen=True, kw_only=True):
    """An order that is placed for somebody.

    A ``discount`` (minor units, needs ``orders.discount``) is shared by the lines; an order that
    names a location is sold from there alone.
    """

    lines: Annotated[tuple[StaffLineBody, ...], Meta(min_length=1, max_length=LINES_MAX)]
    customer_id: UUID | None = None
    external_code: Line | None = None
    discount: Off = 0


class StatusBody(Body, frozen=True):
    """The status wanted, and the version of the order that this is based on."""

    status: Status
    version: Version


@get(PATH, opt=door("orders.read"), tags=TAGS)
async def list_orders(
    caller: FromCaller,
    paging: FromPaging,
    status: FromQuery[Status | None] = None,
    customer_id: FromQuery[UUID | None] = None,
    email: Annotated[str | None, QueryParameter(max_length=600)] = None,
    external_code: Annotated[str | None, QueryParameter(max_length=255)] = None,
    placed_from: InstantParameter = None,
    placed_before: InstantParameter = None,
) -> Page[OrderRow]:
    """Orders, the newest first."""
    wanted = OrderFilter(
        status=status.value if status else None,
        customer_id=CustomerId(customer_id) if customer_id else None,
        email_key=Email.parse(email).key if email else None,
        external_code=one_line(external_code, "external_code") if external_code else None,
        placed_from=instant(placed_from, "placed_from"),
        placed_before=instant(placed_before, "placed_before"),
    )
    after = paging.after[0] if paging.after else None
    rows = await caller.ask(order_rows, wanted, after, paging.limit + 1)
    return paging.page(rows, lambda row: (row.number,))


@get(f"{PATH}/number/{{number:int}}", opt=door("orders.read"), tags=TAGS)
async def read_order_by_number(
    number: Annotated[int, PathParameter(ge=1, le=10**15)], caller: FromCaller
) -> Response[OrderView]:
    """An order by its number."""
    view = await caller.ask(order_by_number, number)
    return versioned(view, view.version)


@get(ONE, opt=door("orders.read"), tags=TAGS)
async def read_order(order_id: FromPath[UUID], caller: FromCaller) -> Response[OrderView]:
    """An order with its lines."""
    return await _shown(caller, OrderId(order_id))


@post(PATH, opt=door("orders.place", key=True), tags=TAGS)
async def place_order(data: JSONBody[PlaceBody], caller: FromCaller) -> Response[Placed]:
    """Place an order for a customer or a guest."""
    code = None if data.external_code is None else one_line(data.external_code, "external_code")
    basket = Basket(
        lines=tuple(line.parsed() for line in data.lines),
        delivery=data.delivery,
        payment_method=data.payment_method,
        ship_to=address_of(data.ship_to),
        customer_id=None if data.customer_id is None else CustomerId(data.customer_id),
        email=email_of(data.email),
        external_code=code,
        discount=data.discount,
        location_id=data.place,
        slot_id=data.slot,
    )
    answer: Placed = await caller.send(PlaceOrder(basket))
    caller.note(order_id=answer.order_id)
    return versioned(answer, answer.version, status=201, location=f"{PATH}/{answer.order_id}")


@put(f"{ONE}/status", opt=door("orders.change"), tags=TAGS)
async def set_status(
    order_id: FromPath[UUID], data: JSONBody[StatusBody], caller: FromCaller
) -> Response[OrderView]:
    """Run the command that leads the order to a status, or refuse.

    `pending_shipment`, and `confirmed` where nothing is shipped, record the payment of what is
    owed, `shipped` hands all that is open to a carrier; `completed` and `cancelled` close the
    order. The other statuses follow from these, and from the work on it.
    """
    order = OrderId(order_id)
    now = await caller.ask(order_page, order)
    if now.version != data.version:
        raise Stale("order", data.version, now.version)
    step = caller.get(OrderSteps).to(data.status, now)
    await caller.send_whole(ExpectOrder(order, data.version), step)
    return await _shown(caller, order)


@post(f"{ONE}/complete", opt=door("orders.change", if_match=True), tags=TAGS, status_code=200)
async def complete_order(order_id: FromPath[UUID], caller: FromCaller) -> Response[OrderView]:
    """Close an order that is paid and has left."""
    await caller.send(CompleteOrder(OrderId(order_id), caller.matched))
    return await _shown(caller, OrderId(order_id))


@post(f"{ONE}/cancel", opt=door("orders.cancel", if_match=True), tags=TAGS, status_code=200)
async def cancel_order(order_id: FromPath[UUID], caller: FromCaller) -> Response[OrderView]:
    """Call an order off before anything has left."""
    await caller.send(CancelOrder(OrderId(order_id), caller.matched))
    return await _shown(caller, OrderId(order_id))


async def _shown(caller: Caller, order_id: OrderId) -> Response[OrderView]:
    view = await caller.ask(order_page, order_id)
    return versioned(view, view.version)


ROUTES = (
    list_orders,
    read_order_by_number,
    read_order,
    place_order,
    set_status,
    complete_order,
    cancel_order,
)
