"""Messages of the moment: heard by whoever listens now, written down by nobody.

The last message of a topic stays in memory for a short while, so that who comes between two of
them need not wait for the next. Whatever must not be lost is a fact, and belongs to the log.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import msgspec
import structlog

from tradepost.kernel.ids import TenantId

PAYLOAD_BYTES_MAX = 4096
LAST_S = 120.0
"""For so long a message can still be asked for; what is older says nothing of now."""
LAST_MAX = 10_000
"""Topics whose last message a process keeps; the one told longest ago goes first."""
Key = tuple[TenantId, str]
Hear = Callable[[bytes], None]
_log = structlog.get_logger("tradepost.live")


class Channel(Protocol):
    """Carries messages to the other processes of the installation."""

    async def send(self, tenant_id: TenantId, topic: str, payload: bytes) -> None:
        """Tell the others; it is lost if they cannot be reached."""
        ...

    async def run(self, stop: asyncio.Event, heard: Callable[[TenantId, str, bytes], None]) -> None:
        """Listen to the others until told to stop."""
        ...


class Live:
    """Publishing and listening, inside this process and, over a channel, to the others.

    A topic is any short text; a tenant's topics are heard by nobody of another tenant.
    """

    def __init__(
        self, channel: Channel | None = None, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._channel = channel
        self._seconds = seconds
        self._listeners: dict[Key, set[Hear]] = {}
        self._last: dict[Key, tuple[float, bytes]] = {}

    async def publish(
        self, tenant_id: TenantId, topic: str, payload: bytes | Mapping[str, Any]
    ) -> None:
        """Tell everybody who listens to the topic now; a mapping goes out as JSON.

        It never fails for want of a listener or of the channel, and nobody may rely on it.
        """
        told = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        assert 0 < len(told) <= PAYLOAD_BYTES_MAX, topic
        await self._tell(tenant_id, topic, told)

    async def end(self, tenant_id: TenantId, topic: str) -> None:
        """Have the topic's last message forgotten everywhere: it is not so any more."""
        await self._tell(tenant_id, topic, b"")

    @contextmanager
    def subscribe(self, tenant_id: TenantId, topic: str, hear: Hear) -> Iterator[None]:
        """Hear what is told on a topic while the block lasts; ``hear`` must not wait."""
        key = (tenant_id, topic)
        listeners = self._listeners.setdefault(key, set())
        listeners.add(hear)
        try:
            yield
        finally:
            listeners.discard(hear)
            if not listeners and self._listeners.get(key) is listeners:
                del self._listeners[key]

    def last(self, tenant_id: TenantId, topic: str) -> bytes | None:
        """The last message of a topic, if it is not too old."""
        known = self._last.get((tenant_id, topic))
        return known[1] if known is not None and known[0] > self._seconds() else None

    async def run(self, stop: asyncio.Event) -> None:
        """Listen to the other processes, if there is a way to, until told to stop."""
        if self._channel is None:
            await stop.wait()
        else:
            await self._channel.run(stop, self._heard)

    async def _tell(self, tenant_id: TenantId, topic: str, payload: bytes) -> None:
        self._heard(tenant_id, topic, payload)
        if self._channel is not None:
            await self._channel.send(tenant_id, topic, payload)

    def _heard(self, tenant_id: TenantId, topic: str, payload: bytes) -> None:
        key = (tenant_id, topic)
        self._last.pop(key, None)
        if not payload:
            return
        if len(self._last) >= LAST_MAX:
            del self._last[next(iter(self._last))]
        self._last[key] = (self._seconds() + LAST_S, payload)
        for hear in tuple(self._listeners.get(key, ())):
            try:
                hear(payload)
            except Exception:
                _log.exception("a listener failed", topic=topic)
