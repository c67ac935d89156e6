"""WebSockets at the door: for which shop, how many, and how they are refused, told and ended.

Before it is open a WebSocket is refused by an HTTP answer, as any request. Once it is open the
problem document is its last message, and it is closed with 4000 and the status HTTP has for it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from tradepost.kernel.errors import Refusal
from tradepost.kernel.messages import Actor, Scope
from tradepost.platform.db.errors import OutcomeUnknown, StoreBusy, TryAgain
from tradepost.platform.patience import PATIENCE
from tradepost.platform.telemetry.metrics import Metrics
from tradepost.platform.web import errors
from tradepost.platform.web.addresses import bucket_of, client_address
from tradepost.platform.web.context import Caller, Office
from tradepost.platform.web.door import door_of
from tradepost.platform.web.guard import count_request, shop_of_request
from tradepost.platform.web.notes import Notes, request_id
from tradepost.platform.web.problem import MEDIA_TYPE, Problem, problem_of, unexpected
from tradepost.platform.web.settings import SocketLimits
from tradepost.platform.web.socket_protocol import CUT_OFF

Talk = Callable[["Line", Caller], Awaitable[None]]
AnySocket = WebSocket[Any, Any, Any]
SEND_SECONDS_MAX = 10.0
RETRY_AFTER_S = 10
ENDED, GOING, FAILED = 1000, 1012, 1011
_log = structlog.get_logger("tradepost.web")


class Gone(Exception):
    """Nobody is at the other end any more."""


class SocketRoom:
    """How many WebSockets of an app are open, by address."""

    def __init__(self, limits: SocketLimits, metrics: Metrics, audience: str) -> None:
        self._limits = limits
        self._by_address: Counter[str] = Counter()
        self._open = 0
        self._figure = metrics.sockets.labels(audience)
        self.cut = metrics.sockets_cut.labels(audience)

    @contextmanager
    def stay(self, address: str) -> Iterator[None]:
        """Hold a place while the block lasts.

        :raises TooBusy: if all are taken.
        :raises TooManySockets: if the address has as many as it may.
        """
        if self._open >= self._limits.open_max:
            raise errors.TooBusy(RETRY_AFTER_S)
        if self._by_address[address] >= self._limits.per_address_max:
            raise errors.TooManySockets(self._limits.per_address_max, RETRY_AFTER_S)
        self._count(address, 1)
        try:
            yield
        finally:
            self._count(address, -1)

    def _count(self, address: str, one: int) -> None:
        self._open += one
        self._by_address[address] += one
        if not self._by_address[address]:
            del self._by_address[address]
        self._figure.set(self._open)


class Line:
    """One open WebSocket, as its route sees it."""

    def __init__(self, socket: AnySocket, notes: Notes, room: SocketRoom) -> None:
        self._socket = socket
        self._notes = notes
        self._room = room

    @property
    def offered(self) -> list[str]:
        """The subprotocols that the client named."""
        offered: list[str] = self._socket.scope["subprotocols"]
        return offered

    async def accept(self, subprotocol: str | None = None) -> None:
        """Open it."""
        told = [(b"x-request-id", self._notes.request_id.encode())]
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol, "headers": told})

    async def tell(self, text: bytes) -> None:
        """Send a message of text.

        :raises Gone: if there is nobody, or nobody takes it in.
        """
        await self._send({"type": "websocket.send", "text": text.decode()})

    async def heard(self, seconds: float | None = None) -> str:
        """What the client says next, at most so much later; nothing if it is no text.

        :raises Gone: if it has gone.
        :raises TimeoutError: if it says nothing.
        """
        async with asyncio.timeout(seconds):
            message: Any = await self._received()
        return message.get("text") or ""

    async def end(self, code: int, reason: str) -> None:
        """Close it."""
        with suppress(Gone):
            await self._send({"type": "websocket.close", "code": code, "reason": reason})

    def cut_off(self) -> None:
        """Hang up: what was sent and not read is lost."""
        self._room.cut.inc()
        _log.info("a WebSocket is cut off", why="nobody reads it")
        hang_up: Callable[[], None] | None = self._socket.scope["state"].get(CUT_OFF)
        if hang_up is not None:
            hang_up()

    async def refuse(self, problem: Problem) -> None:
        """Tell the problem, and close it."""
        with suppress(Gone):
            await self.tell(problem.encoded())
        await self.end(4000 + problem.status, problem.body["code"])

    async def deny(self, problem: Problem) -> None:
        """Answer the request with a problem instead of opening it."""
        told = {"content-type": MEDIA_TYPE, "cache-control": "no-store", **problem.headers}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
        start = {"type": "websocket.http.response.start", "status": problem.status}
        with suppress(Gone):
            await self._send({**start, "headers": raw})
            await self._send({"type": "websocket.http.response.body", "body": problem.encoded()})

    def problem(self, refusal: Refusal) -> Problem:
        """The document of a refusal."""
        return problem_of(refusal, self._socket.scope["path"], self._notes.request_id)

    def failure(self) -> Problem:
        """The document of a defect of ours."""
        return unexpected(self._socket.scope["path"], self._notes.request_id)

    async def _send(self, message: Any) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS_MAX):
                await self._socket.send(message)
        except TimeoutError as error:
            self.cut_off()
            raise Gone from error
        except (OSError, WebSocketDisconnect) as error:
            raise Gone from error

    async def _received(self) -> Any:
        try:
            message: Any = await self._socket.receive()
        except WebSocketDisconnect as error:
            raise Gone from error
        if message["type"] == "websocket.disconnect":
            raise Gone
        return message


async def visit(socket: AnySocket, talk: Talk) -> None:
    """Let a client talk to a route, once it may; whatever happens, it is told and closed."""
    office: Office = socket.app.state.office
    room: SocketRoom = socket.app.state.sockets
    notes = _begun(socket, office)
    line = Line(socket, notes, room)
    await socket.receive()  # it is about to be opened
    try:
        caller = await _let_in(socket, office, notes)
        with room.stay(bucket_of(caller.actor.origin)):
            await _talk(line, caller, talk)
    except Refusal as refusal:
        await line.deny(line.problem(refusal))


async def _talk(line: Line, caller: Caller, talk: Talk) -> None:
    try:
        await talk(line, caller)
    except Gone:
        return
    except Refusal as refusal:
        await line.refuse(line.problem(refusal))
    except (OutcomeUnknown, TryAgain):
        busy = StoreBusy(why="the database cannot be reached", retry_after_s=2)
        await line.refuse(line.problem(busy))
    except Exception:
        _log.exception("failed")
        await line.refuse(line.failure())


def _begun(socket: AnySocket, office: Office) -> Notes:
    given = socket.headers.getall("x-request-id", [])
    notes = Notes(request_id(given[0] if len(given) == 1 else "", office.bus.ids))
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=notes.request_id)
    PATIENCE.set(office.settings.requests.of_request(office.audience, "POST"))  # it will stay
    return notes


async def _let_in(socket: AnySocket, office: Office, notes: Notes) -> Caller:
    """The caller, for the shop that is named; who it is, the route finds out."""
    admission = socket.app.state.admission
    if admission.full:
        raise admission.refusal()
    door = door_of(socket.route_handler)
    assert door is not None, "checked when the app was built"
    headers = socket.headers
    shop = await shop_of_request(socket, headers, office, door, notes)
    origin = headers.get("origin")
    own = headers.get("host", "")
    if origin is not None and origin not in shop.origins and urlsplit(origin).netloc != own:
        raise errors.OriginRefused(origin[:200])
    address = client_address(
        socket.client.host if socket.client else None,
        headers.getall("x-forwarded-for", []),
        office.settings.trusted_proxies,
    )
    actor = Actor("guest", origin=address)
    await count_request(office, shop, door, actor, notes)
    return Caller(office, shop, Scope(shop.tenant_id, actor, notes.request_id), door, None)
