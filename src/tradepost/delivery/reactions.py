"""What delivery does about facts: it picks what is confirmed, follows orders, finds couriers."""

from __future__ import annotations

from tradepost.delivery.commands.erase import ForgetRecipient
from tradepost.delivery.commands.jobs import DispatchWaiting
from tradepost.delivery.commands.opening import DropWork, FollowOrder, OpenPicking
from tradepost.events.delivery import CourierChanged, DeliveryOpened, DeliveryReleased
from tradepost.events.ordering import (
    OrderAnonymized,
    OrderCancelled,
    OrderChanged,
    OrderPlaced,
    OrderStatusChanged,
)
from tradepost.kernel.messages import Told

CONFIRMED = "confirmed"
WEB = "web"


def pick_placed(told: Told[OrderPlaced]) -> OpenPicking | None:
    """An order that is confirmed at once is picked."""
    fact = told.fact
    wanted = fact.channel == WEB and fact.status == CONFIRMED
    return OpenPicking(fact.order_id) if wanted else None


def pick_confirmed(told: Told[OrderStatusChanged]) -> OpenPicking | None:
    """An order that is confirmed by its payment is picked."""
    confirmed = told.fact.status == CONFIRMED
    return OpenPicking(told.fact.order_id) if confirmed else None


def follow(told: Told[OrderChanged]) -> FollowOrder:
    """What is still to be picked follows the order."""
    return FollowOrder(told.fact.order_id)


def drop(told: Told[OrderCancelled]) -> DropWork:
    """Nobody works for an order that was called off."""
    return DropWork(told.fact.order_id)


def dispatch(told: Told[DeliveryOpened | DeliveryReleased]) -> DispatchWaiting | None:
    """Whoever is on duty gets it."""
    place = told.fact.location_id
    return DispatchWaiting(place) if place else None


def join(told: Told[CourierChanged]) -> DispatchWaiting | None:
    """Who comes on duty gets what waits."""
    return DispatchWaiting(told.fact.location_id) if told.fact.on_duty else None


def forget(told: Told[OrderAnonymized]) -> ForgetRecipient:
    """Take the person out of the order's delivery."""
    return ForgetRecipient(told.fact.order_id)


REACTIONS = {
    "delivery.picking": (pick_placed, pick_confirmed, follow, drop),
    "delivery.dispatch": (dispatch, join),
    "delivery.erasure": (forget,),
}
