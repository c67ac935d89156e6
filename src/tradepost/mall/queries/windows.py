"""What is shown of neighbours' records: to the mall all vendors' parts, to a vendor their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId, ProductId, ShipmentId, VendorId
from tradepost.mall.domain.shapes import GoodsView, ParcelView, VendorOrderView
from tradepost.mall.ports import Windows
from tradepost.platform.db.work import Reader


async def vendors_of_order(
    db: Reader, order_id: OrderId, windows: Windows
) -> list[VendorOrderView]:
    """An order, vendor by vendor; none for an order of the shop's own goods."""
    return await windows.portions(order_id)


async def own_order(
    db: Reader, order_id: OrderId, vendor_id: VendorId, windows: Windows
) -> VendorOrderView:
    """A vendor's part of an order.

    :raises Unknown: if nothing of it is theirs.
    """
    for one in await windows.portions(order_id):
        if one.vendor_id == vendor_id:
            return one
    raise Unknown("order", str(order_id))


async def own_orders(
    db: Reader, vendor_id: VendorId, after: int | None, limit: int, windows: Windows
) -> list[VendorOrderView]:
    """A vendor's orders, the newest first."""
    return await windows.orders_of(vendor_id, after, limit)


async def own_parcels(
    db: Reader, order_id: OrderId, vendor_id: VendorId, windows: Windows
) -> list[ParcelView]:
    """A vendor's parcels of an order."""
    return await windows.parcels(order_id, vendor_id)


async def own_parcel(
    db: Reader, shipment_id: ShipmentId, vendor_id: VendorId, windows: Windows
) -> ParcelView:
    """A parcel of a vendor's."""
    return await windows.parcel(shipment_id, vendor_id)


async def own_products(
    db: Reader, vendor_id: VendorId, after: tuple[Any, ...] | None, limit: int, windows: Windows
) -> list[GoodsView]:
    """A vendor's products by title."""
    place = None if after is None else (str(after[0]), UUID(after[1]))
    return await windows.goods(vendor_id, place, limit)


async def own_product(
    db: Reader, product_id: ProductId, vendor_id: VendorId, windows: Windows
) -> GoodsView:
    """A product of a vendor's."""
    return await windows.product(product_id, vendor_id)
