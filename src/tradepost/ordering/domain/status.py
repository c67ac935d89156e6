"""What orders are called by: how they were taken and delivered, their state, their stage, and the
status that people read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tradepost.kernel.states import States


class Channel(StrEnum):
    """How the order was taken."""

    WEB = "web"
    COUNTER = "counter"
    TABLE = "table"

    @property
    def pays_on_the_spot(self) -> bool:
        """Whether people stand before the shop's own staff, who take whatever they can take."""
        return self is not Channel.WEB


class Delivery(StrEnum):
    """How the goods reach the shopper."""

    SHIP = "ship"
    PICKUP = "pickup"
    LOCAL = "local"
    DIGITAL = "digital"

    @property
    def is_carried(self) -> bool:
        """Whether somebody carries goods to the shopper, which costs a fee."""
        return self in {Delivery.SHIP, Delivery.LOCAL}


class Stage(StrEnum):
    """How far the work on an order has come, told by whoever does it: picker, courier, kitchen."""

    NONE = "none"
    PICKING = "picking"
    PREPARING = "preparing"
    READY = "ready"
    OUT_FOR_DELIVERY = "out_for_delivery"
    SERVED = "served"


class OrderState(StrEnum):
    """The order's own small life; payment and fulfillment are views of other records."""

    DRAFT = "draft"
    PLACED = "placed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Status(StrEnum):
    """What people and clients read of an order; derived, never set."""

    PENDING_PAYMENT = "pending_payment"
    PENDING_SHIPMENT = "pending_shipment"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    CONFIRMED = "confirmed"
    PICKING = "picking"
    READY = "ready"
    OUT_FOR_DELIVERY = "out_for_delivery"
    SENT = "sent"
    PREPARING = "preparing"
    SERVED = "served"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


STATES = States(
    "order",
    {
        OrderState.DRAFT: {"place": OrderState.PLACED},
        OrderState.PLACED: {"complete": OrderState.COMPLETED, "cancel": OrderState.CANCELLED},
        OrderState.COMPLETED: {},
        OrderState.CANCELLED: {},
    },
)
PAID_LATER = frozenset({"cod"})
"""Methods whose money comes after the goods, so that shipment does not wait for it."""
_FETCHED = {
    Stage.NONE: Status.CONFIRMED,
    Stage.PICKING: Status.PICKING,
    Stage.READY: Status.READY,
}
WORDS: Mapping[Channel | Delivery, Mapping[Stage, Status]] = {
    Channel.TABLE: {
        Stage.NONE: Status.SENT,
        Stage.PREPARING: Status.PREPARING,
        Stage.READY: Status.READY,
        Stage.SERVED: Status.SERVED,
    },
    Channel.COUNTER: {Stage.NONE: Status.CONFIRMED},
    Delivery.LOCAL: {**_FETCHED, Stage.OUT_FOR_DELIVERY: Status.OUT_FOR_DELIVERY},
    Delivery.PICKUP: _FETCHED,
    Delivery.DIGITAL: {Stage.NONE: Status.CONFIRMED},
}
"""What people read of a placed order, by its kind and stage: the channel's words, or on the web the
delivery's; what is shipped has none here, its words follow from its shipments."""


def words_of(kind: Channel | Delivery) -> frozenset[Status]:
    """All that people may read of orders of a kind."""
    shipped = (Status.PENDING_SHIPMENT, Status.PARTIALLY_SHIPPED, Status.SHIPPED)
    own = WORDS[kind].values() if kind in WORDS else shipped
    return frozenset({Status.PENDING_PAYMENT, *own, Status.COMPLETED, Status.CANCELLED})
