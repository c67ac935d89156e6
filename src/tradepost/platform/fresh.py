"""A memory of looked-up things that is never older than it says, and asks once for a crowd."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Seconds = Callable[[], float]


class Fresh(Generic[K, V]):
    """Values by key, each at most ``age_max_s`` old; ``nothing`` tells if ``None`` is kept too."""

    def __init__(
        self,
        age_max_s: float,
        *,
        kept_max: int = 10_000,
        nothing: bool = False,
        seconds: Seconds = time.monotonic,
    ) -> None:
        self._age_max_s = age_max_s
        self._kept_max = kept_max
        self._nothing = nothing
        self._seconds = seconds
        self._kept: dict[K, tuple[float, V | None]] = {}
        self._running: dict[K, asyncio.Task[V | None]] = {}

    async def get(self, key: K, look: Callable[[], Awaitable[V | None]]) -> V | None:
        """What is known of the key, looked up together with everybody who wants it just now."""
        known = self._kept.get(key)
        if known is not None and known[0] > self._seconds():
            return known[1]
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = asyncio.create_task(self._looked_up(key, look))
            running.add_done_callback(lambda task: self._ended(key, task))
        return await asyncio.shield(running)

    def last(self, key: K) -> V | None:
        """What was last known of the key, however old."""
        known = self._kept.get(key)
        return None if known is None else known[1]

    def put(self, key: K, value: V | None) -> None:
        """Know a value without looking it up."""
        self._keep(key, self._seconds(), value)

    def expire(self, key: K) -> None:
        """Look the key up anew when it is next asked for."""
        known = self._kept.get(key)
        self._running.pop(key, None)
        if known is not None:
            self._kept[key] = (0.0, known[1])

    def expire_where(self, wanted: Callable[[V | None], bool]) -> None:
        """Look those keys up anew whose value is one of these."""
        for key in [key for key, (_, value) in self._kept.items() if wanted(value)]:
            self.expire(key)

    def __len__(self) -> int:
        return len(self._kept)

    async def _looked_up(self, key: K, look: Callable[[], Awaitable[V | None]]) -> V | None:
        asked_at = self._seconds()
        found = await look()
        if self._running.get(key) is asyncio.current_task():
            self._keep(key, asked_at, found)
        return found

    def _keep(self, key: K, asked_at: float, value: V | None) -> None:
        if value is None and not self._nothing:
            self._kept.pop(key, None)
            return
        if key not in self._kept and len(self._kept) >= self._kept_max:
            self._make_room()
        self._kept[key] = (asked_at + self._age_max_s, value)

    def _make_room(self) -> None:
        now = self._seconds()
        self._kept = {key: known for key, known in self._kept.items() if known[0] > now}
        while len(self._kept) >= self._kept_max:
            del self._kept[next(iter(self._kept))]

    def _ended(self, key: K, task: asyncio.Task[V | None]) -> None:
        if self._running.get(key) is task:
            del self._running[key]
