"""A small shop for tests: a tenant with a store, a location, articles and stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.ids import LocationId, OrderId, OrderLineId, StoreId, TenantId, VariantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.ordering.storage.orders import order_lines
from tradepost.platform.bus import Bus
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant
from tradepost.wiring.parts import build_bus


@dataclass
class Shop:
    """A tenant that can sell."""

    bus: Bus
    scope: Scope
    store_id: StoreId
    location_id: LocationId

    async def article(
        self,
        sku: str,
        price: str = "10.00",
        stock: int = 0,
        *,
        service: bool = False,
        digital: bool = False,
    ) -> VariantId:
        """Put an article on sale, and goods on its shelf."""
        micros = round(float(price) * 100) * 10_000
        kind = FulfillmentType.SERVICE if service else FulfillmentType.PHYSICAL
        kind = FulfillmentType.DIGITAL if digital else kind
        created = await self.bus.send(
            self.scope,
            CreateProduct(
                ProductDetails(title=f"The {sku}"),
                "GBP",
                (VariantDraft(sku=sku, price_micros=micros, fulfillment_type=kind),),
                ProductStatus.ACTIVE,
            ),
        )
        variant_id: VariantId = created.variants[0].variant_id
        if stock:
            lines = (GoodsLine(variant_id, stock),)
            await self.bus.send(self.scope, ReceiveStock(self.location_id, lines))
        return variant_id

    async def first_line_of(self, order_id: OrderId) -> OrderLineId:
        """The first line of an order."""

        async def look(db: Reader) -> OrderLineId:
            row = await db.one(_LINES, order_id=order_id)
            assert row is not None
            line_id: OrderLineId = row[0]
            return line_id

        return await self.bus.ask(self.scope, look)


_LINES = Statement(
    scoped(order_lines, order_lines.c.id)
    .where(order_lines.c.order_id == param("order_id"))
    .order_by(order_lines.c.position)
)


def code_of(tenant_id: TenantId) -> str:
    """The code of a shop that :func:`open_shop` has made."""
    return f"shop-{tenant_id.hex[:12]}"


async def open_shop(store: Store, **settings: Any) -> Shop:
    """A shop of its own in a store."""
    bus = build_bus(store)
    tenant_id = TenantId(uuid4())
    scope = Scope(tenant_id, SYSTEM)
    code = code_of(tenant_id)
    settings = {"charges_tax": False, **settings}
    await bus.send(scope, CreateTenant(code, "Shop", "GBP", settings=settings, opened=True))
    store_id = await bus.send(scope, CreateStore("main", "Main"))
    location_id = await bus.send(scope, CreateLocation(store_id, "shelf", "Shelf"))
    return Shop(bus, scope, store_id, location_id)
