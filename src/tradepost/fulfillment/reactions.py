"""What fulfillment does about facts: it forgets whose parcels they were, delivers what is digital
once it is paid, and takes it back once it is refunded."""

from __future__ import annotations

from tradepost.events.ordering import (
    OrderAnonymized,
    OrderCancelled,
    OrderChanged,
    OrderPlaced,
    OrderStatusChanged,
)
from tradepost.events.payments import CreditNoteIssued
from tradepost.fulfillment.commands.deliver import DeliverDigital, RevokeGivenBack
from tradepost.fulfillment.commands.erase import ForgetReceiver
from tradepost.kernel.messages import Told

UNPAID = frozenset({"unpaid", "partially_paid"})


def forget(told: Told[OrderAnonymized]) -> ForgetReceiver:
    """Take the person out of the order's shipments."""
    return ForgetReceiver(told.fact.order_id)


def deliver_free(told: Told[OrderPlaced]) -> DeliverDigital | None:
    """Deliver what costs nothing as soon as it is ordered."""
    return None if told.fact.total else DeliverDigital(told.fact.order_id)


def deliver(told: Told[OrderStatusChanged]) -> DeliverDigital | None:
    """Deliver what is paid, and look whether the order is complete now that parcels left."""
    return None if told.fact.payment_status in UNPAID else DeliverDigital(told.fact.order_id)


def revoke_cancelled(told: Told[OrderCancelled]) -> RevokeGivenBack:
    """Revoke the links of an order that was called off."""
    return RevokeGivenBack(told.fact.order_id)


def revoke_called_off(told: Told[OrderChanged]) -> RevokeGivenBack:
    """Revoke the links to lines that were called off by a change."""
    return RevokeGivenBack(told.fact.order_id)


def revoke_refunded(told: Told[CreditNoteIssued]) -> RevokeGivenBack | None:
    """Revoke the links to lines that were credited whole."""
    order_id = told.fact.order_id
    return None if order_id is None else RevokeGivenBack(order_id)


REACTIONS = {
    "fulfillment.erasure": (forget,),
    "fulfillment.digital": (
        *(deliver_free, deliver),
        *(revoke_cancelled, revoke_called_off, revoke_refunded),
    ),
}
