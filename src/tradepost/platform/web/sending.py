"""A file on its way out, whole or in part, piece by piece: none of it is gathered in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol
from urllib.parse import quote

from litestar import Request, Response
from litestar.types import Receive, Scope, Send

from tradepost.kernel.errors import Refusal
from tradepost.platform.web.protocol import is_gone
from tradepost.platform.web.ranges import Part


class Pieces(Protocol):
    """What is sent; it is closed when it has been, however that went."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes."""
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


class CutOff(ConnectionError):
    """What was being sent came to an end too early; the line is cut, so that the client knows."""


class FileResponse(Response[bytes]):
    """Answers with a part of a file, or nothing but its headers."""

    def __init__(self, pieces: Pieces, part: Part, headers: dict[str, str]) -> None:
        told = {"accept-ranges": "bytes", "content-length": str(part.length), **headers}
        if part.ranged:
            told["content-range"] = part.content_range
        super().__init__(b"", status_code=206 if part.ranged else 200, headers=told)
        self._pieces = pieces

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **named: Any) -> Any:
        """The answer as an ASGI app."""
        assert self.status_code is not None
        return _Sending(self.status_code, self.headers, self._pieces)


class _Sending:
    def __init__(self, status: int, headers: dict[str, str], pieces: Pieces) -> None:
        self._status = status
        self._headers = headers
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = [
            (name.encode("latin-1"), text.encode("latin-1")) for name, text in self._headers.items()
        ]
        try:
            pieces = self._pieces.chunks()
            piece = await anext(pieces, b"")  # until something has come it can still be refused
            await send({"type": "http.response.start", "status": self._status, "headers": raw})
            await self._send(scope, send, piece, pieces)
        finally:
            await self._pieces.close()

    async def _send(
        self, scope: Scope, send: Send, piece: bytes, pieces: AsyncIterator[bytes]
    ) -> None:
        try:
            while piece:
                if is_gone(scope):  # type: ignore[arg-type]  # the same scope, in plainer types
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await anext(pieces, b"")
        except Refusal as refusal:
            raise CutOff(refusal.code) from refusal
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def attachment(file_name: str) -> str:
    """Content-Disposition for a file that is to be kept (RFC 6266, RFC 8187)."""
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
