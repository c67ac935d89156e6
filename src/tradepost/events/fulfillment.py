"""Facts of shipments and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tradepost.kernel.ids import OrderId, OrderLineId, ReturnId, ShipmentId, VariantId
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class MovedLine:
    """Units of an article; ``order_line_id`` where they belong to an order."""

    variant_id: VariantId
    order_line_id: OrderLineId | None
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentMoved(Fact):
    """A parcel was made or went a step further."""

    name: ClassVar[str] = "shipment.moved"
    stream: ClassVar[str] = "shipment"
    key: ClassVar[str] = "shipment_id"
    shipment_id: ShipmentId
    order_id: OrderId
    state: str
    lines: tuple[MovedLine, ...]


@dataclass(frozen=True, slots=True)
class ShipmentAnonymized(Fact):
    """A parcel can no longer be followed to the person who got it."""

    name: ClassVar[str] = "shipment.anonymized"
    stream: ClassVar[str] = "shipment"
    key: ClassVar[str] = "shipment_id"
    shipment_id: ShipmentId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class ReturnMoved(Fact):
    """A return was asked for or went a step further; ``total`` in minor units of ``currency``."""

    name: ClassVar[str] = "return.moved"
    stream: ClassVar[str] = "return"
    key: ClassVar[str] = "return_id"
    return_id: ReturnId
    order_id: OrderId | None
    state: str
    currency: str
    total: int
    lines: tuple[MovedLine, ...]
