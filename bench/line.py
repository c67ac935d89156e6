"""A client's connection that stays open, with one request under way at most."""

from __future__ import annotations

import asyncio

ANSWER_SECONDS_MAX = 30


class Line(asyncio.Protocol):
    """A connection with one request under way at most."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._got = b""
        self._size = -1
        self.head = b""
        """The head of the last answer."""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # of a stream

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((0, b"closed"))

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._size < 0:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            at = self._got.index(b"content-length: ") + 16
            self._size = end + 4 + int(self._got[at : self._got.index(b"\r", at)])
        if len(self._got) >= self._size and self._answer is not None:
            self.head, _, body = self._got.partition(b"\r\n\r\n")
            status, self._got, self._size = int(self._got[9:12]), b"", -1
            self._answer.set_result((status, body))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and wait for its answer; status 0 if the connection was closed, or none
        came in time."""
        assert self._transport is not None
        if self._transport.is_closing():
            return 0, b"closed"
        loop = asyncio.get_running_loop()
        answer = self._answer = loop.create_future()
        late = loop.call_later(ANSWER_SECONDS_MAX, self._transport.abort)
        self._transport.write(request)
        try:
            told: tuple[int, bytes] = await answer
            return told
        finally:
            late.cancel()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def connected(port: int) -> Line:
    """A connection to a port of this machine."""
    loop = asyncio.get_running_loop()
    return (await loop.create_connection(Line, "127.0.0.1", port))[1]
