"""Waking those who wait for work in the same process, whoever misses a poke polls; and resting."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Wake:
    """A bell: any number of pokes between two waits count as one."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def poke(self) -> None:
        """There is something to do."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for a poke, at most so long; whether there was one."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


async def rest(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until told to stop."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
