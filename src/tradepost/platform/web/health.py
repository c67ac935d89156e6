"""Whether this process lives, whether it can serve, and its figures."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from litestar import Request, Response, get
from litestar.types import ControllerRouterHandler

from tradepost.platform.telemetry import metrics
from tradepost.platform.web.door import PUBLIC, door

CHECK_SECONDS_MAX = 2.0
OPEN = door(PUBLIC, shop=False)
_log = structlog.get_logger("tradepost.web")


class Readiness:
    """Whether new requests are welcome; off while the process drains."""

    def __init__(self) -> None:
        self.draining = False


@get("/health/live", opt=OPEN, tags=["Service"], sync_to_thread=False)
def live() -> dict[str, str]:
    """The process runs and answers."""
    return {"status": "live"}


@get("/health/ready", opt=OPEN, tags=["Service"])
async def ready(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """The process can serve: its store answers, its clock is right, it has room, it stays."""
    state = request.app.state
    results = await asyncio.gather(*(_result(name, check) for name, check in state.checks))
    checks = dict(results)
    if state.readiness.draining:
        checks["process"] = "draining"
    elif state.admission.overloaded:
        checks["process"] = "overloaded"
    good = all(result == "ok" for result in checks.values())
    body = {"status": "ready" if good else "not ready", "checks": checks}
    return Response(body, status_code=200 if good else 503)


@get("/metrics", opt=OPEN, include_in_schema=False, sync_to_thread=False)
def figures(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Figures for Prometheus."""
    return Response(request.app.state.metrics.text(), media_type=metrics.MEDIA_TYPE)


def routes(shows_metrics: bool) -> list[ControllerRouterHandler]:
    """The routes of an app; figures only where nobody from outside comes."""
    return [live, ready, figures] if shows_metrics else [live, ready]


async def _result(name: str, check: Any) -> tuple[str, str]:
    """The outcome of a check; what exactly failed is for the log, not for strangers."""
    try:
        async with asyncio.timeout(CHECK_SECONDS_MAX):
            await check()
    except Exception as error:
        _log.warning("not ready", check=name, error=str(error))
        return name, "failed"
    return name, "ok"
