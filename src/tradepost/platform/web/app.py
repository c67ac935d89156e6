"""An app from its routers: the same guard, renderer, edge, health and documents for each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import structlog
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import Provide
from litestar.events import SimpleEventEmitter
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler

from tradepost.kernel.errors import Conflict, Refusal, Stale
from tradepost.kernel.ids import Ids, RandomIds
from tradepost.platform.db.errors import OutcomeUnknown, StoreBusy, TryAgain
from tradepost.platform.telemetry.metrics import Metrics
from tradepost.platform.web import docs, errors, health, problems
from tradepost.platform.web.admission import Admission
from tradepost.platform.web.answers import DoorResponse
from tradepost.platform.web.body import DoorRequest
from tradepost.platform.web.context import Office, Station
from tradepost.platform.web.door import check_doors, methods_of
from tradepost.platform.web.edge import Edge
from tradepost.platform.web.guard import caller_of, guard
from tradepost.platform.web.keeping import Keeper
from tradepost.platform.web.notes import notes_of
from tradepost.platform.web.openapi import read_document
from tradepost.platform.web.paging import paging_of
from tradepost.platform.web.problem import MEDIA_TYPE, Problem, problem_of, unexpected
from tradepost.platform.web.queries import queries_of
from tradepost.platform.web.sockets import SocketRoom
from tradepost.platform.web.translate import BODY_BYTES_MAX, refusal_from

_log = structlog.get_logger("tradepost.web")
AnyRequest = Request[Any, Any, Any]
Check = Callable[[], Awaitable[None]]
Guard = Callable[[AnyRequest], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class AppPlan:
    """What tells one app from another."""

    title: str
    description: str
    routers: Sequence[ControllerRouterHandler]
    checks: tuple[tuple[str, Check], ...] = ()
    shows_metrics: bool = False
    guard: Guard = guard
    """Who lets requests in; the doors of shops have one of their own."""


def build_app(
    office: Office | Station,
    plan: AppPlan,
    *,
    metrics: Metrics | None = None,
    ids: Ids | None = None,
) -> Litestar:
    """An app that is ready to be served.

    :raises NoDoor: if a route does not declare who may pass.
    """
    figures, named = metrics or Metrics(), ids or RandomIds()
    frame = _framed(tuple(plan.routers), plan.shows_metrics, plan.guard)
    admission = Admission(office.settings.room, figures, office.audience)
    app = _another(frame)
    told = {
        "office": office,
        "audience": office.audience,
        "checks": plan.checks,
        "metrics": figures,
        "readiness": health.Readiness(),
        "admission": admission,
        "sockets": SocketRoom(office.settings.sockets, figures, office.audience),
        "title": plan.title,
        "description": plan.description,
        "document": None,
    }
    app.state = State(frame.state.dict() | told, deep_copy=False)
    app.asgi_handler = Edge(  # type: ignore[assignment]  # the same ASGI, in plainer types
        frame.asgi_handler,
        ids=named,
        settings=office.settings,
        metrics=figures,
        traces=office.traces,
        audience=office.audience,
        admission=admission,
        keeper=_keeper(office, app, figures, named),
    )
    return app


def _keeper(office: Office | Station, app: Litestar, metrics: Metrics, ids: Ids) -> Keeper | None:
    if isinstance(office, Office) and office.kept is not None:
        return Keeper(office, app, metrics, ids)
    return None


@lru_cache(8)
def _framed(
    routers: tuple[ControllerRouterHandler, ...], shows_metrics: bool, guard: Guard
) -> Litestar:
    """The routes of apps, whoever's they are: the framework takes 0.2 s to read those of one.

    What tells one app of these routes from another is in its own state and its own edge.
    """
    frame = Litestar(
        route_handlers=[
            *routers,
            problems.read_problem,
            read_document,
            *docs.ROUTES,
            *health.routes(shows_metrics),
        ],
        before_request=guard,  # the framework copies the whole route for each call of a guard
        response_class=DoorResponse,
        dependencies={
            "caller": Provide(caller_of, sync_to_thread=False),
            "paging": Provide(paging_of, sync_to_thread=False),
        },
        exception_handlers={
            Refusal: _refused,
            HTTPException: _foreign,
            OutcomeUnknown: _broken_off,
            TryAgain: _broken_off,
            Exception: _failed,
        },
        request_class=DoorRequest,
        request_max_body_size=BODY_BYTES_MAX,
        openapi_config=None,
        logging_config=None,
    )
    check_doors(frame, guard)
    frame.state.queries = queries_of(frame)
    frame.state.methods = methods_of(frame)
    return frame


def _another(frame: Litestar) -> Litestar:
    """An app of the same routes that starts and ends by itself."""
    app = copy(frame)
    app.event_emitter = SimpleEventEmitter([])
    app.asgi_router = copy(frame.asgi_router)
    app.asgi_router.app = app
    return app


def _refused(request: AnyRequest, refusal: Refusal) -> Response[bytes]:
    notes = notes_of(request.scope)
    if notes.if_match and isinstance(refusal, Stale):
        refusal = errors.VersionStale(refusal.what, refusal.version, refusal.current)
    if isinstance(refusal, Conflict):
        _log.info("refused", code=refusal.code)
    return _rendered(problem_of(refusal, request.scope["path"], notes.request_id))


def _broken_off(request: AnyRequest, error: OutcomeUnknown | TryAgain) -> Response[bytes]:
    """Trouble of the store that nobody could put right by trying again."""
    return _refused(request, StoreBusy(why="the database cannot be reached", retry_after_s=2))


def _foreign(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    refusal = refusal_from(error, request.scope["method"], request.scope["path"])
    return _failed(request, error) if refusal is None else _refused(request, refusal)


def _failed(request: AnyRequest, error: Exception) -> Response[bytes]:
    notes = notes_of(request.scope)
    _log.error("failed", exc_info=error, route=request.scope.get("path_template"))
    return _rendered(unexpected(request.scope["path"], notes.request_id))


def _rendered(problem: Problem) -> Response[bytes]:
    return Response(
        problem.encoded(),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=problem.headers,
    )
