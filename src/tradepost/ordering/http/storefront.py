"""Checking out and following an order, for shoppers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import QueryParameter
from msgspec import Meta

from tradepost.kernel.contact import Email
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.commands.answers import Placed
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.http import carts, tracking
from tradepost.ordering.http.bodies import ChoicesBody, EmailText, LineBody, address_of, email_of
from tradepost.ordering.http.carts import CartToken
from tradepost.ordering.http.passes import customer_of, opened_cart, opens_order, order_token
from tradepost.ordering.queries import (
    OrderFilter,
    OrderRow,
    OrderView,
    order_by_number,
    order_page,
    order_rows,
)
from tradepost.platform.web import (
    CUSTOMER,
    GUEST_OR_CUSTOMER,
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
from tradepost.platform.web.body import Amount

TAGS = ["Orders"]
PATH = "/api/v1/orders"
LINES_MAX = 100_000


class CheckoutBody(ChoicesBody, frozen=True, kw_only=True):
    """Everything an order needs; ``expected_total`` in minor units guards what is charged."""

    lines: Annotated[tuple[LineBody, ...], Meta(min_length=1, max_length=LINES_MAX)]
    expected_total: Amount | None = None


class CartCheckoutBody(Body, frozen=True):
    """``expected_total`` in minor units guards what is charged."""

    expected_total: Amount | None = None


class LookUpBody(Body, frozen=True):
    """An order's number, and the mail address it was placed with."""

    number: Annotated[int, Meta(ge=1, le=10**15)]
    email: EmailText


@dataclass(frozen=True, slots=True)
class PlacedView:
    """The order as it was placed, in minor units of ``currency``; ``token`` opens it again."""

    id: OrderId
    number: int
    status: str
    currency: str
    subtotal: int
    discount: int
    shipping: int
    cod_fee: int
    tax: int
    rounding: int
    total: int
    payment_method: str
    version: int
    token: str


@post("/api/v1/checkout", opt=door(GUEST_OR_CUSTOMER, key=True, rate="checkout"), tags=TAGS)
async def check_out(data: JSONBody[CheckoutBody], caller: FromCaller) -> Response[PlacedView]:
    """Order articles at once, without a cart."""
    basket = Basket(
        lines=tuple(line.parsed() for line in data.lines),
        delivery=data.delivery,
        payment_method=data.payment_method,
        ship_to=address_of(data.ship_to),
        location_id=data.place,
        slot_id=data.slot,
        customer_id=customer_of(caller),
        email=email_of(data.email),
        expected_total=data.expected_total,
    )
    return _placed(caller, await caller.send(PlaceOrder(basket)))


@post(
    "/api/v1/carts/{cart_id:uuid}/checkout",
    opt=door(GUEST_OR_CUSTOMER, key=True, rate="checkout"),
    tags=TAGS,
)
async def check_out_cart(
    cart_id: FromPath[UUID],
    data: JSONBody[CartCheckoutBody],
    caller: FromCaller,
    cart_token: CartToken = None,
) -> Response[PlacedView]:
    """Order what is in a cart; a cart becomes one order at most, whatever the key."""
    cart, owner = opened_cart(caller, cart_id, cart_token)
    basket = Basket(cart_id=cart, customer_id=owner, expected_total=data.expected_total)
    return _placed(caller, await caller.send(PlaceOrder(basket)))


@get(PATH, opt=door(CUSTOMER), tags=TAGS)
async def list_own_orders(caller: FromCaller, paging: FromPaging) -> Page[OrderRow]:
    """The customer's orders, the newest first."""
    wanted = OrderFilter(customer_id=customer_of(caller))
    after = paging.after[0] if paging.after else None
    rows = await caller.ask(order_rows, wanted, after, paging.limit + 1)
    return paging.page(rows, lambda row: (row.number,))


@get(f"{PATH}/{{order_id:uuid}}", opt=door(GUEST_OR_CUSTOMER), tags=TAGS)
async def read_order(
    order_id: FromPath[UUID],
    caller: FromCaller,
    token: Annotated[
        str | None, QueryParameter(max_length=200, description="The token of the order's link.")
    ] = None,
) -> Response[OrderView]:
    """An order, for its customer or for whoever holds its link."""
    order = OrderId(order_id)
    by_link = opens_order(caller, order, token)
    if not by_link and caller.customer_id is None:
        raise Unknown("order", str(order))
    view = await caller.ask(order_page, order)
    if not by_link and view.customer_id != caller.customer_id:
        raise Unknown("order", str(order))
    return versioned(view, view.version)


@post(f"{PATH}/look-up", opt=door(GUEST_OR_CUSTOMER, rate="lookup"), tags=TAGS, status_code=200)
async def look_up(data: JSONBody[LookUpBody], caller: FromCaller) -> Response[OrderView]:
    """An order by its number and the mail address it was placed with."""
    wanted = Email.parse(data.email)
    view = await caller.ask(order_by_number, data.number)
    if view.email is None or Email(view.email) != wanted:
        raise Unknown("order", str(data.number))
    return versioned(view, view.version)


def _placed(caller: Caller, answer: Placed) -> Response[PlacedView]:
    told = asdict(answer)
    order_id = told.pop("order_id")
    caller.note(order_id=order_id)
    view = PlacedView(id=order_id, token=order_token(caller, order_id), **told)
    return versioned(view, view.version, status=201, location=f"{PATH}/{view.id}")


ROUTES = (
    *carts.ROUTES,
    check_out,
    check_out_cart,
    list_own_orders,
    read_order,
    look_up,
    *tracking.ROUTES,
)
