"""Facts of the floor: units, tabs with their rounds and checks, and the kitchen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from tradepost.kernel.ids import (
    CheckId,
    FloorTableId,
    KitchenLineId,
    KitchenTicketId,
    LocationId,
    OrderId,
    PaymentId,
    RoundId,
    RoundLineId,
    StationId,
    TabId,
    UnitId,
    VariantId,
)
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class UnitPlanned(Fact):
    """A restaurant was opened, or its plan changed: areas, tables, stations, service charge."""

    name: ClassVar[str] = "unit.planned"
    stream: ClassVar[str] = "unit"
    key: ClassVar[str] = "unit_id"
    unit_id: UnitId
    location_id: LocationId


@dataclass(frozen=True, slots=True)
class SoldOut(Fact):
    """A unit has no more of an article, until an instant or until the mark is lifted."""

    name: ClassVar[str] = "kitchen.sold_out"
    stream: ClassVar[str] = "unit"
    key: ClassVar[str] = "unit_id"
    unit_id: UnitId
    variant_id: VariantId
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SoldOutLifted(Fact):
    """A unit has an article again."""

    name: ClassVar[str] = "kitchen.sold_out_lifted"
    stream: ClassVar[str] = "unit"
    key: ClassVar[str] = "unit_id"
    unit_id: UnitId
    variant_id: VariantId


@dataclass(frozen=True, slots=True)
class TabOpened(Fact):
    """Guests sat down."""

    name: ClassVar[str] = "tab.opened"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    unit_id: UnitId
    table_id: FloorTableId | None
    number: int
    guests: int
    business_date: date


@dataclass(frozen=True, slots=True)
class TabChanged(Fact):
    """Guests came or went, the tab got another name, or a round that is not sent was written."""

    name: ClassVar[str] = "tab.changed"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    guests: int


@dataclass(frozen=True, slots=True)
class TabMoved(Fact):
    """Guests went to another table, or away from all of them."""

    name: ClassVar[str] = "tab.moved"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    table_id: FloorTableId | None


@dataclass(frozen=True, slots=True)
class TabMerged(Fact):
    """A tab took over all of another."""

    name: ClassVar[str] = "tab.merged"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    from_id: TabId


@dataclass(frozen=True, slots=True)
class SentLine:
    """A dish of a round."""

    round_line_id: RoundLineId
    variant_id: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class RoundSent(Fact):
    """A round went to the kitchen as an order; ``total`` in minor units of ``currency``."""

    name: ClassVar[str] = "tab.round_sent"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    round_id: RoundId
    order_id: OrderId
    currency: str
    total: int
    lines: tuple[SentLine, ...]


@dataclass(frozen=True, slots=True)
class LinesVoided(Fact):
    """Units that had been sent are not wanted any more, or not to be paid."""

    name: ClassVar[str] = "tab.lines_voided"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    lines: tuple[SentLine, ...]


@dataclass(frozen=True, slots=True)
class TabSplit(Fact):
    """Checks were made of what is open, or one was taken back."""

    name: ClassVar[str] = "tab.split"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    made: tuple[CheckId, ...]
    cancelled: tuple[CheckId, ...]


@dataclass(frozen=True, slots=True)
class CheckPaid(Fact):
    """Money came in for a check, in minor units of ``currency``; the tip is not in ``amount``."""

    name: ClassVar[str] = "tab.check_paid"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    check_id: CheckId
    payment_id: PaymentId
    currency: str
    amount: int
    tip: int
    state: str


@dataclass(frozen=True, slots=True)
class TabClosed(Fact):
    """A tab owes nothing and takes no more; ``into_id`` is the tab that took it over."""

    name: ClassVar[str] = "tab.closed"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId
    into_id: TabId | None


@dataclass(frozen=True, slots=True)
class TabVoided(Fact):
    """A tab was called off with all of its rounds; why is written down with the tab."""

    name: ClassVar[str] = "tab.voided"
    stream: ClassVar[str] = "tab"
    key: ClassVar[str] = "tab_id"
    tab_id: TabId


@dataclass(frozen=True, slots=True)
class CookedLine:
    """A dish at a station, and how far it is."""

    kitchen_line_id: KitchenLineId
    round_line_id: RoundLineId
    quantity: int
    state: str


@dataclass(frozen=True, slots=True)
class TicketMade(Fact):
    """A station is to make something."""

    name: ClassVar[str] = "kitchen.ticket_made"
    stream: ClassVar[str] = "kitchen_ticket"
    key: ClassVar[str] = "ticket_id"
    ticket_id: KitchenTicketId
    station_id: StationId
    order_id: OrderId
    lines: tuple[CookedLine, ...]


@dataclass(frozen=True, slots=True)
class TicketMoved(Fact):
    """Dishes of a ticket went a step further, back, or were voided."""

    name: ClassVar[str] = "kitchen.ticket_moved"
    stream: ClassVar[str] = "kitchen_ticket"
    key: ClassVar[str] = "ticket_id"
    ticket_id: KitchenTicketId
    lines: tuple[CookedLine, ...]


@dataclass(frozen=True, slots=True)
class TicketPrinted(Fact):
    """A ticket was printed again; nothing is made again."""

    name: ClassVar[str] = "kitchen.ticket_printed"
    stream: ClassVar[str] = "kitchen_ticket"
    key: ClassVar[str] = "ticket_id"
    ticket_id: KitchenTicketId
    prints: int
