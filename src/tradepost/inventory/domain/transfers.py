"""Goods on their way from one location to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tradepost.inventory.domain.bookings import GoodsLine, arriving
from tradepost.inventory.domain.stock import Place
from tradepost.inventory.errors import SameLocation
from tradepost.kernel.errors import BadQuantity, Stale
from tradepost.kernel.ids import LocationId, TransferOrderId, VariantId
from tradepost.kernel.states import States


class TransferState(StrEnum):
    """How far the goods are."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


TRANSFER: Final = States(
    "transfer order",
    {
        TransferState.DRAFT: {"send": TransferState.SENT, "cancel": TransferState.CANCELLED},
        TransferState.SENT: {
            "receive": TransferState.RECEIVED,
            "cancel": TransferState.CANCELLED,
        },
    },
)


@dataclass(frozen=True, slots=True)
class TransferOrder:
    """Goods that go from one location to another; between the two they are nobody's stock."""

    id: TransferOrderId
    from_location_id: LocationId
    to_location_id: LocationId
    lines: tuple[GoodsLine, ...]
    note: str
    state: TransferState
    made_at: datetime
    received: tuple[GoodsLine, ...] = ()
    version: int = 1

    def after(self, action: str, version: int | None) -> TransferOrder:
        """The order after an action, one version later.

        :raises Stale: if the action was based on another version.
        :raises WrongState: if it is not allowed now.
        """
        if version not in (None, self.version):
            raise Stale("transfer order", version or 0, self.version)
        return replace(self, state=TRANSFER.after(self.state, action), version=self.version + 1)

    def leaving(self) -> list[tuple[Place, int]]:
        """What goes from the shelf when it is sent."""
        return [((self.from_location_id, v), -n) for v, n in _sums(self.lines).items()]

    def returning(self) -> list[tuple[Place, int]]:
        """What comes back when it is cancelled on the way."""
        return [((self.from_location_id, v), n) for v, n in _sums(self.lines).items()]

    def arrived(self, lines: Sequence[GoodsLine]) -> TransferOrder:
        """With what has arrived: no more than was sent, and no other goods.

        :raises BadQuantity: otherwise.
        """
        sent = _sums(self.lines)
        came = _sums(lines)
        for variant, quantity in came.items():
            if not 0 <= quantity <= sent.get(variant, 0):
                raise BadQuantity("quantity", f"must be at most {sent.get(variant, 0)}, as sent")
        return replace(self, received=tuple(GoodsLine(v, n) for v, n in came.items() if n))

    def arriving(self) -> list[tuple[Place, int]]:
        """What is put on the other shelf."""
        return [((self.to_location_id, line.variant_id), line.quantity) for line in self.received]


def drafted(
    id: TransferOrderId,
    from_location_id: LocationId,
    to_location_id: LocationId,
    lines: tuple[GoodsLine, ...],
    note: str,
    at: datetime,
) -> TransferOrder:
    """A fresh transfer order.

    :raises SameLocation: if it leads nowhere.
    :raises BadQuantity: unless each quantity is a whole number from one.
    """
    if from_location_id == to_location_id:
        raise SameLocation(str(to_location_id))
    arriving(from_location_id, lines)
    return TransferOrder(id, from_location_id, to_location_id, lines, note, TransferState.DRAFT, at)


def _sums(lines: Sequence[GoodsLine]) -> dict[VariantId, int]:
    sums: dict[VariantId, int] = {}
    for line in lines:
        sums[line.variant_id] = sums.get(line.variant_id, 0) + line.quantity
    return sums
