"""The answer on its way out: headers for all of them, no body for who holds it already."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from tradepost.platform.idempotency import REPLAYED
from tradepost.platform.web.keys import is_known
from tradepost.platform.web.notes import Notes
from tradepost.platform.web.problem import MEDIA_TYPE, Problem

Message = MutableMapping[str, Any]
AsgiScope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
}
_ALWAYS = {name: value.encode() for name, value in SECURITY_HEADERS.items()}
_NO_STORE = b"private, no-store"
_CUT = frozenset({408, 413, 431})
"""After these the line is cut: what is still on its way belongs to a request that is over."""


class Answer:
    """Sends the answer with the headers that every answer has."""

    def __init__(self, scope: AsgiScope, send: Send, notes: Notes) -> None:
        self._scope = scope
        self._send = send
        self._notes = notes
        self._start: Message | None = None
        self.status = 0

    async def take(self, message: Message) -> None:
        """One message of the app; the start waits for the body, so that its hash can be told."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None and message["type"] == "http.response.body":
            message = await self._begin(start, message)
        await self._send(message)

    async def problem(self, problem: Problem) -> None:
        """A problem document instead."""
        body = problem.encoded()
        headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), **problem.headers}
        raw = [
            (name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()
        ]
        await self.take({"type": "http.response.start", "status": problem.status, "headers": raw})
        await self.take({"type": "http.response.body", "body": body, "more_body": False})

    async def _begin(self, start: Message, body: Message) -> Message:
        headers = {name.decode("latin-1"): value for name, value in start["headers"]}
        whole = not body.get("more_body", False)
        self._finish(headers, body.get("body", b"") if whole else None)
        if self._notes.keep is not None and whole and self.status == 200:
            self._notes.keep(headers, body.get("body", b""))
        if self._is_held(headers.get("etag", b"")):
            self.status = 304
            for name in ("content-type", "content-length"):
                headers.pop(name, None)
            body = {"type": "http.response.body", "body": b"", "more_body": False}
        raw = [(name.encode("latin-1"), value) for name, value in headers.items()]
        await self._send({**start, "status": self.status, "headers": raw})
        return body

    def _finish(self, headers: dict[str, bytes], body: bytes | None) -> None:
        """Add what every answer carries; what a route has said itself stays."""
        notes = self._notes
        given = {"x-request-id": notes.request_id.encode("latin-1"), **_ALWAYS}
        shared = notes.door.cache if notes.door else None
        vary = ["Accept-Encoding", *notes.vary]
        if shared is not None and self.status == 200 and b"authorization" not in self._asked():
            given["cache-control"] = shared.header.encode()
            vary += ["Host", "X-Tenant", "Authorization"]
        else:
            given["cache-control"] = _NO_STORE
        if shared is not None and self.status == 200 and body is not None:
            given["etag"] = b'"%s"' % hashlib.sha256(body).hexdigest()[:24].encode()
        if self.status in _CUT:
            given["connection"] = b"close"
        if REPLAYED.get():
            given["idempotent-replayed"] = b"true"
        given["vary"] = ", ".join(dict.fromkeys(vary)).encode("latin-1")
        for name, value in given.items():
            headers.setdefault(name, value)
        headers |= {name: value.encode("latin-1") for name, value in notes.headers.items()}

    def _asked(self) -> dict[bytes, bytes]:
        return dict(self._scope["headers"])

    def _is_held(self, etag: bytes) -> bool:
        """Whether the client has this very answer already."""
        known = self._asked().get(b"if-none-match", b"")
        reads = self.status == 200 and self._scope["method"] == "GET"
        return bool(reads and etag and known) and is_known(
            etag.decode("latin-1"), known.decode("latin-1")
        )
