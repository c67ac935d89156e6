"""What selling for vendors costs a checkout: one statement, and none where nobody is sold for."""

from __future__ import annotations

from typing import Any

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tests.journeys.test_statements import statements
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.kernel.ids import VariantId, VendorId
from tradepost.mall.commands import CreateVendor, MakeRule, MoveVendor
from tradepost.mall.domain import VendorDetails
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.platform.db.work import Store


async def test_three_vendors_cost_one_statement_more_than_none(store: Store) -> None:
    shop = await open_shop(store, shipping_fee_amount=500)
    own = [await _service(shop, f"own-{n}", None) for n in range(3)]
    theirs = [await _service(shop, f"sold-{n}", await _vendor(shop, n)) for n in range(3)]
    costs = []
    for number, variants in enumerate((own, theirs, own, theirs)):  # connections learn by the first
        lines = tuple(Wanted(1, variant_id=one) for one in variants)
        async with statements(store) as seen:
            wish = PlaceOrder(Basket(lines=lines, ship_to=HOME))
            placed: Any = await shop.bus.send(shop.scope, wish, key=f"a-checkout-{number}")
        assert placed.total == 3000
        assert sum("commission_rules" in one for one in seen) == (variants is theirs)
        assert sum(" vendors" in one for one in seen) == (variants is theirs)
        costs.append(len(seen))
    if store.dialect == "sqlite":  # a pool lends its connections in no order that could be known
        assert costs[3] == costs[2] + 1, costs


async def _vendor(shop: Shop, number: int) -> VendorId:
    details = VendorDetails(f"Vendor {number}", 100_000)
    vendor_id: VendorId = await shop.bus.send(shop.scope, CreateVendor(f"v-{number}", details))
    await shop.bus.send(shop.scope, MoveVendor(vendor_id, "activate", 1))
    await shop.bus.send(shop.scope, MakeRule(50_000, vendor_id))
    return vendor_id


async def _service(shop: Shop, sku: str, vendor_id: VendorId | None) -> VariantId:
    draft = VariantDraft(sku, 10_000_000, fulfillment_type=FulfillmentType.SERVICE)
    details = ProductDetails(title=sku, vendor_id=vendor_id)
    wish = CreateProduct(details, "GBP", (draft,), ProductStatus.ACTIVE)
    made = await shop.bus.send(shop.scope, wish)
    variant_id: VariantId = made.variants[0].variant_id
    return variant_id
