"""Bodies on their way in: gathered before a request is worked on, so that a slow one holds nothing.

What has been gathered is given to the route in one piece, since a client may send each byte by
itself, and to keep a piece takes hundreds. A body has to be whole before a deadline, and all large
bodies of an app together have a limit; the few who fill it keep no ordinary wish out.
"""

from __future__ import annotations

import asyncio

from tradepost.platform.web import errors
from tradepost.platform.web.answer import AsgiScope, Message, Receive
from tradepost.platform.web.translate import BODY_BYTES_MAX

SMALL_BYTES = 8192
"""So much of each body is not counted: the number of connections bounds it."""
HAS_BODY = frozenset({b"content-length", b"transfer-encoding"})
"""A request with none of these headers brings no body."""


class NoRoomLeft(Exception):
    """Bodies take all that they may."""


class Bodies:
    """How many bytes of large bodies an app holds, on their way in and being worked on."""

    def __init__(self, bytes_max: int) -> None:
        self._left = bytes_max

    def hold(self, size: int) -> bool:
        """Make room for so many bytes; false if there is none."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Hold them no longer."""
        self._left += size


class Gathering:
    """Receives for a route."""

    def __init__(self, receive: Receive, seconds: int, bodies: Bodies) -> None:
        self._receive = receive
        self._seconds = seconds
        self._bodies = bodies
        self._held = 0
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._lingers = False
        self._gathered: bytearray | None = None
        self._whole = False

    async def gather(self, scope: AsgiScope) -> bool:
        """Take in the body as far as it may be large; false if the client has gone meanwhile.

        One that is too large is left to the route, which tells why it is refused.

        :raises TooSlow: if it is late.
        :raises NoRoomLeft: if too much is held for others.
        """
        declared = {name: value for name, value in scope["headers"] if name in HAS_BODY}
        size = declared.get(b"content-length", b"")
        if not declared or (size.isdigit() and int(size) > BODY_BYTES_MAX):
            return True
        body = bytearray()
        while not self._whole and len(body) <= BODY_BYTES_MAX:
            message = await self._next()
            if message["type"] == "http.disconnect":
                return False
            body += message.get("body", b"")
            self._hold(len(body) - SMALL_BYTES)
        self._gathered = body
        return True

    def _hold(self, size: int) -> None:
        if size > self._held:
            if not self._bodies.hold(size - self._held):
                raise NoRoomLeft
            self._held = size

    def linger(self) -> None:
        """From now on each piece of the body has the time that the whole of it had."""
        self._lingers = True

    def over(self) -> None:
        """The request has been answered: hold nothing of it."""
        self._bodies.give_back(self._held)
        self._held = 0
        self._gathered = None

    async def __call__(self) -> Message:
        """The next message."""
        if self._gathered is not None:
            body, self._gathered = bytes(self._gathered), None
            return {"type": "http.request", "body": body, "more_body": not self._whole}
        if self._whole:  # the next message tells that the client has gone: no hurry
            return await self._receive()
        return await self._next()

    async def _next(self) -> Message:
        if self._lingers:
            self._deadline = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError as error:
            raise errors.TooSlow(self._seconds) from error
        self._whole = not message.get("more_body", False)
        return message
