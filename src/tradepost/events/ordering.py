"""Facts of carts and orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tradepost.kernel.ids import CartId, CustomerId, OrderId, OrderLineId, VariantId
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line as it was agreed; ``amount`` in minor units of the order's currency."""

    line_id: OrderLineId
    variant_id: VariantId
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class OrderPlaced(Fact):
    """An order was placed; ``total`` in minor units of ``currency``."""

    name: ClassVar[str] = "order.placed"
    stream: ClassVar[str] = "order"
    key: ClassVar[str] = "order_id"
    order_id: OrderId
    number: int
    channel: str
    status: str
    currency: str
    total: int
    customer_id: CustomerId | None
    cart_id: CartId | None
    business_date: date
    lines: tuple[PlacedLine, ...]


@dataclass(frozen=True, slots=True)
class OrderStatusChanged(Fact):
    """What people read of an order changed, by a payment, a shipment or its completion."""

    name: ClassVar[str] = "order.status_changed"
    stream: ClassVar[str] = "order"
    key: ClassVar[str] = "order_id"
    order_id: OrderId
    status: str
    payment_status: str
    fulfillment_status: str


@dataclass(frozen=True, slots=True)
class OrderChanged(Fact):
    """Lines of a placed order were changed before it left; ``total`` is the new one."""

    name: ClassVar[str] = "order.changed"
    stream: ClassVar[str] = "order"
    key: ClassVar[str] = "order_id"
    order_id: OrderId
    currency: str
    total: int
    lines: tuple[PlacedLine, ...]


@dataclass(frozen=True, slots=True)
class OrderCancelled(Fact):
    """An order was called off before it left."""

    name: ClassVar[str] = "order.cancelled"
    stream: ClassVar[str] = "order"
    key: ClassVar[str] = "order_id"
    order_id: OrderId
    number: int


@dataclass(frozen=True, slots=True)
class OrderAnonymized(Fact):
    """Whose order it was is no longer known; whoever keeps a copy of theirs erases it too."""

    name: ClassVar[str] = "order.anonymized"
    stream: ClassVar[str] = "order"
    key: ClassVar[str] = "order_id"
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class CartChanged(Fact):
    """A cart was opened or its content or choices changed."""

    name: ClassVar[str] = "cart.changed"
    stream: ClassVar[str] = "cart"
    key: ClassVar[str] = "cart_id"
    cart_id: CartId
    state: str
    lines: int
