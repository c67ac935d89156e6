"""Forgetting a person: what they ordered stays in the books, who they were does not."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.ordering import CartChanged, OrderAnonymized
from tradepost.kernel.ids import CustomerId
from tradepost.kernel.messages import Command, Facts
from tradepost.ordering.ports import Carts, Orders


@dataclass(frozen=True, slots=True)
class ForgetBuyer(Command):
    """Take mail address, name and address out of a customer's carts and orders."""

    customer_id: CustomerId


async def forget_buyer(wish: ForgetBuyer, carts: Carts, orders: Orders, facts: Facts) -> int:
    """Keep number, amounts, country and region; how many orders named the person."""
    named = await carts.lock_of(wish.customer_id)
    emptied = [after for cart in named if (after := cart.anonymized()) != cart]
    await carts.save(emptied)
    for cart in emptied:
        facts.tell(CartChanged(cart.id, cart.status, len(cart.lines)), cart.version, wish.at)
    booked = await orders.lock_of(wish.customer_id)
    changed = [nobodys for order in booked if (nobodys := order.anonymized()) != order]
    await orders.save_persons(changed)
    for order in changed:
        facts.tell(OrderAnonymized(order.id), order.version, wish.at)
    return len(changed)
