"""Figures for Prometheus; one registry a house, so that two houses can live in one process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one house."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Counter(
            "tradepost_requests",
            "Requests answered.",
            ("app", "method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tradepost_request_seconds",
            "Time from a request's headers to the end of its answer.",
            ("app", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.running = Gauge(
            "tradepost_requests_running",
            "Requests being answered now.",
            ("app",),
            registry=self.registry,
        )
        self.waiting = Gauge(
            "tradepost_requests_waiting",
            "Requests that wait until others are answered.",
            ("app",),
            registry=self.registry,
        )
        self.turned_away = Counter(
            "tradepost_requests_turned_away",
            "Requests refused at the door because too many were being answered.",
            ("app",),
            registry=self.registry,
        )
        self.sockets = Gauge(
            "tradepost_sockets_open",
            "WebSockets that are open.",
            ("app",),
            registry=self.registry,
        )
        self.sockets_cut = Counter(
            "tradepost_sockets_cut_off",
            "WebSockets cut off because nobody read what was sent.",
            ("app",),
            registry=self.registry,
        )

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self.registry)


class RequestFigures:
    """What one app counts of its requests; a figure is looked up by its labels once."""

    def __init__(self, metrics: Metrics, app: str) -> None:
        self._metrics = metrics
        self._app = app
        self._counts: dict[tuple[str, str, int], Counter] = {}
        self._times: dict[str, Histogram] = {}

    def tell(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        count = self._counts.get((method, route, status))
        if count is None:
            count = self._metrics.requests.labels(self._app, method, route, str(status))
            self._counts[method, route, status] = count
        count.inc()
        time = self._times.get(route)
        if time is None:
            time = self._times[route] = self._metrics.seconds.labels(self._app, route)
        time.observe(seconds)
