"""What the stock room tells: free stock, and what was promised, let go and found missing.

These facts are kept on the stream of the document that caused them (an order, a shipment, a
receipt, …), which ``document`` names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tradepost.kernel.ids import (
    CartId,
    CartLineId,
    CountId,
    LocationId,
    OrderId,
    ReservationRequestId,
    ShortfallId,
    TransferOrderId,
    VariantId,
)
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class StockLevel:
    """How much lies at a place and how much of it is free, at a version of that stock.

    ``available`` is what is on hand less what is held, allocated and kept as safety stock. A
    reader that knows a higher version of the same place and variant drops this one.
    """

    location_id: LocationId
    variant_id: VariantId
    on_hand: int
    available: int
    version: int


@dataclass(frozen=True, slots=True)
class StockShare:
    """So many units of a variant at a place."""

    location_id: LocationId
    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class ExpiredHold:
    """A cart's hold whose time has run out."""

    cart_id: CartId
    location_id: LocationId
    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class StockPolicy:
    """How stock of a variant at a place is treated, at a version of that stock."""

    location_id: LocationId
    variant_id: VariantId
    safety: int
    allows_backorder: bool
    is_hot: bool
    version: int


@dataclass(frozen=True, slots=True)
class _OfDocument(Fact):
    stream: ClassVar[str] = "document"
    key: ClassVar[str] = "document_id"
    document: str
    document_id: UUID

    @property
    def stream_name(self) -> str:
        """The kind of the document that caused it."""
        return self.document


@dataclass(frozen=True, slots=True)
class InventoryUpdated(_OfDocument):
    """Stock changed: the state it reached, one entry for every place and variant."""

    name: ClassVar[str] = "inventory.updated"
    levels: tuple[StockLevel, ...]


@dataclass(frozen=True, slots=True)
class InventoryReserved(_OfDocument):
    """Stock was allocated to an order or held for a cart."""

    name: ClassVar[str] = "inventory.reserved"
    lines: tuple[StockShare, ...]


@dataclass(frozen=True, slots=True)
class InventoryReleased(_OfDocument):
    """Stock that was allocated or held is free again, without having left."""

    name: ClassVar[str] = "inventory.released"
    lines: tuple[StockShare, ...]


@dataclass(frozen=True, slots=True)
class ReservationExpired(_OfDocument):
    """Holds ran out and their stock is free again."""

    name: ClassVar[str] = "inventory.reservation.expired"
    lines: tuple[ExpiredHold, ...]


@dataclass(frozen=True, slots=True)
class InventoryPolicyChanged(_OfDocument):
    """Safety stock, backorder or the lane of some stock was set."""

    name: ClassVar[str] = "inventory.policy_changed"
    lines: tuple[StockPolicy, ...]


@dataclass(frozen=True, slots=True)
class _OfRequest(Fact):
    stream: ClassVar[str] = "reservation_request"
    key: ClassVar[str] = "request_id"
    request_id: ReservationRequestId
    cart_id: CartId


@dataclass(frozen=True, slots=True)
class WantedHold:
    """A cart line that wants so many units held in all."""

    line_id: CartLineId
    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class RejectedHold:
    """A cart line that wanted more than is free; what it held before it still holds."""

    line_id: CartLineId
    variant_id: VariantId
    quantity: int
    available: int


@dataclass(frozen=True, slots=True)
class ReservationRequested(_OfRequest):
    """A cart asked for stock to be held."""

    name: ClassVar[str] = "inventory.reservation.requested"
    is_hot: bool
    lines: tuple[WantedHold, ...]


@dataclass(frozen=True, slots=True)
class ReservationRejected(_OfRequest):
    """Stock that a cart asked for could not be held."""

    name: ClassVar[str] = "inventory.reservation.rejected"
    lines: tuple[RejectedHold, ...]


@dataclass(frozen=True, slots=True)
class ReservationWithdrawn(_OfRequest):
    """A request was given up before a worker took it: the cart was ordered, merged or emptied."""

    name: ClassVar[str] = "inventory.reservation.withdrawn"


@dataclass(frozen=True, slots=True)
class InventoryShort(Fact):
    """A count or a loss left less than orders have been promised; a person settles it.

    ``order_ids`` are the orders that were promised last, as many as it takes to make up for it.
    """

    name: ClassVar[str] = "inventory.short"
    stream: ClassVar[str] = "shortfall"
    key: ClassVar[str] = "shortfall_id"
    shortfall_id: ShortfallId
    location_id: LocationId
    variant_id: VariantId
    missing: int
    order_ids: tuple[OrderId, ...]
    document: str
    document_id: UUID


@dataclass(frozen=True, slots=True)
class ShortfallSettled(Fact):
    """Somebody has dealt with a shortfall."""

    name: ClassVar[str] = "inventory.shortfall.settled"
    stream: ClassVar[str] = "shortfall"
    key: ClassVar[str] = "shortfall_id"
    shortfall_id: ShortfallId


@dataclass(frozen=True, slots=True)
class _OfCount(Fact):
    stream: ClassVar[str] = "count"
    key: ClassVar[str] = "count_id"
    count_id: CountId


@dataclass(frozen=True, slots=True)
class CountStarted(_OfCount):
    """Somebody began to count what lies at a location."""

    name: ClassVar[str] = "inventory.count.started"
    location_id: LocationId


@dataclass(frozen=True, slots=True)
class CountedStock:
    """What was counted of a variant, and what the books said at that moment."""

    variant_id: VariantId
    counted: int
    expected: int


@dataclass(frozen=True, slots=True)
class CountRecorded(_OfCount):
    """Some variants were counted; nothing is booked before the count is closed."""

    name: ClassVar[str] = "inventory.count.recorded"
    lines: tuple[CountedStock, ...]


@dataclass(frozen=True, slots=True)
class CountClosed(_OfCount):
    """A count was closed and its differences booked."""

    name: ClassVar[str] = "inventory.count.closed"


@dataclass(frozen=True, slots=True)
class CountCancelled(_OfCount):
    """A count was given up; nothing was booked."""

    name: ClassVar[str] = "inventory.count.cancelled"


@dataclass(frozen=True, slots=True)
class _OfTransferOrder(Fact):
    stream: ClassVar[str] = "transfer_order"
    key: ClassVar[str] = "transfer_order_id"
    transfer_order_id: TransferOrderId


@dataclass(frozen=True, slots=True)
class MovedStock:
    """Units of a variant on their way between two locations."""

    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class TransferOrderDrafted(_OfTransferOrder):
    """Goods are to go from one location to another."""

    name: ClassVar[str] = "inventory.transfer.drafted"
    from_location_id: LocationId
    to_location_id: LocationId
    lines: tuple[MovedStock, ...]


@dataclass(frozen=True, slots=True)
class TransferOrderSent(_OfTransferOrder):
    """The goods have left the one location."""

    name: ClassVar[str] = "inventory.transfer.sent"


@dataclass(frozen=True, slots=True)
class TransferOrderReceived(_OfTransferOrder):
    """Goods have reached the other location; what of them did not was lost on the way."""

    name: ClassVar[str] = "inventory.transfer.received"
    lines: tuple[MovedStock, ...]


@dataclass(frozen=True, slots=True)
class TransferOrderCancelled(_OfTransferOrder):
    """The goods stay where they were, or have come back there."""

    name: ClassVar[str] = "inventory.transfer.cancelled"
