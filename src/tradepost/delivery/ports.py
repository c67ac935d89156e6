"""What delivery needs: its repositories, and what it asks of its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tradepost.delivery.domain.cash import Collected, HandIn
from tradepost.delivery.domain.courier import Courier, Standby
from tradepost.delivery.domain.job import Delivery, Kind
from tradepost.delivery.domain.picking import Instead, Offer, PickLine, PickTask, Rule
from tradepost.delivery.domain.slot import Slot
from tradepost.delivery.domain.zone import Zone
from tradepost.kernel.ids import (
    CourierId,
    CustomerId,
    DeliveryId,
    LocationId,
    OrderId,
    OrderLineId,
    PaymentId,
    PickLineId,
    PickTaskId,
    ShipmentId,
    SlotId,
    VariantId,
    ZoneId,
)
from tradepost.kernel.money import Currency


@dataclass(frozen=True, slots=True)
class Rules:
    """The shop's rules for picking and delivering."""

    currency: Currency
    time_zone: str
    locations: tuple[LocationId, ...]
    weight_tolerance_percent: int
    assigns_by_itself: bool


class Zones(Protocol):
    """Where zones are kept."""

    async def get(self, zone_id: ZoneId) -> Zone:
        """The zone; :class:`Unknown` if missing."""
        ...

    async def owners(self, country: str, prefixes: Sequence[str]) -> Mapping[str, ZoneId]:
        """Whose prefixes these are, by prefix."""
        ...

    def add(self, zone: Zone) -> None:
        """Keep a fresh zone with its prefixes."""
        ...

    async def save(self, zone: Zone, version: int) -> int:
        """Keep a change on top of a version, prefixes too; the new version, or ``Stale``."""
        ...


class Slots(Protocol):
    """Where slots are kept."""

    def add(self, slots: Iterable[Slot]) -> None:
        """Keep fresh slots."""
        ...

    async def starts(self, zone_id: ZoneId, first: datetime, last: datetime) -> set[datetime]:
        """When the slots of a zone start between two instants."""
        ...

    async def lock(self, ids: Sequence[SlotId]) -> dict[SlotId, Slot]:
        """The slots, nobody else's until the transaction ends; missing ones are left out."""
        ...

    async def save(self, slot: Slot, version: int) -> int:
        """Keep a change of staff on top of a version; the new version, or ``Stale``."""
        ...


class PickTasks(Protocol):
    """Where pick tasks are kept."""

    def add(self, task: PickTask, lines: Sequence[PickLine]) -> None:
        """Keep a fresh task with its lines."""
        ...

    async def lock(self, id: PickTaskId) -> tuple[PickTask, list[PickLine]]:
        """The task with its lines, nobody else's until the transaction ends."""
        ...

    async def lock_of(self, order_id: OrderId) -> tuple[PickTask, list[PickLine]] | None:
        """The living task of an order, or the last one that was completed."""
        ...

    async def save(self, task: PickTask) -> int:
        """Write a locked task back; its new version."""
        ...

    async def save_lines(self, lines: Sequence[PickLine]) -> None:
        """Write what became of lines."""
        ...

    def add_lines(self, lines: Sequence[PickLine]) -> None:
        """Keep fresh lines of a task that is there."""
        ...

    async def drop_lines(self, ids: Sequence[PickLineId]) -> None:
        """Let go of lines that nobody wants any more."""
        ...


class Deliveries(Protocol):
    """Where deliveries are kept."""

    def add(self, delivery: Delivery) -> None:
        """Keep a fresh delivery."""
        ...

    async def lock(self, id: DeliveryId) -> Delivery:
        """The delivery, nobody else's until the transaction ends; :class:`Unknown` if missing."""
        ...

    async def lock_of(self, order_id: OrderId) -> list[Delivery]:
        """The deliveries of an order, locked."""
        ...

    async def lock_waiting(self, location_id: LocationId) -> list[Delivery]:
        """Those of a location that wait for a courier, the most urgent first."""
        ...

    async def save(self, delivery: Delivery) -> int:
        """Write a locked delivery back; its new version."""
        ...

    async def sign(self, id: DeliveryId, image: bytes) -> None:
        """Keep the signature of a delivery."""
        ...

    async def forget_signature(self, id: DeliveryId) -> None:
        """Let go of a signature."""
        ...

    async def jobs_of(self, courier_id: CourierId) -> int:
        """How many jobs a courier has."""
        ...


class Couriers(Protocol):
    """Where couriers are kept."""

    async def get(self, courier_id: CourierId) -> Courier:
        """The courier; :class:`Unknown` if missing."""
        ...

    def add(self, courier: Courier) -> None:
        """Keep a fresh courier."""
        ...

    async def save(self, courier: Courier, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...

    async def standby(self, location_id: LocationId) -> list[Standby]:
        """Couriers on duty at a location, with the jobs they have."""
        ...


class HandIns(Protocol):
    """Where it is kept what couriers handed in."""

    def add(self, made: HandIn) -> None:
        """Keep it."""
        ...


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line of goods of an order, with the units that have still to leave.

    ``paid`` is what they come to after discounts, in minor units.
    """

    line_id: OrderLineId
    variant_id: VariantId
    sku: str
    title: str
    unit: str
    price_per: int
    price_micros: int
    units: int
    paid: int
    rule: Rule
    allowed: tuple[VariantId, ...]


@dataclass(frozen=True, slots=True)
class ReadyOrder:
    """An order as pickers and couriers must know it, locked; amounts in minor units.

    ``kind`` is None for orders that neither of them has to do with.
    """

    id: OrderId
    number: int
    kind: Kind | None
    is_confirmed: bool
    is_open: bool
    location_id: LocationId | None
    slot_id: SlotId | None
    customer_id: CustomerId | None
    pays_at_the_door: bool
    currency: Currency
    total: int
    due: int
    version: int
    lines: tuple[OrderedLine, ...]


class Book(Protocol):
    """Orders, asked of ordering."""

    async def lock(self, order_id: OrderId) -> ReadyOrder:
        """The order, nobody else's until the transaction ends; :class:`Unknown` if missing."""
        ...

    async def reach(self, order_id: OrderId, stage: str, at: datetime) -> None:
        """Tell the order how far the work on it has come."""
        ...


class Trade(Protocol):
    """The spine's own commands, granted within this work."""

    async def reprice(
        self,
        order: ReadyOrder,
        gone: Sequence[tuple[OrderLineId, int]],
        instead: Sequence[Instead],
        at: datetime,
    ) -> None:
        """Take units off a locked order and add others; it comes to no more than before."""
        ...

    async def cancel(self, order_id: OrderId, at: datetime) -> None:
        """Call the order off."""
        ...

    async def ship(self, order_id: OrderId, carrier: str, at: datetime) -> ShipmentId:
        """All that is open of the order leaves."""
        ...

    async def arrive(self, shipment_id: ShipmentId, at: datetime) -> None:
        """What left has arrived."""
        ...

    async def collect(
        self, order_id: OrderId, courier_id: CourierId, amount: int, at: datetime
    ) -> PaymentId:
        """The courier has taken money for the order, and holds it."""
        ...

    async def complete(self, order_id: OrderId, at: datetime) -> None:
        """Close the order, which is paid and has left."""
        ...

    async def bring_back(self, order_id: OrderId, reason: str, at: datetime) -> None:
        """All that left comes back, is credited, and the order is closed."""
        ...


class Market(Protocol):
    """What articles cost now, asked of those who price orders."""

    async def offers(
        self, order: ReadyOrder, wanted: Sequence[VariantId]
    ) -> Mapping[VariantId, Offer]:
        """Articles as the order's shopper would be sold them; unknown ones are left out."""
        ...


class Purse(Protocol):
    """Cash in couriers' hands, asked of payments."""

    async def owed(self, courier_id: CourierId) -> list[Collected]:
        """What a courier has collected and not handed in."""
        ...

    async def settle(self, payment_ids: Sequence[PaymentId], missing: int, at: datetime) -> UUID:
        """The money of payments is with the shop, but for what is missing; the settlement."""
        ...


class SignIns(Protocol):
    """How couriers sign in, asked of identity."""

    async def open(
        self, courier_id: CourierId, email: str | None, phone: str | None, secret_hash: str
    ) -> None:
        """Let a courier sign in by mail address or telephone number."""
        ...

    async def bar(self, courier_id: CourierId, *, barred: bool) -> None:
        """Let a courier in no more, or again."""
        ...


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an order goes and what is to be collected for it, in minor units of ``currency``."""

    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    country: str
    phone: str
    currency: str
    due: int


class Destinations(Protocol):
    """Where orders go, asked of ordering."""

    async def of(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Destination]:
        """The destinations of orders; orders that are not there are left out."""
        ...


class KnownOrders(Protocol):
    """Which orders there are, asked of ordering."""

    async def check(self, order_id: OrderId, owner: CustomerId | None = None) -> None:
        """Go on if there is such an order, the owner's if one is named.

        :raises Unknown: if not.
        """
        ...
