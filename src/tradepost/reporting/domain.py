"""Rows that people read: the story of an order, and what was sold by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tradepost.kernel.ids import OrderId


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to an order; what does not apply is none.

    ``amount`` is in minor units of ``currency``; ``document_id`` is the shipment, return, payment
    or refund that it came from.
    """

    order_id: OrderId
    seq: int
    name: str
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    status: str | None = None
    payment_status: str | None = None
    fulfillment_status: str | None = None
    document_id: UUID | None = None
    currency: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """What an order counts for on its business day; nothing once it is called off."""

    order_id: OrderId
    day: date
    currency: str
    orders: int
    units: int
    amount: int


@dataclass(frozen=True, slots=True)
class SalesDay:
    """Orders, units and amount of a business day; ``amount`` in minor units of ``currency``."""

    day: date
    currency: str
    orders: int
    units: int
    amount: int
