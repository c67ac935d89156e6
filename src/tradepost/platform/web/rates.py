"""How often somebody may ask: the generic cell rate algorithm behind a port.

GCRA (ITU-T I.371, annex A) keeps one instant a key: when the next request would be exactly on
time. A burst of the whole limit is allowed, after that requests trickle in at the limit's pace.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

KEYS_KEPT_MAX = 100_000
KEYS_LOOKED_AT_MIN = 1000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds."""

    count: int
    per_s: int = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may pass, how many more may now, and after how many seconds it is all open."""

    allowed: bool
    remaining: int
    reset_s: int
    retry_after_s: int = 0


class RateLimiter(Protocol):
    """Counts requests by key."""

    async def take(self, key: str, limit: Limit) -> Verdict:
        """Let one request through, or say when to come back."""
        ...


def judged(theoretical: float, now: float, limit: Limit) -> tuple[float, Verdict]:
    """The next theoretical arrival and the verdict on a request that comes now."""
    pace = limit.per_s / limit.count
    due = max(theoretical, now)
    over = due + pace - now - limit.per_s
    if over > 1e-9:
        return theoretical, Verdict(False, 0, math.ceil(due - now), max(1, math.ceil(over)))
    following = due + pace
    remaining = int((now + limit.per_s - following) / pace + 1e-9)
    return following, Verdict(True, remaining, math.ceil(following - now))


class LocalLimiter:
    """Counts in this process alone."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._due: dict[str, float] = {}
        self._look_at = KEYS_LOOKED_AT_MIN

    def __len__(self) -> int:
        """How many keys are remembered: in the long run, at most twice those that count still."""
        return len(self._due)

    async def take(self, key: str, limit: Limit) -> Verdict:
        """Let one request through, or say when to come back."""
        now = self._seconds()
        if len(self._due) >= self._look_at:
            self._forget(now)
        due, verdict = judged(self._due.get(key, 0.0), now, limit)
        self._due[key] = due
        return verdict

    def _forget(self, now: float) -> None:
        """Let go of keys that count nothing any more, and of the oldest where these are many."""
        self._due = {name: due for name, due in self._due.items() if due > now}
        for name in list(self._due)[: max(len(self._due) - KEYS_KEPT_MAX * 9 // 10, 0)]:
            del self._due[name]
        self._look_at = min(max(2 * len(self._due), KEYS_LOOKED_AT_MIN), KEYS_KEPT_MAX)
