"""What fulfillment does about facts: it forgets whose parcels they were."""

from __future__ import annotations

from tradepost.events.ordering import OrderAnonymized
from tradepost.fulfillment.commands.erase import ForgetReceiver
from tradepost.kernel.messages import Told


def forget(told: Told[OrderAnonymized]) -> ForgetReceiver:
    """Take the person out of the order's shipments."""
    return ForgetReceiver(told.fact.order_id)


REACTIONS = {"fulfillment.erasure": (forget,)}
