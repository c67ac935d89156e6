"""What can be seen of a rush."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class RushFigures:
    """The figures for Prometheus."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.shed = Counter(
            "tradepost_shed",
            "Wishes refused before their lane, for articles known to be sold out.",
            registry=registry,
        )
        self.gates_shut = Gauge(
            "tradepost_gates_shut",
            "Articles that this process knows to be sold out.",
            registry=registry,
        )
        self.gates_opened = Counter(
            "tradepost_gates_opened", "Gates opened by a fact or by their age.", registry=registry
        )
        self.hot_wishes = Counter(
            "tradepost_hot_wishes",
            "Wishes that went to the lane of hot articles.",
            registry=registry,
        )
        self.hot_articles = Gauge(
            "tradepost_hot_articles",
            "Hot articles of the shops that this process has served lately.",
            registry=registry,
        )
        self.warmed = Counter(
            "tradepost_articles_warmed",
            "Articles made hot, or kept so for longer, because many wanted them.",
            registry=registry,
        )
        self.too_much_held = Counter(
            "tradepost_hold_quota_refusals",
            "Wishes refused because one person would have held too much.",
            registry=registry,
        )
