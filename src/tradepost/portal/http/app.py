"""The portal's app: its pages and its JSON API behind one guard."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import Litestar, Response, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids
from tradepost.platform.db.errors import OutcomeUnknown, StoreBusy, TryAgain
from tradepost.platform.telemetry.metrics import Metrics
from tradepost.platform.web.app import AppPlan, Check, build_app
from tradepost.platform.web.context import Station
from tradepost.platform.web.notes import notes_of
from tradepost.platform.web.translate import refusal_from
from tradepost.portal.http import api, pages
from tradepost.portal.http.guard import AnyRequest, portal_guard, visit_of
from tradepost.portal.http.rendering import error_page, failed_page

ABOUT = """Register tenants, see them come alive, suspend, reactivate and archive them.

Sign in, and send the access token as bearer. Errors are problem documents (RFC 9457) with a stable
`code`."""
_log = structlog.get_logger("tradepost.portal")
_VISIT = {"visit": Provide(visit_of, sync_to_thread=False)}


def portal_app(station: Station, check_store: Check, *, metrics: Metrics, ids: Ids) -> Litestar:
    """An app that is ready to be served."""
    plan = AppPlan(
        "Tradepost portal",
        ABOUT,
        (_API, _PAGES),
        checks=(("store", check_store),),
        guard=portal_guard,
    )
    return build_app(station, plan, metrics=metrics, ids=ids)


def _refused(request: AnyRequest, refusal: Refusal) -> Response[bytes]:
    return error_page(request, refusal)


def _broken_off(request: AnyRequest, error: OutcomeUnknown | TryAgain) -> Response[bytes]:
    return error_page(request, StoreBusy(why="the database cannot be reached", retry_after_s=2))


def _foreign(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    refusal = refusal_from(error, request.scope["method"], request.scope["path"])
    return _failed(request, error) if refusal is None else error_page(request, refusal)


def _failed(request: AnyRequest, error: Exception) -> Response[bytes]:
    _log.error("failed", exc_info=error, path=request.scope["path"])
    return failed_page(request, notes_of(request.scope).request_id)


_HANDLERS: dict[Any, Any] = {
    Refusal: _refused,
    HTTPException: _foreign,
    OutcomeUnknown: _broken_off,
    TryAgain: _broken_off,
    Exception: _failed,
}
_API = Router("/", route_handlers=list(api.ROUTES), dependencies=_VISIT)
_PAGES = Router(
    "/", route_handlers=list(pages.ROUTES), dependencies=_VISIT, exception_handlers=_HANDLERS
)
