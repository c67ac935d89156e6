"""Waiting for something that comes by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def until(true: Callable[[], Awaitable[bool]], seconds: float, every_s: float = 0.05) -> None:
    """Look again and again until it is so.

    :raises TimeoutError: if it is not so in time.
    """
    async with asyncio.timeout(seconds):
        while True:
            if await true():
                return
            await asyncio.sleep(every_s)
