"""The server's HTTP parser with limits that it lacks: heads that are too long or too slow."""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tradepost.platform.web import errors
from tradepost.platform.web.problem import MEDIA_TYPE, problem_of

HEAD_BYTES_MAX = 65_536
HEAD_SECONDS_MAX = 10
_REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class DoorProtocol(HttpToolsProtocol):
    """One connection. What cannot be parsed is answered with a problem document, too."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._head_bytes = 0
        self._in_head = True
        self._hurry: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Somebody called; the first head has to come soon."""
        super().connection_made(transport)
        self._begin_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Somebody hung up."""
        self._calm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes; as long as they belong to a head, they are counted."""
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES_MAX:
            self._refuse(problem=errors.HeadersTooLarge(HEAD_BYTES_MAX))

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        if not self._in_head:
            self._begin_head()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        self._head_bytes = 0
        self._calm()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(problem=errors.BadRequest("it is not HTTP/1.1"))

    def _begin_head(self) -> None:
        self._in_head = True
        self._head_bytes = 0
        self._calm()
        self._hurry = self.loop.call_later(HEAD_SECONDS_MAX, self._too_slow)

    def _too_slow(self) -> None:
        self._refuse(problem=errors.TooSlow(HEAD_SECONDS_MAX))

    def _calm(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None

    def _refuse(self, problem: errors.BadRequest | errors.HeadersTooLarge | errors.TooSlow) -> None:
        self._calm()
        self._in_head = False
        if self.transport.is_closing():
            return
        told = problem_of(problem)
        body = told.encoded()
        head = (
            f"HTTP/1.1 {told.status} {_REASONS[told.status]}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
