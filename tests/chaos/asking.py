"""One request over a connection of its own; what comes of it, or nothing if the line broke."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TRY_S_MAX = 10.0


@dataclass(frozen=True)
class Answered:
    """An answer that came whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


async def ask(
    port: int,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = TRY_S_MAX,
) -> Answered | None:
    """Ask once; nothing if there was no whole answer, whatever was done."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request(method, path, body, headers or {}))
                return read(await reader.read())
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return None


def request(method: str, path: str, body: Any, headers: Mapping[str, str]) -> bytes:
    """A request as it travels; its connection is closed behind it."""
    content = b"" if body is None else json.dumps(body).encode()
    told = {"host": "localhost", "connection": "close", "content-length": str(len(content))}
    told |= {"content-type": "application/json"} if content else {}
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in (told | dict(headers)).items())]
    return "\r\n".join([*lines, "", ""]).encode() + content


def read(whole: bytes) -> Answered | None:
    """An answer from its bytes; nothing if some are missing."""
    head, gap, body = whole.partition(b"\r\n\r\n")
    if not gap:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    if len(body) < int(headers.get("content-length", "0")):
        return None
    return Answered(int(first.split()[1]), headers, body)
