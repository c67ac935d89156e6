"""The wishes delivery grants."""

from typing import Any

from tradepost.delivery.commands import (
    cash,
    couriers,
    ending,
    erase,
    jobs,
    opening,
    picking,
    zones,
)

_PARTS = (cash, couriers, ending, erase, jobs, opening, picking, zones)
HANDLERS: dict[type, Any] = {
    wish: handler for part in _PARTS for wish, handler in vars(part)["HANDLERS"].items()
}

__all__ = ["HANDLERS"]
