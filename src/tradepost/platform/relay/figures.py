"""How the relay is doing: what waits, how far consumers are behind, what has died."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import and_, func

from tradepost.platform.consumers.tables import dead_letters, parked_streams
from tradepost.platform.db.statement import AcrossTenants, param, platform_select
from tradepost.platform.db.work import Reader
from tradepost.platform.outbox import event_log, outbox
from tradepost.platform.relay.sequencer import last_seq
from tradepost.platform.relay.tables import leases

LAG_COUNTED_MAX = 100_000
"""Further back than so many facts nobody counts exactly."""

_e, _l = event_log.c, leases.c
_count = func.count().label("n")
_DEPTH = AcrossTenants(platform_select(_count).select_from(outbox))
_LAG = AcrossTenants(
    platform_select(_l.consumer, func.count(_e.seq).label("n"))
    .select_from(
        leases.outerjoin(
            event_log,
            and_(_e.shard == _l.shard, _e.seq > _l.acked_seq, _e.seq > param("since")),
        )
    )
    .group_by(_l.consumer)
)
_DEAD = AcrossTenants(
    platform_select(dead_letters.c.consumer, _count).group_by(dead_letters.c.consumer)
)
_PARKED = AcrossTenants(
    platform_select(parked_streams.c.consumer, _count).group_by(parked_streams.c.consumer)
)


@dataclass(frozen=True)
class RelayFigures:
    """Facts in the outbox, the last number, and by consumer: facts behind, dead, parked."""

    outbox_depth: int
    last_seq: int
    lag: dict[str, int] = field(default_factory=dict)
    dead_letters: dict[str, int] = field(default_factory=dict)
    parked_streams: dict[str, int] = field(default_factory=dict)


async def relay_figures(db: Reader) -> RelayFigures:
    """The figures of this moment, across tenants; for ``relay_read``."""
    top = await last_seq(db)
    return RelayFigures(
        int(await db.value(_DEPTH)),
        top,
        dict(await db.all(_LAG, since=top - LAG_COUNTED_MAX)),
        dict(await db.all(_DEAD)),
        dict(await db.all(_PARKED)),
    )


class RelayGauges:
    """The figures for Prometheus."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"tradepost_{name}", text, labels, registry=registry)

        self._depth = gauge("outbox_depth", "Facts that wait to be numbered.")
        self._last = gauge("event_log_last_seq", "The number of the last fact.")
        self._lag = gauge("consumer_lag", "Facts a consumer has not done with.", "consumer")
        self._dead = gauge("dead_letters", "Facts a consumer has given up on.", "consumer")
        self._parked = gauge("parked_streams", "Documents whose facts wait.", "consumer")

    def show(self, figures: RelayFigures) -> None:
        """Show these."""
        self._depth.set(figures.outbox_depth)
        self._last.set(figures.last_seq)
        for consumer, lag in figures.lag.items():
            self._lag.labels(consumer).set(lag)
            self._dead.labels(consumer).set(figures.dead_letters.get(consumer, 0))
            self._parked.labels(consumer).set(figures.parked_streams.get(consumer, 0))
