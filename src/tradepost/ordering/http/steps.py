"""Which command leads an order to a status; neighbours' commands are bound in the wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Command
from tradepost.ordering.commands import CancelOrder, CompleteOrder
from tradepost.ordering.domain import Channel, Delivery, Status
from tradepost.ordering.domain.status import words_of
from tradepost.ordering.errors import StatusUnreachable
from tradepost.ordering.queries import OrderView

PAID_FOR = {Status.CONFIRMED, Status.PENDING_SHIPMENT}
"""What orders read that waited for money, once it is there."""


@dataclass(frozen=True, slots=True)
class OrderSteps:
    """The commands by the status that they lead to."""

    of_neighbours: Mapping[str, Callable[[OrderId], Command]]

    def to(self, wanted: Status, order: OrderView) -> Command:
        """The command that leads the order there; a payment does only where it waits for one.

        :raises StatusUnreachable: for a status that follows from others, or that no order of its
            kind, or none that has come so far, can get.
        """
        own: dict[str, Callable[[OrderId], Command]] = {
            Status.COMPLETED: CompleteOrder,
            Status.CANCELLED: CancelOrder,
        }
        channel, delivery = Channel(order.channel), Delivery(order.delivery)
        words = words_of(delivery if channel is Channel.WEB else channel)
        behind = set() if order.status == Status.PENDING_PAYMENT else PAID_FOR
        steps = {
            status: step
            for status, step in {**own, **self.of_neighbours}.items()
            if status in words and status not in behind
        }
        if wanted not in steps:
            raise StatusUnreachable(order.status, wanted, ", ".join(sorted(steps)))
        return steps[wanted](order.id)
