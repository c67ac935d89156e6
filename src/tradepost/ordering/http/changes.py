"""Changing a placed order: looked at first, then confirmed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, post
from msgspec import Meta

from tradepost.kernel.ids import OrderId, OrderLineId
from tradepost.ordering.commands import ChangeOrder
from tradepost.ordering.commands.answers import Placed
from tradepost.ordering.http.staff import LINES_MAX, ONE, TAGS, StaffLineBody
from tradepost.platform.web import Body, FromCaller, FromPath, JSONBody, door, versioned
from tradepost.platform.web.body import Units, Version


class CallOffBody(Body, frozen=True):
    """So many units of an order line are no longer wanted."""

    order_line_id: UUID
    quantity: Units


class ChangeBody(Body, frozen=True):
    """Units called off and articles added, on a version of the order."""

    version: Version
    call_off: Annotated[tuple[CallOffBody, ...], Meta(max_length=LINES_MAX)] = ()
    add: Annotated[tuple[StaffLineBody, ...], Meta(max_length=LINES_MAX)] = ()

    def wish(self, order_id: UUID) -> ChangeOrder:
        """The command that this asks for."""
        off = tuple((OrderLineId(one.order_line_id), one.quantity) for one in self.call_off)
        added = tuple(line.parsed() for line in self.add)
        return ChangeOrder(OrderId(order_id), self.version, off, added)


@post(f"{ONE}/change/preview", opt=door("orders.change"), tags=TAGS, status_code=200)
async def preview_change(
    order_id: FromPath[UUID], data: JSONBody[ChangeBody], caller: FromCaller
) -> Placed:
    """What the order would come to; nothing is changed."""
    answer: Placed = await caller.preview(data.wish(order_id))
    return answer


@post(f"{ONE}/change", opt=door("orders.change", key=True), tags=TAGS, status_code=200)
async def change_order(
    order_id: FromPath[UUID], data: JSONBody[ChangeBody], caller: FromCaller
) -> Response[Placed]:
    """Change the order before anything has left."""
    answer: Placed = await caller.send(data.wish(order_id))
    return versioned(answer, answer.version)


ROUTES = (preview_change, change_order)
