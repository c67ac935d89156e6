"""Messages of the moment between processes, over the publish and subscribe of Redis.

Redis keeps none of them. While it is away each process tells its own listeners.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID, uuid4

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tradepost.kernel.ids import TenantId
from tradepost.platform.wake import rest

CHANNEL = "tradepost:live"
ANSWER_SECONDS_MAX = 0.25
LOOK_S = 0.25
TROUBLE_S = 2.0
_log = structlog.get_logger("tradepost.live")


class _Sent(msgspec.Struct, frozen=True, array_like=True):
    sender: UUID
    tenant_id: UUID
    topic: str
    payload: bytes


_read = msgspec.msgpack.Decoder(_Sent)


class RedisChannel:
    """One channel for all tenants: a process hears them all and keeps the last of each topic."""

    def __init__(self, redis: Redis, listening: Redis) -> None:
        self._redis = redis
        self._listening = listening
        self._own = uuid4()
        self._away = False

    @classmethod
    def at(cls, url: str) -> RedisChannel:
        """A channel over the Redis of a URL."""
        most = ANSWER_SECONDS_MAX
        sending = Redis.from_url(url, socket_timeout=most, socket_connect_timeout=most)
        return cls(sending, Redis.from_url(url, socket_connect_timeout=TROUBLE_S))

    async def send(self, tenant_id: TenantId, topic: str, payload: bytes) -> None:
        """Tell the other processes; what cannot be told is lost, and said once in the log."""
        sent = msgspec.msgpack.encode(_Sent(self._own, tenant_id, topic, payload))
        try:
            await self._redis.publish(CHANNEL, sent)
            self._away = False
        except (RedisError, OSError, TimeoutError) as error:
            if not self._away:
                _log.warning("other processes do not hear of this one", error=str(error))
            self._away = True

    async def run(self, stop: asyncio.Event, heard: Callable[[TenantId, str, bytes], None]) -> None:
        """Listen until told to stop, and again after Redis was away."""
        while not stop.is_set():
            try:
                await self._listen(stop, heard)
            except (RedisError, OSError, TimeoutError) as error:
                _log.warning("this process does not hear of others", error=str(error))
                await rest(stop, TROUBLE_S)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()
        await self._listening.aclose()

    async def _listen(
        self, stop: asyncio.Event, heard: Callable[[TenantId, str, bytes], None]
    ) -> None:
        async with self._listening.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(CHANNEL)
            while not stop.is_set():
                message = await pubsub.get_message(timeout=LOOK_S)
                if message is None:
                    continue
                with suppress(msgspec.DecodeError):  # whoever else writes there
                    sent = _read.decode(message["data"])
                    if sent.sender != self._own:
                        heard(TenantId(sent.tenant_id), sent.topic, sent.payload)
