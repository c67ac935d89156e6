"""Redis Streams as both ends know them: names, entries, the connection and what it must be like.

A shard is a stream; a fact's number is its entry's id, so a fact sent twice is refused by Redis.
Each entry says which number it follows in its shard: whatever Redis loses, a reader sees the gap
and takes what is missing from the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from tradepost.kernel.errors import Refused
from tradepost.platform.db.statement import AcrossTenants, param, platform_select
from tradepost.platform.db.work import Reader
from tradepost.platform.relay.log import Logged
from tradepost.platform.relay.tables import publisher_cursors
from tradepost.platform.transport.port import TransportDown

TRANSPORT = "redis"
WHOLE = -1
"""In place of a shard: up to where the log as a whole has been passed on."""
VERSION_MIN = (6, 2)
ANSWER_MAX_S = 5.0
_FACT, _AFTER = b"f", b"a"
_decoder = msgspec.msgpack.Decoder(Logged)
_p = publisher_cursors.c
_CURSORS = AcrossTenants(
    platform_select(_p.shard, _p.epoch, _p.seq).where(_p.transport == param("transport"))
)


@dataclass(eq=False)
class RedisUnfit(Refused):
    """This Redis cannot carry facts: {why}.

    Use Redis 6.2 or newer with maxmemory-policy noeviction.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact, and the number of the one before it in its shard."""

    fact: Logged
    after: int

    def fields(self) -> dict[Any, Any]:
        """As the fields of a stream's entry."""
        return {_FACT: msgspec.msgpack.encode(self.fact), _AFTER: self.after}

    @classmethod
    def read(cls, fields: dict[bytes, bytes]) -> Entry:
        """From the fields of a stream's entry."""
        return cls(_decoder.decode(fields[_FACT]), int(fields[_AFTER]))


@dataclass(frozen=True, slots=True)
class Sent:
    """Up to which number a shard has been passed on."""

    epoch: int
    seq: int


def stream_key(prefix: str, epoch: int, shard: int) -> str:
    """The name of a shard's stream; a new epoch begins when the log is older than the streams."""
    return f"{prefix}:{epoch}:{shard}"


async def sent(db: Reader) -> dict[int, Sent]:
    """How far each shard has been passed on."""
    rows = await db.all(_CURSORS, transport=TRANSPORT)
    return {shard: Sent(epoch, seq) for shard, epoch, seq in rows}


def connect(url: str) -> Redis:
    """A client that answers with bytes and leaves trying again to us."""
    client: Redis = Redis.from_url(
        url,
        protocol=2,
        socket_timeout=ANSWER_MAX_S,
        socket_connect_timeout=ANSWER_MAX_S,
        retry=Retry(NoBackoff(), 0),
    )
    return client


async def check(client: Redis) -> None:
    """Refuse a Redis that is too old or may throw facts away to make room.

    :raises RedisUnfit: if it is not fit.
    :raises TransportDown: if it does not answer.
    """
    try:
        info: dict[str, Any] = await client.info("server")
        memory: dict[str, Any] = await client.info("memory")
    except RedisError as error:
        raise TransportDown(why=str(error)) from error
    version = str(info["redis_version"])
    if tuple(int(part) for part in version.split(".")[:2]) < VERSION_MIN:
        raise RedisUnfit(f"it is version {version}")
    policy = str(memory["maxmemory_policy"])
    if policy != "noeviction":
        raise RedisUnfit(f"its maxmemory-policy is {policy}")
