"""The outermost layer of every app: ids, deadlines, headers of every answer, one line of log.

What a route never sees is dealt with here: paths that are no text, headers that are too long,
bodies that never end, answers that the client holds already.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import structlog

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids
from tradepost.platform.idempotency import REPLAYED
from tradepost.platform.patience import PATIENCE, STEP_ASIDE
from tradepost.platform.telemetry.logs import tell_request
from tradepost.platform.telemetry.metrics import Metrics, RequestFigures
from tradepost.platform.telemetry.traces import Traces
from tradepost.platform.web import errors
from tradepost.platform.web.admission import Admission
from tradepost.platform.web.answer import Answer, AsgiScope, Message, Receive, Send
from tradepost.platform.web.gathering import Bodies, Gathering, NoRoomLeft
from tradepost.platform.web.keeping import KeepAnswer, Keeper
from tradepost.platform.web.notes import Notes, keep_notes, parent_of, request_id
from tradepost.platform.web.problem import problem_of, unexpected
from tradepost.platform.web.protocol import is_gone
from tradepost.platform.web.settings import WebSettings

App = Callable[[Any, Any, Any], Awaitable[None]]
_ALWAYS = frozenset({"/health/live", "/health/ready", "/metrics"})
"""Answered however much else there is to do."""
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
        admission: Admission,
        keeper: Keeper | None = None,
    ) -> None:
        self._app = app
        self._ids = ids
        self._settings = settings
        self._figures = RequestFigures(metrics, audience)
        self._running = metrics.running.labels(audience)
        self._traces = traces
        self._audience = audience
        self._looking = settings.requests.of_request(audience, "GET")
        self._wishing = settings.requests.of_request(audience, "POST")
        self._admission = admission
        self._bodies = Bodies(settings.room.bodies_bytes_max)
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
        """Have the app answer once there is room, but for those who ask how the process is."""
        gathering = Gathering(receive, self._settings.body_seconds_max, self._bodies)
        if scope["path"] in _ALWAYS:
            await self._work(scope, gathering, send, keep)
            return
        try:
            if await gathering.gather(scope):
                await self._let_in(scope, gathering, send, keep)
        except errors.TooSlow as slow:
            self._tell(scope, await self._turn_away(slow, scope, send), slow.seconds)
        except NoRoomLeft:
            await self._turn_away(self._admission.refusal(), scope, send, cut=True)
        finally:
            gathering.over()

    async def _let_in(
        self, scope: AsgiScope, gathering: Gathering, send: Send, keep: KeepAnswer | None
    ) -> None:
        busy = await self._admission.enter()
        if busy is not None:
            await self._turn_away(busy, scope, send)
            return
        stay = _Stay(self._admission, send)
        STEP_ASIDE.set(stay.end)
        try:
            if not is_gone(scope):
                await self._work(scope, gathering, stay.send, keep)
        finally:
            stay.end()

    async def _turn_away(
        self, why: Refusal, scope: AsgiScope, send: Send, *, cut: bool = False
    ) -> Answer:
        """Refuse a request that nobody has worked on; ``cut`` the line on which more would come."""
        notes = self._begun(scope)
        if cut:
            notes.headers["connection"] = "close"
        answer = Answer(scope, send, notes)
        await answer.problem(problem_of(why, scope["path"], notes.request_id))
        return answer

    async def _work(
        self, scope: AsgiScope, receive: Gathering, send: Send, keep: KeepAnswer | None
    ) -> None:
        """Have the app answer; who may ``keep`` it is shown the answer before it is sent."""
        notes = self._begun(scope)
        keep_notes(scope, notes)
        PATIENCE.set(self._looking if scope["method"] in {"GET", "HEAD"} else self._wishing)
        began = time.perf_counter()
        notes.linger = receive.linger
        if scope["method"] == "HEAD":  # the server itself sends no body to a HEAD
            notes.is_head = True
            scope = {**scope, "method": "GET"}
        if keep is not None:
            notes.keep = lambda headers, body: keep(scope, notes, headers, body)
        answer = Answer(scope, send, notes)
        self._running.inc()
        try:
            with self._traces.request(scope["method"], parent_of(scope)) as span:
                if span.trace_id:
                    structlog.contextvars.bind_contextvars(trace_id=span.trace_id)
                await self._served(scope, receive, answer, notes)
                place = scope.get("path_template") or "none"
                told = {"http.route": place, "http.response.status_code": answer.status}
                span.finish(f"{scope['method']} {place}", told | {"tradepost.app": self._audience})
        finally:
            self._running.dec()
            self._tell(scope, answer, time.perf_counter() - began)

    async def _served(
        self, scope: AsgiScope, receive: Gathering, answer: Answer, notes: Notes
    ) -> None:
        try:
            self._check(scope)
            await self._app(scope, receive, answer.take)
        except Refusal as refusal:
            problem = problem_of(refusal, scope["path"], notes.request_id)
            await answer.problem(problem)
        except Exception:
            if answer.status:
                raise
            _log.exception("failed", route=scope.get("path_template"))
            await answer.problem(unexpected(scope["path"], notes.request_id))

    def _begun(self, scope: AsgiScope) -> Notes:
        """The notes of a request; what is logged from here on names it."""
        notes = Notes(self._request_id(scope))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=notes.request_id)
        REPLAYED.set(False)
        return notes

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
        self._figures.tell(scope["method"], place, answer.status, seconds)
        tell_request(
            app=self._audience,
            method=scope["method"],
            route=place,
            status=answer.status,
            milliseconds=round(seconds * 1000, 1),
        )


class _Stay:
    """A request's place in the room: given up with the answer, before a slow client reads it, or
    as soon as it has to wait for others."""

    def __init__(self, admission: Admission, send: Send) -> None:
        self._admission = admission
        self._send = send
        self._over = False

    async def send(self, message: Message) -> None:
        """Send what is answered."""
        self.end()
        await self._send(message)

    def end(self) -> None:
        """Leave, once."""
        if not self._over:
            self._over = True
            self._admission.leave()
