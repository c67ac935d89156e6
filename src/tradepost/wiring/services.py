"""Services of the doors: what a route needs from neighbours of its own context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradepost.fulfillment.commands import ShipOrder
from tradepost.kernel.ids import OrderId
from tradepost.ordering.http.steps import OrderSteps
from tradepost.payments.commands import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.live import Following, Live, Positions


def services(given: Mapping[type, Any] | None = None) -> dict[type, Any]:
    """Each by its type; what is told of the moment stays in this process unless ``given`` a way."""
    told: dict[type, Any] = {Live: Live(), Following: Following(), **(given or {})}
    return {
        **told,
        Positions: Positions(told[Live]),
        OrderSteps: OrderSteps(
            {
                "confirmed": _paid,
                "pending_shipment": _paid,
                "shipped": ShipOrder,
            }
        ),
    }


def _paid(order_id: OrderId) -> RecordPayment:
    return RecordPayment((Share(order_id),))
