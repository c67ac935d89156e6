"""A small server that speaks S3 as far as files of shops need it, and checks every signature.

It works the other way round than the signer: from what was sent, after the same page of the S3
reference. Objects lie in memory.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

ACCESS, SECRET, REGION, BUCKET = "AKIDTEST", "wJalrXUtnFEMI/K7MDENG", "eu-test-1", "shop-files"
SKEW_S = 900
_AUTH = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)


@dataclass
class Objects:
    """What the server keeps, what was asked of it, and how it misbehaves when it is told to."""

    url: str
    kept: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    breaks_after: int | None = None


@contextmanager
def serving() -> Iterator[Objects]:
    """The server, until the block ends."""
    objects = Objects("")

    class Handler(_Handler):
        store = objects

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    objects.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield objects
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    store: Objects
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """An object, or a range of it."""
        self.store.asked.append(("GET", self.path, self.headers.get("range", "")))
        if not self._is_signed(b""):
            return self._refuse(403, "SignatureDoesNotMatch")
        body = self.store.kept.get(unquote(self.path))
        if body is None:
            return self._refuse(404, "NoSuchKey")
        start, end = 0, len(body)
        told = {}
        if wanted := self.headers.get("range"):
            first, last = wanted.removeprefix("bytes=").split("-")
            start, end = int(first), min(int(last) + 1 if last else end, end)
            if start >= end:
                return self._refuse(416, "InvalidRange")
            told["content-range"] = f"bytes {start}-{end - 1}/{len(body)}"
        return self._answer(206 if told else 200, body[start:end], told)

    def do_PUT(self) -> None:
        """Keep an object."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.store.asked.append(("PUT", self.path, self.headers.get("x-amz-content-sha256", "")))
        if not self._is_signed(body):
            return self._refuse(403, "SignatureDoesNotMatch")
        self.store.kept[unquote(self.path)] = body
        return self._answer(200, b"", {"etag": '"none"'})

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes, told: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**told, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.store.breaks_after is not None:
            body, self.close_connection = body[: self.store.breaks_after], True
        self.wfile.write(body)

    def _refuse(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code></Error>".encode(), {})

    def _is_signed(self, body: bytes) -> bool:
        found = _AUTH.fullmatch(self.headers.get("authorization", ""))
        stamp = self.headers.get("x-amz-date", "")
        told = self.headers.get("x-amz-content-sha256", "")
        if found is None or told != hashlib.sha256(body).hexdigest():
            return False
        access, day, region, names, seal = found.groups()
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        age = abs((datetime.now(UTC) - at).total_seconds())
        listed = names.split(";")
        if {"host", "x-amz-date", "x-amz-content-sha256"} - set(listed) or listed != sorted(listed):
            return False
        if access != ACCESS or region != REGION or stamp[:8] != day or age > SKEW_S:
            return False
        lines = [f"{name}:{self.headers[name].strip()}" for name in listed]
        path = quote(unquote(self.path), safe="/~")
        request = "\n".join([self.command, path, "", *lines, "", names, told])
        realm = f"{day}/{region}/s3/aws4_request"
        text = "\n".join(
            ["AWS4-HMAC-SHA256", stamp, realm, hashlib.sha256(request.encode()).hexdigest()]
        )
        key = f"AWS4{SECRET}".encode()
        for part in realm.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.compare_digest(seal, hmac.new(key, text.encode(), hashlib.sha256).hexdigest())
