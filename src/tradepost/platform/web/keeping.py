"""Gives guests answers that are kept, ahead of the framework; one request makes what many want."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from litestar import Litestar

from tradepost.kernel.ids import Ids
from tradepost.platform.telemetry.metrics import Metrics
from tradepost.platform.telemetry.traces import NoTraces
from tradepost.platform.web.addresses import bucket_of_client
from tradepost.platform.web.answer import AsgiScope, Receive, Send
from tradepost.platform.web.asked import Asked, asked_in
from tradepost.platform.web.context import Office
from tradepost.platform.web.cors import ANSWER_HEADERS
from tradepost.platform.web.door import PUBLIC, NoDoor, Place, matrix
from tradepost.platform.web.guard import limit_of
from tradepost.platform.web.kept import BYTES_BESIDE, Kept, KeptAnswers, Key, Rendering, kinds
from tradepost.platform.web.keys import is_known
from tradepost.platform.web.notes import Notes, is_request_id, parent_of
from tradepost.platform.web.telling import Teller

KeepAnswer = Callable[[AsgiScope, Notes, dict[str, bytes], bytes], None]
"""Takes an answer that is whole and good, with the request and what was noted of it."""
Answering = Callable[[AsgiScope, Receive, Send, KeepAnswer | None], Awaitable[None]]
"""Has the app answer a request."""
_OWN = frozenset({"x-request-id"})
_UNTOLD = frozenset({b"content-type", b"content-length"})
"""Headers that a 304 lacks."""


@dataclass(frozen=True, slots=True)
class _Making:
    """An answer that is being made; none comes of it if it may not be kept."""

    rendering: Rendering
    made: asyncio.Future[Kept | None]


class Keeper:
    """Stands before an app of guests, and knows which of its paths are declared to be kept."""

    def __init__(self, office: Office, app: Litestar, metrics: Metrics, ids: Ids) -> None:
        assert office.kept is not None
        self._kept: KeptAnswers = office.kept
        self._office = office
        self._metrics = metrics
        self._named = _serial(ids)
        """Ids of requests, made in less time than an identifier takes."""
        self._paths = _paths(matrix(app))
        self._making: dict[Key, _Making] = {}
        self._traced = not isinstance(office.traces, NoTraces)
        told = self._kept.figures.answers.labels
        self._hit, self._shared, self._missed = told("hit"), told("shared"), told("missed")

    async def serve(
        self, scope: AsgiScope, receive: Receive, send: Send, answering: Answering
    ) -> None:
        """Answer a request from what is kept, or have it answered."""
        began = time.perf_counter()
        asked = asked_in(scope, self._office.settings.header_bytes_max)
        if asked is None:
            await answering(scope, receive, send, None)
            return
        kept = self._kept.get(asked.key)
        if kept is not None and await self._give(kept, asked, scope, send, began):
            self._hit.inc()
            return
        if kept is None and self._paths.fullmatch(asked.key[2]):
            await self._serve_anew(asked, scope, receive, send, answering)
            return
        await answering(scope, receive, send, None)

    async def _serve_anew(
        self, asked: Asked, scope: AsgiScope, receive: Receive, send: Send, answering: Answering
    ) -> None:
        began, arrived = time.perf_counter(), self._kept.begin()
        if arrived is None:
            await answering(scope, receive, send, None)
            return
        while (making := self._making.get(asked.key)) is not None:
            kept = await asyncio.shield(making.made)
            if kept is None:
                await answering(scope, receive, send, None)
                return
            if not self._kept.suits(kept, arrived):
                continue
            if await self._give(kept, asked, scope, send, began):
                self._shared.inc()
            else:
                await answering(scope, receive, send, None)
            return
        self._missed.inc()
        await self._make(asked.key, arrived, scope, receive, send, answering)

    async def _make(
        self,
        key: Key,
        arrived: Rendering,
        scope: AsgiScope,
        receive: Receive,
        send: Send,
        answering: Answering,
    ) -> None:
        """Have the answer made; those who wait get it before it is sent, which may take long."""
        rendering = self._kept.begin() or arrived
        making = _Making(rendering, asyncio.get_running_loop().create_future())
        self._making[key] = making

        def over(kept: Kept | None) -> None:
            if not making.made.done():
                making.made.set_result(kept)
                del self._making[key]

        def keep(asked: AsgiScope, notes: Notes, headers: dict[str, bytes], body: bytes) -> None:
            kept = self._kept_from(key, rendering, asked, notes, headers, body)
            if kept is not None:
                self._kept.put(key, kept)
            over(kept)

        try:
            await answering(scope, receive, send, keep)
        finally:
            over(None)

    def _kept_from(
        self,
        key: Key,
        rendering: Rendering,
        scope: AsgiScope,
        notes: Notes,
        headers: dict[str, bytes],
        body: bytes,
    ) -> Kept | None:
        door, caller = notes.door, notes.caller
        if door is None or caller is None or not door.keeps or caller.actor.kind != "guest":
            return None
        own = _OWN | notes.headers.keys()
        raw = tuple(
            (name.encode("latin-1"), value) for name, value in headers.items() if name not in own
        )
        counted_as, limit = limit_of(caller.shop, door, "public")
        texts = len(body) + sum(len(name) + len(value) for name, value in raw) + sum(map(len, key))
        teller = Teller(
            self._metrics, self._office.audience, scope["path_template"], caller.tenant_id
        )
        return Kept(
            rendering,
            tuple(self._kept.mark(caller.tenant_id, one) for one in door.keeps),
            raw,
            body,
            headers["etag"].decode("latin-1"),
            caller.shop.origins,
            counted_as,
            limit,
            (b"ratelimit-limit", str(limit.count).encode()),
            teller,
            texts + BYTES_BESIDE,
        )

    async def _give(
        self, kept: Kept, asked: Asked, scope: AsgiScope, send: Send, began: float
    ) -> bool:
        """Give a kept answer; false if the client has asked too often, which the door tells."""
        raw = list(kept.headers)
        if self._office.settings.limits_requests:
            verdict = await self._office.limiter.take(
                kept.counted_as + self._client(asked, scope), kept.limit
            )
            if not verdict.allowed:
                return False
            raw.append(kept.limit_header)
            raw.append((b"ratelimit-remaining", b"%d" % verdict.remaining))
            raw.append((b"ratelimit-reset", b"%d" % verdict.reset_s))
        given = asked.headers
        named = asked.text(b"x-request-id") if b"x-request-id" in given else ""
        if not named or not is_request_id(named):
            named = next(self._named)
        raw.append((b"x-request-id", named.encode()))
        if b"origin" in given and asked.text(b"origin") in kept.origins:
            raw.append((b"access-control-allow-origin", given[b"origin"]))
            raw.append((b"access-control-expose-headers", ANSWER_HEADERS.encode()))
        status, body = 200, kept.body
        if b"if-none-match" in given and is_known(kept.etag, asked.text(b"if-none-match")):
            status, body = 304, b""
            raw = [pair for pair in raw if pair[0] not in _UNTOLD]
        trace_id = self._trace(scope, kept.teller, status) if self._traced else ""
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body, "more_body": False})
        kept.teller.tell(named, trace_id, status, time.perf_counter() - began)
        return True

    def _client(self, asked: Asked, scope: AsgiScope) -> str:
        """Who asks, as limits count them."""
        client, proxies = scope.get("client"), self._office.settings.trusted_proxies
        forwarded = (asked.text(b"x-forwarded-for"),) if proxies else ()
        return bucket_of_client(client[0] if client else None, forwarded, proxies)

    def _trace(self, scope: AsgiScope, teller: Teller, status: int) -> str:
        with self._office.traces.request("GET", parent_of(scope)) as span:
            told: dict[str, str | int] = {"http.route": teller.route, "tradepost.kept": "yes"}
            told |= {"http.response.status_code": status, "tradepost.app": teller.audience}
            span.finish(f"GET {teller.route}", told)
            return span.trace_id


def _paths(places: list[Place]) -> re.Pattern[bytes]:
    """The paths whose answers may be kept.

    :raises NoDoor: if a route declares that and cannot be.
    """
    kept = [place for place in places if place.door.keeps]
    for place in kept:
        fits = place.method == "GET" and place.permission == PUBLIC and place.door.shop
        if not fits or place.door.cache is None or not kinds_known(place.door.keeps):
            raise NoDoor(f"{place.method} {place.path} cannot keep answers of {place.door.keeps}")
    texts = (re.sub(r"\\\{[^/]*\\\}", "[^/]+", re.escape(place.path)) for place in kept)
    return re.compile("|".join(texts).encode() or b"(?!)")


def _serial(ids: Ids) -> Iterator[str]:
    start = str(ids.new())
    return (f"{start}.{number}" for number in count(1))


def kinds_known(names: tuple[str, ...]) -> bool:
    """Whether each is a context that tells facts."""
    known: set[Any] = set(kinds().values())
    return known.issuperset(names)
