"""Limits that hold over all processes, counted in Redis; each counts for itself while it is away.

The script does what :func:`tradepost.platform.web.rates.judged` does, by the clock of Redis and in
whole microseconds, so that no two processes disagree.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tradepost.platform.web.rates import Limit, LocalLimiter, Verdict

ANSWER_SECONDS_MAX = 0.25
AWAY_SECONDS = 5.0
PREFIX = "tradepost:rate:"
_SCRIPT = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local pace, period = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local over = due + pace - now - period
if over > 0 then
  return {0, 0, due - now, over}
end
local following = due + pace
redis.call('SET', KEYS[1], string.format('%.0f', following), 'PX',
  math.ceil((following - now) / 1000) + 1)
return {1, math.floor((now + period - following) / pace), following - now, 0}
"""
_MICROS = 1_000_000
_log = structlog.get_logger("tradepost.web")


class SharedLimiter:
    """Counts in Redis; in this process alone for a few seconds after Redis did not answer."""

    def __init__(self, redis: Redis, seconds: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._script = redis.register_script(_SCRIPT)
        self._seconds = seconds
        self._local = LocalLimiter(seconds)
        self._back_at = 0.0

    @classmethod
    def at(cls, url: str) -> SharedLimiter:
        """A limiter over the Redis of a URL."""
        most = ANSWER_SECONDS_MAX
        return cls(Redis.from_url(url, socket_timeout=most, socket_connect_timeout=most))

    async def take(self, key: str, limit: Limit) -> Verdict:
        """Let one request through, or say when to come back."""
        if self._seconds() >= self._back_at:
            try:
                return await self._counted(key, limit)
            except (RedisError, OSError, TimeoutError) as error:
                self._back_at = self._seconds() + AWAY_SECONDS
                _log.warning("limits are counted by each process", error=str(error))
        return await self._local.take(key, limit)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()

    async def _counted(self, key: str, limit: Limit) -> Verdict:
        period = limit.per_s * _MICROS
        pace = -(-period // limit.count)
        said = await self._script(keys=[PREFIX + key], args=[pace, period])
        allowed, remaining, reset, over = map(int, said)
        retry_s = 0 if allowed else max(1, -(-over // _MICROS))
        return Verdict(bool(allowed), remaining, -(-reset // _MICROS), retry_s)
