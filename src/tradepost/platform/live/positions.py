"""Where the courier of an order is just now: never stored, never in a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tradepost.kernel.ids import OrderId, TenantId
from tradepost.platform.live.live import Live


@dataclass(frozen=True, slots=True)
class Position:
    """A place by WGS 84 in millionths of a degree, and when somebody was there.

    ``accuracy_m`` is the radius in metres within which the device believes to be, if it says so.
    """

    latitude_e6: int
    longitude_e6: int
    at: datetime
    accuracy_m: int | None = None

    def __post_init__(self) -> None:
        assert abs(self.latitude_e6) <= 90_000_000, self.latitude_e6
        assert abs(self.longitude_e6) <= 180_000_000, self.longitude_e6


class Positions:
    """Tells those who follow an order where it is; whoever delivers it reports here."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def report(self, tenant_id: TenantId, order_id: OrderId, position: Position) -> None:
        """Tell where the order is now; the last report can be seen for two minutes."""
        await self._live.publish(tenant_id, position_topic(order_id), frame_of(position))

    async def end(self, tenant_id: TenantId, order_id: OrderId) -> None:
        """The order is on its way no more: nobody is shown where its courier was."""
        await self._live.end(tenant_id, position_topic(order_id))


def position_topic(order_id: OrderId) -> str:
    """What the positions of an order are told under."""
    return f"position:{order_id}"


def frame_of(position: Position) -> dict[str, Any]:
    """A position as those who follow an order are shown it."""
    return {
        "type": "position",
        "latitude_e6": position.latitude_e6,
        "longitude_e6": position.longitude_e6,
        "accuracy_m": position.accuracy_m,
        "at": position.at,
    }
