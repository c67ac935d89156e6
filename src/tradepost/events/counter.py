"""Facts of the counter: registers, shifts, sales, card charges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tradepost.kernel.ids import (
    CardChargeId,
    LocationId,
    OrderId,
    RegisterId,
    ReturnId,
    SaleId,
    ShiftId,
    VariantId,
)
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class RegisterUpdated(Fact):
    """A register was made, or described anew."""

    name: ClassVar[str] = "register.updated"
    stream: ClassVar[str] = "register"
    key: ClassVar[str] = "register_id"
    register_id: RegisterId
    location_id: LocationId
    code: str
    status: str
    favourites: tuple[VariantId, ...]


@dataclass(frozen=True, slots=True)
class ShiftOpened(Fact):
    """A shift began with a float (minor units); the sales that were parked pass to it."""

    name: ClassVar[str] = "shift.opened"
    stream: ClassVar[str] = "shift"
    key: ClassVar[str] = "shift_id"
    shift_id: ShiftId
    register_id: RegisterId
    location_id: LocationId
    number: int
    currency: str
    opening: int
    taken_over: tuple[SaleId, ...]


@dataclass(frozen=True, slots=True)
class ShiftCashMoved(Fact):
    """Cash was put into a drawer, or below zero taken out (minor units), by hand."""

    name: ClassVar[str] = "shift.cash_moved"
    stream: ClassVar[str] = "shift"
    key: ClassVar[str] = "shift_id"
    shift_id: ShiftId
    register_id: RegisterId
    movement_id: UUID
    kind: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class ShiftCounting(Fact):
    """A shift sells no more: its drawer is counted."""

    name: ClassVar[str] = "shift.counting"
    stream: ClassVar[str] = "shift"
    key: ClassVar[str] = "shift_id"
    shift_id: ShiftId
    register_id: RegisterId


@dataclass(frozen=True, slots=True)
class ShiftClosed(Fact):
    """A shift ended; amounts in minor units, ``difference`` below zero where cash is missing."""

    name: ClassVar[str] = "shift.closed"
    stream: ClassVar[str] = "shift"
    key: ClassVar[str] = "shift_id"
    shift_id: ShiftId
    register_id: RegisterId
    currency: str
    expected: int
    counted: int
    difference: int


@dataclass(frozen=True, slots=True)
class ShiftAmended(Fact):
    """A sale of a closed shift was handed in late; ``cash`` in minor units was taken for it."""

    name: ClassVar[str] = "shift.amended"
    stream: ClassVar[str] = "shift"
    key: ClassVar[str] = "shift_id"
    shift_id: ShiftId
    register_id: RegisterId
    sale_id: SaleId
    currency: str
    cash: int


@dataclass(frozen=True, slots=True)
class SaleKept(Fact):
    """An unfinished sale was parked, recalled or passed on to another shift."""

    name: ClassVar[str] = "sale.kept"
    stream: ClassVar[str] = "sale"
    key: ClassVar[str] = "sale_id"
    sale_id: SaleId
    register_id: RegisterId
    shift_id: ShiftId
    state: str


@dataclass(frozen=True, slots=True)
class SaleCompleted(Fact):
    """A sale was paid and handed over; amounts in minor units."""

    name: ClassVar[str] = "sale.completed"
    stream: ClassVar[str] = "sale"
    key: ClassVar[str] = "sale_id"
    sale_id: SaleId
    register_id: RegisterId
    shift_id: ShiftId
    order_id: OrderId
    receipt_number: int
    currency: str
    total: int
    change: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaleVoided(Fact):
    """A sale is void: given up, or taken back by a return after it was done."""

    name: ClassVar[str] = "sale.voided"
    stream: ClassVar[str] = "sale"
    key: ClassVar[str] = "sale_id"
    sale_id: SaleId
    register_id: RegisterId
    shift_id: ShiftId
    return_id: ReturnId | None


@dataclass(frozen=True, slots=True)
class SaleReviewed(Fact):
    """A person has looked at a sale that was flagged."""

    name: ClassVar[str] = "sale.reviewed"
    stream: ClassVar[str] = "sale"
    key: ClassVar[str] = "sale_id"
    sale_id: SaleId
    register_id: RegisterId


@dataclass(frozen=True, slots=True)
class SaleSetAside(Fact):
    """A sale that was paid could not be booked, or what became of it: ``code`` says why."""

    name: ClassVar[str] = "sale.set_aside"
    stream: ClassVar[str] = "set_aside_sale"
    key: ClassVar[str] = "sale_id"
    sale_id: SaleId
    register_id: RegisterId
    state: str
    code: str


@dataclass(frozen=True, slots=True)
class CardChargeMoved(Fact):
    """A card was to be charged, or was; ``amount`` in minor units of ``currency``."""

    name: ClassVar[str] = "card_charge.moved"
    stream: ClassVar[str] = "card_charge"
    key: ClassVar[str] = "charge_id"
    charge_id: CardChargeId
    sale_id: SaleId
    register_id: RegisterId
    state: str
    currency: str
    amount: int
