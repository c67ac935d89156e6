"""What ordering does about facts: it forgets who was erased."""

from __future__ import annotations

from tradepost.events.customers import CustomerErased
from tradepost.kernel.messages import Told
from tradepost.ordering.commands.erase import ForgetBuyer


def forget(told: Told[CustomerErased]) -> ForgetBuyer:
    """Take the person out of their carts and orders."""
    return ForgetBuyer(told.fact.customer_id)


REACTIONS = {"ordering.erasure": (forget,)}
