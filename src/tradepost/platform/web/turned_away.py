"""What those are told for whom there is no room: bytes made once, so that they cost nothing."""

from __future__ import annotations

import asyncio
from itertools import count

from tradepost.kernel.ids import RandomIds
from tradepost.platform.web.answer import SECURITY_HEADERS
from tradepost.platform.web.errors import TooBusy
from tradepost.platform.web.notes import is_request_id
from tradepost.platform.web.problem import MEDIA_TYPE, problem_of

_PLACE = "the id of the request"
_TEMPLATES: dict[int, tuple[bytes, bytes, bytes]] = {}
_start = str(RandomIds().new())
_serial = count(1)


class Answered:
    """Stands for a request that was answered before anybody worked on it: its body is nobody's."""

    response_complete = True
    disconnected = False

    def __init__(self) -> None:
        self.message_event = asyncio.Event()


def answer_to(busy: TooBusy, headers: list[tuple[bytes, bytes]], *, stays: bool) -> bytes:
    """Head and body of the answer to a request with these headers; the connection may stay."""
    head, before, after = _template(busy)
    named = next((value for name, value in headers if name == b"x-request-id"), b"")
    if not is_request_id(named.decode("latin-1")):
        named = f"{_start}.{next(_serial)}".encode()
    size = len(before) + len(named) + len(after)
    more = b"" if stays else b"connection: close\r\n"
    told = b"%bx-request-id: %b\r\n%bcontent-length: %d\r\n\r\n" % (head, named, more, size)
    return b"".join((told, before, named, after))


def _template(busy: TooBusy) -> tuple[bytes, bytes, bytes]:
    found = _TEMPLATES.get(busy.retry_after_s)
    if found is None:
        problem = problem_of(busy, "", _PLACE)
        told = {"content-type": MEDIA_TYPE, "cache-control": "private, no-store"}
        told |= problem.headers | SECURITY_HEADERS
        lines = [f"{name}: {value}\r\n" for name, value in told.items()]
        head = "".join(["HTTP/1.1 503 Service Unavailable\r\n", *lines]).encode()
        before, _, after = problem.encoded().partition(_PLACE.encode())
        found = _TEMPLATES[busy.retry_after_s] = head, before, after
    return found
