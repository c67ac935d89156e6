"""Orders' goods on their way: let go, shipped, come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.inventory.domain.stock import Place
from tradepost.kernel.ids import (
    LocationId,
    OrderId,
    OrderLineId,
    ReturnId,
    ShipmentId,
    VariantId,
)


@dataclass(frozen=True, slots=True)
class Release:
    """Stock that an order no longer wants: so many units of some lines, or (``None``) all.

    ``version`` is the version that the order reaches by this; where it is not known, the release
    counts as a document of its own.
    """

    order_id: OrderId
    at: datetime
    version: int | None = None
    quantities: tuple[tuple[OrderLineId, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class DispatchLine:
    """Units of an order line that leave: from one location, or from wherever they wait."""

    line_id: OrderLineId
    quantity: int
    location_id: LocationId | None = None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A shipment that leaves with allocated goods of one order."""

    order_id: OrderId
    shipment_id: ShipmentId
    lines: tuple[DispatchLine, ...]
    at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class PutBackLine:
    """Units that came back; those not fit to be sold again are booked in and thrown away."""

    variant_id: VariantId
    location_id: LocationId
    quantity: int
    restock: bool = True


@dataclass(frozen=True, slots=True)
class PutBack:
    """The goods of a return, as they were received."""

    return_id: ReturnId
    lines: tuple[PutBackLine, ...]
    at: datetime
    version: int = 1
    reason: str = ""

    def restocked(self) -> dict[Place, int]:
        """Units that can be sold again, by the place where they lie now."""
        sums: dict[Place, int] = {}
        for line in self.lines:
            if line.restock:
                place = (line.location_id, line.variant_id)
                sums[place] = sums.get(place, 0) + line.quantity
        return sums

    def arrived(self) -> list[tuple[Place, int]]:
        """What came in, line by line."""
        return [((line.location_id, line.variant_id), line.quantity) for line in self.lines]

    def wasted(self) -> list[tuple[Place, int]]:
        """What of it leaves again as waste."""
        return [
            ((line.location_id, line.variant_id), -line.quantity)
            for line in self.lines
            if not line.restock
        ]
