"""Shipments and returns, and the rules they keep."""

from tradepost.fulfillment.domain.giveback import Disposition, Return, ReturnLine, ReturnState
from tradepost.fulfillment.domain.shipment import (
    OpenLine,
    OpenOrder,
    Shipment,
    ShipmentLine,
    ShipmentState,
)

__all__ = [
    "Disposition",
    "OpenLine",
    "OpenOrder",
    "Return",
    "ReturnLine",
    "ReturnState",
    "Shipment",
    "ShipmentLine",
    "ShipmentState",
]
