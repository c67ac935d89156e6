"""Which command leads an order to a status; neighbours' commands are bound in the wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Command
from tradepost.ordering.commands import CancelOrder, CompleteOrder
from tradepost.ordering.domain import Status
from tradepost.ordering.errors import StatusUnreachable


@dataclass(frozen=True, slots=True)
class OrderSteps:
    """The commands by the status that they lead to."""

    of_neighbours: Mapping[str, Callable[[OrderId], Command]]

    def to(self, wanted: str, order_id: OrderId, now: str) -> Command:
        """The command that leads there.

        :raises StatusUnreachable: for a status that follows from others, or is none.
        """
        own: dict[str, Callable[[OrderId], Command]] = {
            Status.COMPLETED.value: CompleteOrder,
            Status.CANCELLED.value: CancelOrder,
        }
        steps = {**own, **self.of_neighbours}
        if wanted not in steps:
            raise StatusUnreachable(now, wanted, ", ".join(sorted(steps)))
        return steps[wanted](order_id)
