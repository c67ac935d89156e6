"""Deliveries for staff, and the view of them that their shoppers have."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import QueryParameter
from msgspec import Meta

from tradepost.delivery.commands.ending import BringBack, FailDelivery, HandOver, TryAgain
from tradepost.delivery.commands.jobs import AssignDelivery, ReleaseJob
from tradepost.delivery.domain.job import CODE_TRIES_PER_MINUTE, JobState
from tradepost.delivery.errors import TooManyCodes
from tradepost.delivery.queries.jobs import (
    DeliveryView,
    ShopperView,
    delivery_page,
    delivery_rows,
    shopper_page,
    signature_of,
)
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CourierId, CustomerId, DeliveryId, OrderId
from tradepost.kernel.messages import Command
from tradepost.kernel.permissions import Permission
from tradepost.platform.live import Positions
from tradepost.platform.web import (
    GUEST_OR_CUSTOMER,
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
from tradepost.platform.web.body import Line, Version
from tradepost.platform.web.rates import Limit, RateLimiter

TAGS = ["Deliveries"]
READ, WRITE = Permission.DELIVERIES_READ, Permission.DELIVERIES_WRITE
PATH = "/api/v1/deliveries"
ONE = f"{PATH}/{{delivery_id:uuid}}"
Code = Annotated[str, Meta(max_length=20, examples=["481516"])]


class AssignBody(Body, frozen=True):
    """Who is to bring it."""

    courier_id: UUID
    version: Version | None = None


class JobStepBody(Body, frozen=True):
    """The version that a step is based on, where it matters."""

    version: Version | None = None


class HandOverBody(Body, frozen=True):
    """The shopper's code, or the token of their order's link: one of them."""

    code: Code = ""
    order_token: Annotated[str, Meta(max_length=200)] = ""
    version: Version | None = None


class FailBody(Body, frozen=True):
    """Why nobody took the goods."""

    reason: Line


@get(PATH, opt=door(READ), tags=TAGS)
async def list_deliveries(
    caller: FromCaller, paging: FromPaging, status: FromQuery[JobState | None] = None
) -> Page[DeliveryView]:
    """Deliveries, the newest first."""
    rows = await caller.ask(delivery_rows, status, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: row.position)


@get(ONE, opt=door(READ), tags=TAGS)
async def read_delivery(delivery_id: FromPath[UUID], caller: FromCaller) -> Response[DeliveryView]:
    """One delivery."""
    return await _shown(caller, delivery_id)


@get(f"{ONE}/signature", opt=door(READ), tags=TAGS, media_type="application/octet-stream")
async def read_signature(delivery_id: FromPath[UUID], caller: FromCaller) -> bytes:
    """The bytes of the signature with which it was taken."""
    return await caller.ask(signature_of, DeliveryId(delivery_id))


@post(f"{ONE}/assign", opt=door(WRITE), tags=TAGS, status_code=200)
async def assign_delivery(
    delivery_id: FromPath[UUID], data: JSONBody[AssignBody], caller: FromCaller
) -> Response[DeliveryView]:
    """Give it to a courier who is on duty."""
    courier = CourierId(data.courier_id)
    wish = AssignDelivery(DeliveryId(delivery_id), courier, data.version)
    return await _stepped(caller, delivery_id, wish)


@post(f"{ONE}/release", opt=door(WRITE), tags=TAGS, status_code=200)
async def release_delivery(
    delivery_id: FromPath[UUID], data: JSONBody[JobStepBody], caller: FromCaller
) -> Response[DeliveryView]:
    """Take it from its courier; it waits for another."""
    wish = ReleaseJob(DeliveryId(delivery_id), version=data.version)
    return await _stepped(caller, delivery_id, wish)


@post(f"{ONE}/hand-over", opt=door(WRITE), tags=TAGS, status_code=200)
async def hand_over(
    delivery_id: FromPath[UUID], data: JSONBody[HandOverBody], caller: FromCaller
) -> Response[DeliveryView]:
    """The shopper fetches the goods, and shows the code or the link of the order.

    The order has to be paid: record the payment first, if it is not.
    """
    id = DeliveryId(delivery_id)
    by_link = False
    if data.order_token:
        job = await caller.ask(delivery_page, id)
        by_link = caller.opens("order", job.order_id, data.order_token)
    if not by_link:
        await _count_try(caller, id)
    wish = HandOver(id, data.code, by_link, data.version)
    return await _stepped(caller, delivery_id, wish)


@post(f"{ONE}/fail", opt=door(WRITE), tags=TAGS, status_code=200)
async def fail_delivery(
    delivery_id: FromPath[UUID], data: JSONBody[FailBody], caller: FromCaller
) -> Response[DeliveryView]:
    """Nobody took the goods, as the courier says by telephone."""
    answer = await _stepped(caller, delivery_id, FailDelivery(DeliveryId(delivery_id), data.reason))
    await caller.get(Positions).end(caller.tenant_id, OrderId(answer.content.order_id))
    return answer


@post(f"{ONE}/try-again", opt=door(WRITE), tags=TAGS, status_code=200)
async def try_again(
    delivery_id: FromPath[UUID], data: JSONBody[JobStepBody], caller: FromCaller
) -> Response[DeliveryView]:
    """The goods are back at the shop and wait for another courier."""
    return await _stepped(caller, delivery_id, TryAgain(DeliveryId(delivery_id), data.version))


@post(f"{ONE}/bring-back", opt=door(WRITE), tags=TAGS, status_code=200)
async def bring_back(
    delivery_id: FromPath[UUID], data: JSONBody[JobStepBody], caller: FromCaller
) -> Response[DeliveryView]:
    """The goods are on the shelf again: a return, with credit for all of the order."""
    return await _stepped(caller, delivery_id, BringBack(DeliveryId(delivery_id), data.version))


@get("/api/v1/orders/{order_id:uuid}/delivery", opt=door(GUEST_OR_CUSTOMER), tags=TAGS)
async def read_own_delivery(
    order_id: FromPath[UUID],
    caller: FromCaller,
    token: Annotated[
        str | None, QueryParameter(max_length=200, description="The token of the order's link.")
    ] = None,
) -> ShopperView:
    """How the shopper gets the goods of an order that is ready, and the code to show."""
    order = OrderId(order_id)
    by_link = caller.opens("order", order, token)
    if not by_link and caller.customer_id is None:
        raise Unknown("order", str(order))
    owner = None if by_link or caller.customer_id is None else CustomerId(caller.customer_id)
    return await caller.ask(shopper_page, order, owner)


async def _count_try(caller: Caller, id: DeliveryId) -> None:
    limiter: RateLimiter = caller.get(RateLimiter)  # type: ignore[type-abstract]  # a port
    verdict = await limiter.take(f"{caller.tenant_id}:code:{id}", Limit(CODE_TRIES_PER_MINUTE))
    if not verdict.allowed:
        raise TooManyCodes(verdict.retry_after_s)


async def _stepped(caller: Caller, delivery_id: UUID, wish: Command) -> Response[DeliveryView]:
    await caller.send(wish)
    return await _shown(caller, delivery_id)


async def _shown(caller: Caller, delivery_id: UUID) -> Response[DeliveryView]:
    view = await caller.ask(delivery_page, DeliveryId(delivery_id))
    return versioned(view, view.version)


STAFF_ROUTES = (
    list_deliveries,
    read_delivery,
    read_signature,
    assign_delivery,
    release_delivery,
    hand_over,
    fail_delivery,
    try_again,
    bring_back,
)
ROUTES = (read_own_delivery,)
