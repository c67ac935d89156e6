"""Following an order as it happens: a token for it, and the WebSocket that it opens.

The facts come from the log, in its order and by its numbers, so that whoever comes back misses
nothing; the courier's position is of the moment and stands in no fact.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import WebSocket, get, websocket
from litestar.params import QueryParameter

from tradepost.kernel.clock import from_micros
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId
from tradepost.ordering.errors import BadSince, TrackingRefused, TrackingTalk
from tradepost.ordering.http.passes import opens_order
from tradepost.ordering.queries.tracking import ENDED, Tracked, TrackedOrder, tracked
from tradepost.platform.feed import stream_feed
from tradepost.platform.live import Following, Live
from tradepost.platform.live.following import Box, Closed, FactFrame
from tradepost.platform.live.positions import position_topic
from tradepost.platform.tokens import Audience, BadToken, Claims, Tokens, TokenType
from tradepost.platform.web import GUEST_OR_CUSTOMER, Caller, FromCaller, FromPath, door
from tradepost.platform.web.sockets import ENDED as NORMAL_END
from tradepost.platform.web.sockets import Gone, Line, visit

TAGS = ["Orders"]
SUBPROTOCOL = "tradepost.tracking.v1"
LIFE = timedelta(hours=24)
"""Of a token; whoever still follows then asks for another and comes back."""
TOKEN_SECONDS_MAX = 5.0
BEAT_S = 15.0
"""For so long nothing is told at most."""
GAP_READ = 200
SEQ_MAX = 2**62
OWN = "order."
"""What the names of an order's own facts begin with."""


@dataclass(frozen=True, slots=True)
class TrackingView:
    """What opens the WebSocket at ``path`` until ``expires_at``."""

    token: str
    path: str
    subprotocol: str
    expires_at: datetime


class Shown(msgspec.Struct, frozen=True):
    """The first message of a client that shows its token so."""

    token: str


class OrderFrame(msgspec.Struct, frozen=True, tag_field="type", tag="order"):
    """How far the order has come, as of the fact with a number."""

    seq: int
    order: TrackedOrder


class Beat(msgspec.Struct, frozen=True, tag_field="type", tag="beat"):
    """Nothing has happened; ``seq`` is the number of the last fact that was told."""

    seq: int


@get("/api/v1/orders/{order_id:uuid}/tracking", opt=door(GUEST_OR_CUSTOMER), tags=TAGS)
async def begin_tracking(
    order_id: FromPath[UUID],
    caller: FromCaller,
    token: Annotated[
        str | None, QueryParameter(max_length=200, description="The token of the order's link.")
    ] = None,
) -> TrackingView:
    """A token to follow an order live, for its customer or for whoever holds its link."""
    order = OrderId(order_id)
    by_link = opens_order(caller, order, token)
    if not by_link and caller.customer_id is None:
        raise Unknown("order", str(order))
    found = await caller.ask(tracked, order)
    if not by_link and found.customer_id != caller.customer_id:
        raise Unknown("order", str(order))
    tokens = caller.get(Tokens)
    now = tokens.now()
    made = tokens.issue(Audience.PUBLIC, TokenType.TRACKING, order, caller.tenant_id, LIFE, at=now)
    return TrackingView(made, f"/ws/orders/{order}", SUBPROTOCOL, now + LIFE)


@websocket("/ws/orders/{order_id:uuid}", opt=door(GUEST_OR_CUSTOMER))
async def follow_order(socket: WebSocket[Any, Any, Any], order_id: FromPath[UUID]) -> None:
    """Tell what becomes of an order, from the log, as long as it lives."""

    async def talk(line: Line, caller: Caller) -> None:
        claims = await _shown(line, caller)
        order = OrderId(order_id)
        if claims.tenant != caller.tenant_id or claims.sub != order:
            raise Unknown("order", str(order))
        since = _since(socket.scope["query_string"])
        await _follow(line, caller, order, since, claims.exp)

    await visit(socket, talk)


async def _shown(line: Line, caller: Caller) -> Claims:
    """What the client's token says: its second subprotocol, or its first message.

    In an address it would stand in logs on its way.
    """
    offered = line.offered
    named = SUBPROTOCOL in offered
    await line.accept(SUBPROTOCOL if named else None)
    given = next((one for one in offered if one != SUBPROTOCOL), "") if named else ""
    try:
        token = given or msgspec.json.decode(await line.heard(TOKEN_SECONDS_MAX), type=Shown).token
        return caller.get(Tokens).read(token, Audience.PUBLIC, TokenType.TRACKING)
    except (TimeoutError, msgspec.MsgspecError, BadToken) as why:
        raise TrackingRefused() from why


def _since(query: bytes) -> int | None:
    """The number after which the client goes on; none where it begins."""
    if not query:
        return None
    name, _, text = query.partition(b"=")
    if name != b"since" or not text.isdigit() or len(text) > 19 or int(text) > SEQ_MAX:
        raise BadSince("since", "is the number of the last fact that was told")
    return int(text)


async def _follow(line: Line, caller: Caller, order: OrderId, since: int | None, exp: int) -> None:
    """Listen first, then look: what comes between is heard, and told once all the same."""
    box = Box(line.cut_off)
    tenant, live = caller.tenant_id, caller.get(Live)
    with (
        caller.get(Following).follow(tenant, order, box),
        live.subscribe(tenant, position_topic(order), box.hear),
    ):
        found = await caller.ask(tracked, order)
        teller = _Teller(line, box)
        if since is None:
            teller.seq = found.seq
            await line.tell(msgspec.json.encode(OrderFrame(found.seq, found.order)))
        else:
            await _catch_up(teller, caller, order, since, found)
        if found.has_ended:
            return await line.end(NORMAL_END, "the order has ended")
        last = live.last(tenant, position_topic(order))
        if last is not None:
            box.hear(last)
        reader = asyncio.create_task(_listen(line, box))
        try:
            await teller.tell_until(from_micros(exp * 1_000_000), caller)
        finally:
            reader.cancel()
    return None


async def _catch_up(
    teller: _Teller, caller: Caller, order: OrderId, since: int, found: Tracked
) -> None:
    """Tell what the log has of the order behind a number."""
    if since > found.newest:
        raise BadSince("since", f"is beyond the last number that was given out, {found.newest}")
    teller.seq = since
    while True:
        facts = await caller.ask(stream_feed, "order", order, teller.seq, GAP_READ)
        for fact in facts:
            frame = FactFrame.of(fact)
            await teller.tell(frame, msgspec.json.encode(frame))
        if len(facts) < GAP_READ:
            return


class _Teller:
    """Tells facts once each, in order."""

    def __init__(self, line: Line, box: Box) -> None:
        self.seq = 0
        self._line = line
        self._box = box

    async def tell(self, frame: FactFrame, encoded: bytes) -> None:
        """A fact of the order's own, unless it has been told.

        What neighbours tell on its stream is not for shoppers: how much of an article there is.
        """
        if frame.seq > self.seq:
            self.seq = frame.seq
            if frame.name.startswith(OWN):
                await self._line.tell(encoded)

    async def tell_until(self, expires_at: datetime, caller: Caller) -> None:
        """What comes, until the order's life or the token's is over, or nobody listens."""
        tokens = caller.get(Tokens)
        while True:
            left = (expires_at - tokens.now()).total_seconds()
            if left <= 0:
                raise TrackingRefused()
            try:
                found = await self._box.next(min(BEAT_S, left))
            except Closed as closed:
                raise Gone from closed
            if found is None:
                await self._line.tell(msgspec.json.encode(Beat(self.seq)))
            elif found[0] is None:
                await self._line.tell(found[1])
            else:
                await self.tell(found[0], found[1])
                if _is_last(found[0]):
                    return await self._line.end(NORMAL_END, "the order has ended")


def _is_last(frame: FactFrame) -> bool:
    return frame.name == "order.cancelled" or frame.body.get("status") in ENDED


async def _listen(line: Line, box: Box) -> None:
    """Notice that the client has gone; it has nothing more to say."""
    try:
        await line.heard()
        await line.refuse(line.problem(TrackingTalk()))
    except Gone:
        pass
    finally:
        box.close()


ROUTES = (begin_tracking, follow_order)
