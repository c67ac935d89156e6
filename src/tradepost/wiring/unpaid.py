"""The sweep that calls off what nobody paid for: by the ordinary command, order by order."""

from __future__ import annotations

from tradepost.kernel.errors import Refusal
from tradepost.kernel.messages import Scope
from tradepost.ordering.commands import CancelOrder
from tradepost.ordering.queries.unpaid import unpaid_transfers
from tradepost.platform.bus import Bus

SWEPT_MAX = 100


async def call_off_unpaid(bus: Bus, scope: Scope) -> int:
    """Cancel orders by bank transfer whose days are over; how many.

    Each is cancelled at the version it was seen at: money that comes meanwhile raises the version
    and saves the order.
    """
    cancelled = 0
    for order_id, version in await bus.ask(scope, unpaid_transfers, SWEPT_MAX):
        try:
            await bus.send(scope, CancelOrder(order_id, version))
        except Refusal:
            continue
        cancelled += 1
    return cancelled
