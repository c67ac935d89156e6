"""A line between us and a server that can go silent in either direction, or break on a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit


@dataclass
class Line:
    """Every connection through it; nobody is told when it goes silent, as when packets are lost."""

    asks: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while what we say arrives."""
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while what the server says arrives."""
    breaks_after: list[bytes] = field(default_factory=list)
    """The line breaks once, right after the server was told all this: its answer is lost."""
    broken: int = 0
    port: int = 0

    def url(self, url: str) -> str:
        """An address by way of this line."""
        parts = urlsplit(url)
        user = f"{parts.username}@" if parts.username else ""
        return urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{self.port}"))

    def heard(self, data: bytes) -> bool:
        """Whether the server has been told all that it breaks after."""
        waits = bool(self.breaks_after)
        while self.breaks_after and self.breaks_after[0] in data:
            del self.breaks_after[0]
        done = waits and not self.breaks_after
        self.broken += done
        return done

    def cut(self) -> None:
        """Nothing arrives any more, in neither direction."""
        self.asks.clear()
        self.answers.clear()

    def heal(self) -> None:
        """Everything arrives, also what was said meanwhile."""
        self.asks.set()
        self.answers.set()


@asynccontextmanager
async def line_to(url: str, port: int = 0) -> AsyncIterator[Line]:
    """A line to the server of an address, at a port of its own or at the one named."""
    line = Line()
    line.heal()
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    tasks: set[asyncio.Task[None]] = set()

    async def carry(
        source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        open_now = line.answers if answers else line.asks
        with suppress(OSError):
            while data := await source.read(65_536):
                await open_now.wait()
                target.write(data)
                if not answers and line.heard(data):
                    await asyncio.sleep(0.05)  # what was told is done
                    return

    async def connected(ours: asyncio.StreamReader, us: asyncio.StreamWriter) -> None:
        theirs, them = await asyncio.open_connection(parts.hostname, parts.port)
        ways = [
            asyncio.create_task(carry(ours, them, answers=False)),
            asyncio.create_task(carry(theirs, us, answers=True)),
        ]
        tasks.update(ways)
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        us.transport.abort()
        them.transport.abort()

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        line.heal()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
