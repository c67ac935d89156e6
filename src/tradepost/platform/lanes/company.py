"""Who is likely to come to a lane again: those whom its last batch answered.

Shoppers who are served one after the other ask again as soon as they are answered. Where few of
them are about, each batch would take those whom the one before left behind, and two halves would
go on by turns; a moment of patience brings them together, and one transaction serves all.
"""

from __future__ import annotations

import asyncio
import time

GATHER_MAX = 16
"""From so many on a batch is cheap enough for each."""
GATHER_SHARE = 0.25
"""A batch waits for at most this part of the time that the last one took."""
GATHER_S_MAX = 0.003
ABOUT_BATCHES = 2
"""For the time of so many batches those who were answered count as being about."""


class Company:
    """How many are about, and whether they have come."""

    def __init__(self) -> None:
        self._count = 0
        self._wait_s = 0.0
        self._about_until = 0.0
        self._come: asyncio.Future[None] | None = None

    def over(self, answered: int, waiting: int, took_s: float) -> None:
        """A batch is over; so many wait already."""
        self._count = min(answered + waiting, GATHER_MAX)
        self._wait_s = min(took_s * GATHER_SHARE, GATHER_S_MAX)
        self._about_until = time.monotonic() + took_s * ABOUT_BATCHES

    def joined(self, waiting: int) -> None:
        """Somebody more waits."""
        if self._come is not None and waiting >= self._count and not self._come.done():
            self._come.set_result(None)

    async def gathered(self, waiting: int) -> None:
        """Wait until all who are about have come, for a moment at most; who is alone does not."""
        if waiting >= self._count or time.monotonic() > self._about_until:
            return
        loop = asyncio.get_running_loop()
        come = self._come = loop.create_future()
        late = loop.call_later(self._wait_s, self._enough, come)
        try:
            await come
        finally:
            late.cancel()
            self._come = None

    @staticmethod
    def _enough(come: asyncio.Future[None]) -> None:
        if not come.done():
            come.set_result(None)
