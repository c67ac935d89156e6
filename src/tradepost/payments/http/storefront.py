"""Paying by a gateway, for shoppers; and what gateways themselves have to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.params import HeaderParameter, PathParameter, QueryParameter
from msgspec import Meta

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CustomerId, OrderId, PaymentId
from tradepost.payments.commands import StartPayment
from tradepost.payments.commands.record import Recorded
from tradepost.payments.domain.payment import Share
from tradepost.payments.gateway.desk import PaymentDesk
from tradepost.payments.queries import check_owner
from tradepost.platform.web import (
    GUEST_OR_CUSTOMER,
    PUBLIC,
    Body,
    FromCaller,
    FromPath,
    JSONBody,
    door,
    versioned,
)
from tradepost.platform.web.body import Code

TAGS = ["Payments"]
SIGNATURE = "X-Signature"


class PayBody(Body, frozen=True):
    """``token`` is what the gateway gave the shopper's page for a card or an account."""

    token: Annotated[str, Meta(min_length=1, max_length=255)]
    gateway: Code = "sandbox"


@dataclass(frozen=True, slots=True)
class PaidView:
    """A payment as the shopper sees it; pending until the gateway has decided."""

    payment_id: PaymentId
    state: str
    currency: str
    captured: int


@dataclass(frozen=True, slots=True)
class HeardView:
    """What came of a call-back: applied, repeated, ignored or review."""

    result: str


@post(
    "/api/v1/orders/{order_id:uuid}/payments",
    opt=door(GUEST_OR_CUSTOMER, key=True, rate="checkout"),
    tags=TAGS,
)
async def pay_order(
    order_id: FromPath[UUID],
    data: JSONBody[PayBody],
    caller: FromCaller,
    token: Annotated[
        str | None, QueryParameter(max_length=200, description="The token of the order's link.")
    ] = None,
) -> Response[PaidView]:
    """Pay what an order owes, for its customer or for whoever holds its link."""
    order = OrderId(order_id)
    by_link = caller.opens("order", order, token)
    if not by_link and caller.customer_id is None:
        raise Unknown("order", str(order))
    owner = None if by_link or caller.customer_id is None else CustomerId(caller.customer_id)
    if owner is not None:
        await caller.ask(check_owner, order, owner)
    wish = StartPayment((Share(order),), data.gateway, data.token, owner=owner)
    paid = await caller.get(PaymentDesk).pay(caller.scope, wish, key=caller.key)
    return versioned(_view(paid), paid.version, status=201)


@post(
    "/api/v1/gateways/{gateway:str}/callbacks",
    opt=door(PUBLIC),
    tags=TAGS,
    status_code=200,
)
async def receive_callback(
    gateway: Annotated[str, PathParameter(max_length=100)],
    caller: FromCaller,
    request: Request[Any, Any, State],
    signature: Annotated[str, HeaderParameter(name=SIGNATURE, max_length=200)],
) -> HeardView:
    """Take in what a gateway tells; the raw body is signed, and any order and number will do."""
    body = await request.body()
    heard = await caller.get(PaymentDesk).receive(caller.scope, gateway, body, signature)
    return HeardView(heard.result)


def _view(paid: Recorded) -> PaidView:
    return PaidView(paid.payment_id, paid.state, paid.currency, paid.captured)


ROUTES = (pay_order, receive_callback)
