"""Services of the doors: what a route needs from neighbours of its own context."""

from __future__ import annotations

from typing import Any

from tradepost.fulfillment.commands import ShipOrder
from tradepost.ordering.http.steps import OrderSteps
from tradepost.payments.commands import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.live import Live, Positions


def services(live: Live | None = None) -> dict[type, Any]:
    """Each by its type; what is told of the moment stays in this process unless said otherwise."""
    told = live or Live()
    return {
        Live: told,
        Positions: Positions(told),
        OrderSteps: OrderSteps(
            {
                "pending_shipment": lambda order_id: RecordPayment((Share(order_id),)),
                "shipped": ShipOrder,
            }
        ),
    }
