"""Vendors for whom there can be staff and products: those that there are, and are not closed."""

from __future__ import annotations

from collections.abc import Collection

from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.ids import VendorId
from tradepost.mall.domain import VendorStatus
from tradepost.mall.errors import VendorClosed
from tradepost.mall.storage.vendors import SqlVendors
from tradepost.platform.bus import Bound


class OpenVendors:
    """Answers the ports by which identity and the catalogue ask for a vendor."""

    def __init__(self, bound: Bound) -> None:
        self._vendors = SqlVendors(bound.work)

    async def check(self, vendor_id: VendorId) -> None:
        """Look the vendor up.

        :raises Unknown: if there is none.
        :raises VendorClosed: if their time is over.
        """
        (await self._vendors.get(vendor_id)).check_open()

    async def unfit(self, ids: Collection[VendorId]) -> dict[VendorId, Refusal]:
        """Those who get nothing more, and why."""
        if not ids:
            return {}
        found = {one.id: one for one in await self._vendors.several(ids)}
        refused: dict[VendorId, Refusal] = {}
        for vendor_id in ids:
            vendor = found.get(vendor_id)
            if vendor is None:
                refused[vendor_id] = Unknown("vendor", str(vendor_id))
            elif vendor.status is VendorStatus.CLOSED:
                refused[vendor_id] = VendorClosed(str(vendor_id))
        return refused
