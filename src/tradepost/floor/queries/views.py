"""A tab as waiters see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tradepost.kernel.clock import to_micros


@dataclass(frozen=True, slots=True)
class TabRow:
    """A tab in a list."""

    id: UUID
    number: int
    unit_id: UUID
    table_id: UUID | None
    name: str
    guests: int
    waiter_id: UUID | None
    state: str
    currency: str
    opened_at: datetime
    business_date: date
    closed_at: datetime | None
    into_id: UUID | None
    version: int

    @property
    def position(self) -> tuple[int, str]:
        """Its place in the list."""
        return to_micros(self.opened_at), str(self.id)


@dataclass(frozen=True, slots=True)
class ModifierView:
    """What was chosen to go with each unit of a dish."""

    sku: str
    title: str
    quantity: int


@dataclass(frozen=True, slots=True)
class LineView:
    """A dish; ``amount`` is what it comes to with modifiers and all tax, in minor units.

    ``on_checks`` are the units that stand on checks; ``cooked`` says how far the kitchen is.
    """

    id: UUID
    variant_id: UUID
    sku: str
    title: str
    quantity: int
    voided: int
    on_checks: int
    course: int
    note: str
    modifiers: tuple[ModifierView, ...]
    amount: int
    cooked: str | None


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round; sent, it is an order. One for service is the service charge."""

    id: UUID
    number: int
    state: str
    is_service: bool
    order_id: UUID | None
    order_number: int | None
    sent_at: datetime | None
    due: int
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class PaidView:
    """A payment on a check; amounts in minor units."""

    payment_id: UUID
    method: str
    amount: int
    tip: int
    tendered: int
    change: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckItemView:
    """Units of a line on a check."""

    line_id: UUID
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class CheckView:
    """A part of the tab that somebody pays; amounts in minor units, the tip apart."""

    id: UUID
    number: int
    kind: str
    state: str
    amount: int
    paid: int
    due: int
    tip: int
    items: tuple[CheckItemView, ...]
    payments: tuple[PaidView, ...]


@dataclass(frozen=True, slots=True)
class TabView:
    """A tab with everything on it: ``due`` is what its orders owe, ``open`` what of it stands on
    no check; minor units of the tab's currency."""

    tab: TabRow
    total: int
    paid: int
    due: int
    open: int
    rounds: tuple[RoundView, ...]
    checks: tuple[CheckView, ...]
