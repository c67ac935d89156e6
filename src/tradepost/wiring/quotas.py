"""Whose holds count together, by the shop's settings."""

from __future__ import annotations

import hashlib

from tradepost.inventory.domain.quota import Quota
from tradepost.kernel.messages import Actor
from tradepost.ordering.domain import Cart
from tradepost.platform.web.addresses import bucket_of
from tradepost.tenancy.domain.settings import GuestsBy, TenantSettings


def quota_of(settings: TenantSettings, actor: Actor, cart: Cart) -> Quota | None:
    """The quota of the person whose cart it is; none for what the shop's people and machines fill.

    A guest's address is kept as a digest, and forgotten some days after its last cart.
    """
    if cart.customer_id is not None:
        person = f"customer:{cart.customer_id}"
    elif actor.kind != "guest":
        return None
    elif settings.guests_told_apart_by is GuestsBy.CART or not actor.origin:
        person = f"cart:{cart.id}"
    else:
        person = f"address:{bucket_of(actor.origin)}"
    digest = hashlib.sha256(person.encode()).hexdigest()[:32]
    return Quota(digest, settings.held_quantity_per_customer_max)
