"""Rules of categories hold for all below them, as the tree stands when an order is placed."""

from __future__ import annotations

from typing import Any

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tradepost.catalog.commands import CreateCategory, CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.kernel.ids import CategoryId, OrderId
from tradepost.mall.commands import CreateVendor, MakeRule, MoveVendor
from tradepost.mall.domain import VendorDetails
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.platform.db.work import Store, Work


async def test_the_nearest_category_and_the_vendor_before_it(store: Store) -> None:
    shop = await open_shop(store)
    wear = await _category(shop, "Wear", None)
    shoes = await _category(shop, "Shoes", wear)
    boots = await _category(shop, "Boots", shoes)
    vendor_id = await shop.bus.send(shop.scope, CreateVendor("acme", VendorDetails("Acme", 10)))
    await shop.bus.send(shop.scope, MoveVendor(vendor_id, "activate", 1))
    for sku, category in (("boot", boots), ("hat", wear), ("cup", None)):
        draft = VariantDraft(sku, 10_000_000, fulfillment_type=FulfillmentType.SERVICE)
        named = (category,) if category else ()
        details = ProductDetails(title=sku, vendor_id=vendor_id, category_ids=named)
        made = CreateProduct(details, "GBP", (draft,), ProductStatus.ACTIVE)
        await shop.bus.send(shop.scope, made)
    assert await _rates(shop) == {"boot": 10, "hat": 10, "cup": 10}
    await shop.bus.send(shop.scope, MakeRule(200, category_id=wear))
    assert await _rates(shop) == {"boot": 200, "hat": 200, "cup": 10}
    await shop.bus.send(shop.scope, MakeRule(300, category_id=shoes))
    await shop.bus.send(shop.scope, MakeRule(5, vendor_id=vendor_id))
    assert await _rates(shop) == {"boot": 300, "hat": 200, "cup": 5}
    await shop.bus.send(shop.scope, MakeRule(400, vendor_id=vendor_id, category_id=wear))
    assert await _rates(shop) == {"boot": 400, "hat": 400, "cup": 5}


async def _category(shop: Shop, name: str, parent_id: CategoryId | None) -> CategoryId:
    made: Any = await shop.bus.send(shop.scope, CreateCategory(name, parent_id=parent_id))
    category_id: CategoryId = made.category_id
    return category_id


async def _rates(shop: Shop) -> dict[str, int]:
    """The rates at which an order of everything is frozen."""
    lines = tuple(Wanted(1, sku=sku) for sku in ("boot", "hat", "cup"))
    placed = await shop.bus.send(shop.scope, PlaceOrder(Basket(lines=lines, ship_to=HOME)))
    order_id: OrderId = placed.order_id

    async def read(work: Work) -> dict[str, int]:
        found = (await SqlOrders(work).lines([order_id]))[order_id]
        return {one.sku: one.commission_ppm for one in found}

    return await shop.bus.within(shop.scope, read)
