"""The server's WebSocket protocol with limits that it lacks: small buffers, and an end for those
who take nothing in."""

from __future__ import annotations

import socket
from asyncio import BaseTransport, TimerHandle
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tradepost.platform.web.protocol import READING_SECONDS_MAX

MESSAGE_BYTES_MAX = 8_192
"""Of what a client says; it has a token to show and nothing else."""
PING_S = 20.0
"""How often a client is pinged, and how long it may take to answer."""
SEND_BUFFER_BYTES = 32_768
"""What the system keeps for a client that does not take it in (Linux doubles it); left to itself it
would be megabytes for each."""
CUT_OFF = "tradepost.cut_off"


class DoorSocketProtocol(WebSocketsSansIOProtocol):
    """One WebSocket."""

    _unread: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """A request has become a WebSocket."""
        super().connection_made(transport)
        line: socket.socket | None = transport.get_extra_info("socket")
        if line is not None and line.family in {socket.AF_INET, socket.AF_INET6}:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self.app_state = {**self.app_state, CUT_OFF: self.transport.abort}

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._calm()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not take in what is sent."""
        super().pause_writing()
        self._unread = self.loop.call_later(READING_SECONDS_MAX, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        self._calm()
        super().resume_writing()

    def keepalive_timeout(self) -> None:
        """The client did not answer a ping: what still waits for it will never be read."""
        super().keepalive_timeout()
        self.transport.abort()

    def _calm(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def socket_options() -> dict[str, Any]:
    """What the server is told of WebSockets."""
    return {
        "ws": DoorSocketProtocol,
        "ws_max_size": MESSAGE_BYTES_MAX,
        "ws_ping_interval": PING_S,
        "ws_ping_timeout": PING_S,
        "ws_per_message_deflate": False,  # 60 kB a client, for messages of 300 bytes
    }
