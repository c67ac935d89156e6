"""Whose staff somebody is."""

from __future__ import annotations

from tradepost.kernel.ids import VendorId
from tradepost.kernel.messages import Actor
from tradepost.mall.errors import NoVendorsStaff


def vendor_of(actor: Actor) -> VendorId:
    """The vendor whose staff somebody is.

    :raises NoVendorsStaff: if they are nobody's.
    """
    if actor.vendor_id is None:
        raise NoVendorsStaff
    return actor.vendor_id
