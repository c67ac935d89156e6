"""What a lane tells of itself: who waits, how long, in batches of which size, and what failed."""

from __future__ import annotations

from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class LaneFigures(Protocol):
    """Where the figures go; ``kind`` is the name of the command."""

    def waiting(self, kind: str, more: int) -> None:
        """So many more, or fewer, wishes wait."""
        ...

    def batch(self, kind: str, size: int, waited_s: float) -> None:
        """A batch is granted; its first wish has waited so long."""
        ...

    def turned_away(self, kind: str, count: int) -> None:
        """Wishes were refused because too many were waiting, or for too long."""
        ...

    def bisected(self, kind: str) -> None:
        """A batch failed as a whole and is tried in halves."""
        ...


class Uncounted:
    """Counts nothing."""

    def waiting(self, kind: str, more: int) -> None: ...

    def batch(self, kind: str, size: int, waited_s: float) -> None: ...

    def turned_away(self, kind: str, count: int) -> None: ...

    def bisected(self, kind: str) -> None: ...


class LaneMetrics:
    """The figures for Prometheus."""

    def __init__(self, registry: CollectorRegistry) -> None:
        kind = ("command",)
        self._waiting = Gauge(
            "tradepost_lane_waiting", "Wishes that wait for a batch.", kind, registry=registry
        )
        self._size = Histogram(
            "tradepost_lane_batch_size",
            "Wishes granted in one transaction.",
            kind,
            buckets=_SIZES,
            registry=registry,
        )
        self._waited = Histogram(
            "tradepost_lane_wait_seconds",
            "How long the first wish of a batch had waited.",
            kind,
            buckets=_SECONDS,
            registry=registry,
        )
        self._turned_away = Counter(
            "tradepost_lane_turned_away",
            "Wishes refused because too many were waiting, or for too long.",
            kind,
            registry=registry,
        )
        self._bisections = Counter(
            "tradepost_lane_bisections",
            "Batches that failed as a whole and were tried in halves.",
            kind,
            registry=registry,
        )

    def waiting(self, kind: str, more: int) -> None:
        """Count those who wait."""
        self._waiting.labels(kind).inc(more)

    def batch(self, kind: str, size: int, waited_s: float) -> None:
        """Count a batch."""
        self._size.labels(kind).observe(size)
        self._waited.labels(kind).observe(waited_s)

    def turned_away(self, kind: str, count: int) -> None:
        """Count those who were refused."""
        self._turned_away.labels(kind).inc(count)

    def bisected(self, kind: str) -> None:
        """Count a batch that failed."""
        self._bisections.labels(kind).inc()
