"""Facts of zones, slots, picking, deliveries, couriers and their cash. No names, no positions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tradepost.kernel.ids import (
    CourierId,
    DeliveryId,
    HandInId,
    LocationId,
    OrderId,
    OrderLineId,
    PaymentId,
    PickTaskId,
    SlotId,
    StaffId,
    VariantId,
    ZoneId,
)
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class ZoneChanged(Fact):
    """A zone was made or changed; amounts in minor units of ``currency``."""

    name: ClassVar[str] = "zone.changed"
    stream: ClassVar[str] = "zone"
    key: ClassVar[str] = "zone_id"
    zone_id: ZoneId
    location_id: LocationId
    status: str
    currency: str
    fee: int
    free_from: int | None
    minimum: int


@dataclass(frozen=True, slots=True)
class SlotChanged(Fact):
    """A slot was opened, closed, or given more or fewer places."""

    name: ClassVar[str] = "slot.changed"
    stream: ClassVar[str] = "slot"
    key: ClassVar[str] = "slot_id"
    slot_id: SlotId
    zone_id: ZoneId
    starts_at: datetime
    ends_at: datetime
    capacity: int
    status: str


@dataclass(frozen=True, slots=True)
class _PickingFact(Fact):
    stream: ClassVar[str] = "pick_task"
    key: ClassVar[str] = "pick_task_id"
    pick_task_id: PickTaskId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class PickingOpened(_PickingFact):
    """An order is to be picked."""

    name: ClassVar[str] = "picking.opened"
    location_id: LocationId | None


@dataclass(frozen=True, slots=True)
class PickingStarted(_PickingFact):
    """Somebody picks it."""

    name: ClassVar[str] = "picking.started"
    picker_id: StaffId | None


@dataclass(frozen=True, slots=True)
class PickedLine:
    """What became of a line: picked + short + replaced = ordered, in its smallest unit.

    ``over`` was weighed beyond what was ordered and is not paid for.
    """

    order_line_id: OrderLineId
    variant_id: VariantId
    ordered: int
    picked: int
    short: int
    replaced: int
    over: int
    substitute_id: VariantId | None
    substitute_units: int


@dataclass(frozen=True, slots=True)
class PickingChanged(_PickingFact):
    """Lines were picked, or what is to be picked changed, or the task went back to the shelf."""

    name: ClassVar[str] = "picking.changed"
    state: str
    lines: tuple[PickedLine, ...]


@dataclass(frozen=True, slots=True)
class PickingCompleted(_PickingFact):
    """Everything was picked, is short, or was replaced; the order was priced anew by it."""

    name: ClassVar[str] = "picking.completed"
    lines: tuple[PickedLine, ...]


@dataclass(frozen=True, slots=True)
class PickingCancelled(_PickingFact):
    """Nobody needs to pick it any more."""

    name: ClassVar[str] = "picking.cancelled"


@dataclass(frozen=True, slots=True)
class _DeliveryFact(Fact):
    stream: ClassVar[str] = "delivery"
    key: ClassVar[str] = "delivery_id"
    delivery_id: DeliveryId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class DeliveryOpened(_DeliveryFact):
    """An order is ready: for a courier, or for its shopper to fetch."""

    name: ClassVar[str] = "delivery.opened"
    kind: str
    location_id: LocationId | None
    zone_id: ZoneId | None


@dataclass(frozen=True, slots=True)
class DeliveryAssigned(_DeliveryFact):
    """A courier was given it."""

    name: ClassVar[str] = "delivery.assigned"
    courier_id: CourierId


@dataclass(frozen=True, slots=True)
class DeliveryAccepted(_DeliveryFact):
    """Its courier comes."""

    name: ClassVar[str] = "delivery.accepted"
    courier_id: CourierId


@dataclass(frozen=True, slots=True)
class DeliveryReleased(_DeliveryFact):
    """It waits for a courier again: declined, taken away, or to be tried again after a failure."""

    name: ClassVar[str] = "delivery.released"
    location_id: LocationId | None


@dataclass(frozen=True, slots=True)
class DeliveryPickedUp(_DeliveryFact):
    """The goods are on the road."""

    name: ClassVar[str] = "delivery.picked_up"
    courier_id: CourierId
    attempt: int


@dataclass(frozen=True, slots=True)
class DeliveryCompleted(_DeliveryFact):
    """The goods were handed over; ``collected`` in minor units of ``currency``."""

    name: ClassVar[str] = "delivery.completed"
    courier_id: CourierId | None
    proof: str
    currency: str
    collected: int


@dataclass(frozen=True, slots=True)
class DeliveryFailed(_DeliveryFact):
    """Nobody took the goods; the courier has them still."""

    name: ClassVar[str] = "delivery.failed"
    courier_id: CourierId | None
    attempt: int


@dataclass(frozen=True, slots=True)
class DeliveryReturned(_DeliveryFact):
    """The goods came back and the order was settled by a return."""

    name: ClassVar[str] = "delivery.returned"


@dataclass(frozen=True, slots=True)
class DeliveryCancelled(_DeliveryFact):
    """The order was called off before the goods left."""

    name: ClassVar[str] = "delivery.cancelled"


@dataclass(frozen=True, slots=True)
class DeliveryChanged(_DeliveryFact):
    """Something else about it changed; ``changed`` names what: code, person."""

    name: ClassVar[str] = "delivery.changed"
    changed: str


@dataclass(frozen=True, slots=True)
class CourierChanged(Fact):
    """A courier was hired or changed, or went on or off duty."""

    name: ClassVar[str] = "courier.changed"
    stream: ClassVar[str] = "courier"
    key: ClassVar[str] = "courier_id"
    courier_id: CourierId
    location_id: LocationId
    status: str
    on_duty: bool


@dataclass(frozen=True, slots=True)
class CashHandedIn(Fact):
    """A courier handed cash in; amounts in minor units of ``currency``."""

    name: ClassVar[str] = "courier.cash_handed_in"
    stream: ClassVar[str] = "hand_in"
    key: ClassVar[str] = "hand_in_id"
    hand_in_id: HandInId
    courier_id: CourierId
    settlement_id: UUID
    currency: str
    owed: int
    counted: int
    missing: int
    payments: tuple[PaymentId, ...]
