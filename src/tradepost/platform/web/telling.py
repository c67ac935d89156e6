"""Tells of a kept answer that was given: figures and a line of log, made ready beforehand."""

from __future__ import annotations

from tradepost.kernel.ids import TenantId
from tradepost.platform.telemetry.logs import RequestLine
from tradepost.platform.telemetry.metrics import Metrics


class Teller:
    """What is told of the answers to guests of one route and shop."""

    def __init__(self, metrics: Metrics, audience: str, route: str, tenant_id: TenantId) -> None:
        self.audience = audience
        self.route = route
        counted = metrics.requests.labels
        self._whole = counted(audience, "GET", route, "200")
        self._held = counted(audience, "GET", route, "304")
        self._seconds = metrics.seconds.labels(audience, route)
        self._line = RequestLine(
            tenant=str(tenant_id),
            actor="guest",
            app=audience,
            method="GET",
            route=route,
            kept=True,
        )

    def tell(self, request_id: str, trace_id: str, status: int, seconds: float) -> None:
        """An answer was given; ``request_id`` holds nothing that JSON would have to escape."""
        (self._held if status == 304 else self._whole).inc()
        self._seconds.observe(seconds)
        self._line.write(request_id, trace_id, status, seconds * 1000)
