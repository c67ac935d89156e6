"""The mall in the house: ledger, orders, parcels and catalogue answer its ports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tradepost.catalog.storage.tables import CATEGORIES, PRODUCTS
from tradepost.fulfillment.commands import DeliverShipment, ShipOrder
from tradepost.fulfillment.commands.ship import Shipped
from tradepost.kernel.ids import CategoryId, ProductId, ShipmentId, VendorId
from tradepost.ledger.commands import Journal
from tradepost.mall import commands, ports
from tradepost.mall.ports import Dispatch, Dispatched, Terms
from tradepost.mall.storage.payouts import SqlPayouts
from tradepost.mall.storage.vendors import SqlRules, SqlVendors
from tradepost.platform.bus import Bound
from tradepost.platform.db.work import Reader
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring.vendor_books import LedgerOfVendors
from tradepost.wiring.vendor_windows import ShopWindows


class CatalogueOfVendors:
    """Answers the mall's Catalogue."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    async def vendor_of(self, product_id: ProductId) -> VendorId | None:
        """Whose a product is."""
        return (await PRODUCTS.get(self._db, product_id)).vendor_id

    async def check_category(self, category_id: CategoryId) -> None:
        """Look it up."""
        await CATEGORIES.get(self._db, category_id)


class ParcelsOfVendors:
    """Answers the mall's Parcels: fulfillment grants its own commands in the same work."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._by = bound.scope.allowed("shipments.write")

    async def ship(self, wish: Dispatch) -> Dispatched:
        """Have the vendor's units leave."""
        order = ShipOrder(
            wish.order_id,
            wish.lines,
            wish.carrier,
            wish.tracking_number,
            vendor_id=wish.vendor_id,
            at=wish.at,
        )
        return _dispatched(*await self._bound.grant(self._by, order))

    async def delivered(
        self, shipment_id: ShipmentId, vendor_id: VendorId, at: datetime
    ) -> Dispatched:
        """Have it noted that a parcel has arrived."""
        wish = DeliverShipment(shipment_id, vendor_id, at=at)
        return _dispatched(*await self._bound.grant(self._by, wish))


def _dispatched(one: Shipped) -> Dispatched:
    return Dispatched(one.shipment_id, one.order_id, one.state, one.version)


def _terms(bound: Bound) -> Terms:
    profile = bound.get(TenantProfile)
    return Terms(profile.name, profile.time_zone, profile.settings.business_day_cutoff_hour)


HANDLERS = commands.HANDLERS
BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Terms: _terms,
    ports.Vendors: lambda bound: SqlVendors(bound.work),
    ports.Rules: lambda bound: SqlRules(bound.work),
    ports.Payouts: lambda bound: SqlPayouts(bound.work),
    ports.VendorBooks: lambda bound: LedgerOfVendors(
        bound.work, bound.get(Journal), bound.get(Terms)
    ),
    ports.Catalogue: lambda bound: CatalogueOfVendors(bound.work),
    ports.Parcels: ParcelsOfVendors,
    ports.Windows: lambda bound: ShopWindows(bound.work),
}
