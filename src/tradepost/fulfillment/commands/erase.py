"""Forgetting who got a parcel."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.fulfillment import ShipmentAnonymized
from tradepost.fulfillment.ports import Parcels
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class ForgetReceiver(Command):
    """Take out of an order's shipments what leads to the person who got them."""

    order_id: OrderId


async def forget_receiver(wish: ForgetReceiver, parcels: Parcels, facts: Facts) -> int:
    """Keep carrier, days and goods; how many shipments said more."""
    found = await parcels.lock_of(wish.order_id)
    changed = [after for one in found if (after := one.anonymized()) != one]
    await parcels.save_numbers(changed)
    for one in changed:
        facts.tell(ShipmentAnonymized(one.id, one.order_id), one.version, wish.at)
    return len(changed)
