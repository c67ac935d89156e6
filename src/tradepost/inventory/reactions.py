"""What the stock room does about facts: it serves requests as they are filed."""

from __future__ import annotations

from tradepost.events.inventory import ReservationRequested
from tradepost.inventory.commands.carts import GrantReservations
from tradepost.kernel.messages import Told


def serve_request(told: Told[ReservationRequested]) -> GrantReservations | None:
    """Serve a batch of what waits, of which this is one."""
    return None if told.fact.is_hot else GrantReservations(is_hot=False)


def serve_hot_request(told: Told[ReservationRequested]) -> GrantReservations | None:
    """The same for hot goods, by a consumer of their own, so that they hold up nobody else."""
    return GrantReservations(is_hot=True) if told.fact.is_hot else None
