"""The server's HTTP parser with limits that it lacks: heads that are too long or too slow."""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from collections.abc import Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tradepost.kernel.errors import Refusal
from tradepost.platform.web import errors
from tradepost.platform.web.admission import Admission
from tradepost.platform.web.corked import Corked
from tradepost.platform.web.problem import MEDIA_TYPE, problem_of
from tradepost.platform.web.turned_away import Answered, answer_to

HEAD_BYTES_MAX = 65_536
HEAD_SECONDS_MAX = 10
READING_SECONDS_MAX = 30
"""For so long a client may take in nothing of what is sent to it."""
CONNECTIONS_MAX = 4096
"""Of one app; a further one is told to come back."""
CONNECTIONS_RETRY_AFTER_S = 5
_READS = frozenset({b"GET", b"HEAD", b"OPTIONS"})
_GONE = "tradepost.gone"
_REASONS = {
    400: "Bad Request",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


def is_gone(scope: MutableMapping[str, Any]) -> bool:
    """Whether the client of a request has hung up, as far as the server of this process knows."""
    gone: Callable[[], bool] | None = scope.get("state", {}).get(_GONE)
    return gone is not None and gone()


class DoorProtocol(HttpToolsProtocol):
    """One connection. What cannot be parsed is answered with a problem document, too."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._head_bytes = 0
        self._in_head = True
        self._hurry: TimerHandle | None = None
        self._unread: TimerHandle | None = None
        app: Any = self.config.app
        self._admission: Admission | None = getattr(app.state, "admission", None)

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Somebody called; the first head has to come soon."""
        super().connection_made(transport)
        self._corked = Corked(transport, self.loop)
        self.transport = self._corked  # type: ignore[assignment]  # stands for it
        self._begin_head()
        if len(self.connections) > CONNECTIONS_MAX:
            self._refuse(problem=errors.TooBusy(CONNECTIONS_RETRY_AFTER_S))

    def connection_lost(self, exc: Exception | None) -> None:
        """Somebody hung up."""
        self._calm()
        self.resume_writing()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """The client says no more; what has been answered by now still reaches it."""
        self._corked.flush()
        super().eof_received()

    def pause_writing(self) -> None:
        """The client does not take in what is sent."""
        super().pause_writing()
        self._unread = self.loop.call_later(READING_SECONDS_MAX, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

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
        self.scope["state"][_GONE] = self.transport.is_closing
        if not self._in_head:
            self._begin_head()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        self._head_bytes = 0
        self._calm()
        if not self._turned_away():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        if isinstance(self.cycle, Answered):
            self._calm()
            self._keep_alive()
        super().on_message_complete()

    def _turned_away(self) -> bool:
        """Refuse a change before anything is done for it, where there is no room.

        Reads may be kept answers, which need none; what is piped behind another waits its turn.
        """
        if self._admission is None or not self._admission.full:
            return False
        if self.parser.get_method() in _READS or self.transport.is_closing():
            return False
        before: Any = self.cycle
        if before is not None and not before.response_complete:
            return False
        stays = self.parser.should_keep_alive()
        self.transport.write(answer_to(self._admission.refusal(), self.headers, stays=stays))
        self.cycle = Answered()  # type: ignore[assignment]  # all that the server asks of it
        if stays:  # its body is passed over, but not for ever
            self._hurry = self.loop.call_later(HEAD_SECONDS_MAX, self.transport.close)
        else:
            self.transport.close()
        return True

    def _keep_alive(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

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

    def _refuse(self, problem: Refusal) -> None:
        self._calm()
        self._in_head = False
        if self.transport.is_closing():
            return
        told = problem_of(problem)
        body = told.encoded()
        more = "".join(f"{name}: {value}\r\n" for name, value in told.headers.items())
        head = (
            f"HTTP/1.1 {told.status} {_REASONS[told.status]}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n"
            f"{more}\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
