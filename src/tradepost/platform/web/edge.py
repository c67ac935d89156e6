"""The outermost layer of every app: ids, deadlines, headers of every answer, one line of log.

What a route never sees is dealt with here: paths that are no text, headers that are too long,
bodies that never end, answers that the client holds already.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import structlog

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids
from tradepost.platform.idempotency import REPLAYED
from tradepost.platform.telemetry.metrics import Metrics
from tradepost.platform.telemetry.traces import Traces
from tradepost.platform.web import errors
from tradepost.platform.web.answer import Answer, AsgiScope, Message, Receive, Send
from tradepost.platform.web.keeping import KeepAnswer, Keeper
from tradepost.platform.web.notes import Notes, keep_notes, parent_of, request_id
from tradepost.platform.web.problem import problem_of, unexpected
from tradepost.platform.web.settings import WebSettings

App = Callable[[Any, Any, Any], Awaitable[None]]
_log = structlog.get_logger("tradepost.web")


class Edge:
    """Wraps an ASGI app."""

    def __init__(
        self,
        app: App,
        *,
        ids: Ids,
        settings: WebSettings,
        metrics: Metrics,
        traces: Traces,
        audience: str,
        keeper: Keeper | None = None,
    ) -> None:
        self._app = app
        self._ids = ids
        self._settings = settings
        self._metrics = metrics
        self._traces = traces
        self._audience = audience
        self._keeper = keeper

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._keeper is None:
            await self._answer(scope, receive, send, None)
        else:
            await self._keeper.serve(scope, receive, send, self._answer)

    async def _answer(
        self, scope: AsgiScope, receive: Receive, send: Send, keep: KeepAnswer | None
    ) -> None:
        """Have the app answer; who may ``keep`` it is shown the answer before it is sent."""
        notes = Notes(self._request_id(scope))
        keep_notes(scope, notes)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=notes.request_id)
        REPLAYED.set(False)
        began = time.perf_counter()
        if scope["method"] == "HEAD":  # the server itself sends no body to a HEAD
            scope = {**scope, "method": "GET"}
        if keep is not None:
            notes.keep = lambda headers, body: keep(scope, notes, headers, body)
        answer = Answer(scope, send, notes)
        self._metrics.running.labels(self._audience).inc()
        try:
            with self._traces.request(scope["method"], parent_of(scope)) as span:
                if span.trace_id:
                    structlog.contextvars.bind_contextvars(trace_id=span.trace_id)
                await self._served(scope, receive, answer, notes)
                place = scope.get("path_template") or "none"
                told = {"http.route": place, "http.response.status_code": answer.status}
                span.finish(f"{scope['method']} {place}", told | {"tradepost.app": self._audience})
        finally:
            self._metrics.running.labels(self._audience).dec()
            self._tell(scope, answer, time.perf_counter() - began)

    async def _served(
        self, scope: AsgiScope, receive: Receive, answer: Answer, notes: Notes
    ) -> None:
        try:
            self._check(scope)
            hurried = _Hurried(receive, self._settings.body_seconds_max)
            await self._app(scope, hurried, answer.take)
        except Refusal as refusal:
            problem = problem_of(refusal, scope["path"], notes.request_id)
            await answer.problem(problem)
        except Exception:
            if answer.status:
                raise
            _log.exception("failed", path=scope["path"])
            await answer.problem(unexpected(scope["path"], notes.request_id))

    def _request_id(self, scope: AsgiScope) -> str:
        given = [value for name, value in scope["headers"] if name == b"x-request-id"]
        return request_id(given[0].decode("latin-1") if len(given) == 1 else "", self._ids)

    def _check(self, scope: AsgiScope) -> None:
        size = sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        if size > self._settings.header_bytes_max:
            raise errors.HeadersTooLarge(self._settings.header_bytes_max)
        try:
            path = unquote_to_bytes(scope.get("raw_path") or scope["path"]).decode()
        except UnicodeDecodeError as error:
            raise errors.BadRequest("its path is not UTF-8") from error
        if "\x00" in path:
            raise errors.BadRequest("its path holds the character U+0000")

    def _tell(self, scope: AsgiScope, answer: Answer, seconds: float) -> None:
        place = scope.get("path_template") or "none"
        labels = (self._audience, scope["method"], place, str(answer.status))
        self._metrics.requests.labels(*labels).inc()
        self._metrics.seconds.labels(self._audience, place).observe(seconds)
        _log.info(
            "request",
            app=self._audience,
            method=scope["method"],
            route=place,
            status=answer.status,
            milliseconds=round(seconds * 1000, 1),
        )


class _Hurried:
    """Receives a body that has to be whole before a deadline."""

    def __init__(self, receive: Receive, seconds: int) -> None:
        self._receive = receive
        self._seconds = seconds
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:  # the next message tells that the client has gone: no hurry
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError as error:
            raise errors.TooSlow(self._seconds) from error
        self._whole = not message.get("more_body", False)
        return message
