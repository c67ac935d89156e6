"""A connection on which what is written in one turn of the event loop leaves as one piece.

The server writes head and body of an answer one after the other, and each would be a call of the
system and a packet of its own.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop, Transport
from typing import Any

WAITING_BYTES_MAX = 65_536
"""What is larger leaves at once, so that the transport can tell a slow reader."""


class Corked:
    """Stands before a transport; whatever else is asked of it, the transport answers."""

    def __init__(self, transport: Transport, loop: AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Send this with what else is written in this turn."""
        if not self._waiting:
            self._loop.call_soon(self.flush)
        self._waiting.append(data)
        self._size += len(data)
        if self._size > WAITING_BYTES_MAX:
            self.flush()

    def close(self) -> None:
        """Send what waits, and close."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether it is being closed, by us or by the other side."""
        return self._transport.is_closing()

    def flush(self) -> None:
        """Send what waits now."""
        waiting, self._waiting = self._waiting, []
        self._size = 0
        if waiting and not self._transport.is_closing():
            self._transport.write(waiting[0] if len(waiting) == 1 else b"".join(waiting))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
