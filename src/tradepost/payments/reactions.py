"""What payments do about facts: they forget who was erased."""

from __future__ import annotations

from tradepost.events.customers import CustomerErased
from tradepost.events.ordering import OrderAnonymized
from tradepost.kernel.messages import Told
from tradepost.payments.commands.erase import ForgetPayer, ForgetPayerOf


def forget(told: Told[CustomerErased]) -> ForgetPayer:
    """Take the person out of their payments."""
    return ForgetPayer(told.fact.customer_id)


def forget_of_order(told: Told[OrderAnonymized]) -> ForgetPayerOf:
    """Take the person out of payments that somebody else made for them."""
    return ForgetPayerOf(told.fact.order_id)


REACTIONS = {"payments.erasure": (forget, forget_of_order)}
