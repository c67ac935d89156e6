"""Opening the demo's shops: tenant, place, tax, staff, goods on the shelf; safe to repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import ProductDetails, ProductStatus, VariantDraft
from tradepost.identity.commands import CreateStaff
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.identity.queries import staff_page
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.clock import EPOCH
from tradepost.kernel.ids import LocationId, StoreId, TenantId, VariantId, VendorId
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.kernel.money import Rate
from tradepost.platform.bus import Bus
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain.tax import SupplyKind, TaxRateDraft
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant
from tradepost.tenancy.domain import LocationKind, TenantType
from tradepost.wiring.demo.goods import Ware
from tradepost.wiring.replay import named_id

STAFF_EMAIL = "staff@example.com"
STAFF_PASSWORD = "only-for-the-demo"  # noqa: S105  printed for everybody, on loopback


@dataclass(frozen=True, slots=True)
class Plan:
    """A shop as it is to be; tax in per cent by kind of supply, in the one country it has."""

    code: str
    name: str
    currency: str
    place: LocationKind
    wares: Sequence[Ware]
    locale: str = "en-GB"
    time_zone: str = "UTC"
    country: str = "GB"
    taxes: Mapping[SupplyKind, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    type: TenantType = TenantType.SINGLE_BRAND


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that is open; ``articles`` are its variants by SKU."""

    bus: Bus
    scope: Scope
    store_id: StoreId
    location_id: LocationId
    articles: Mapping[str, VariantId]

    async def once(self, name: str, command: Command, by: Scope | None = None) -> Any:
        """Send a command that is to happen once, however often the demo is begun."""
        return await self.bus.send(by or self.scope, command, key=f"demo/{name}")


async def open_shop(bus: Bus, plan: Plan) -> Shop:
    """The shop without its goods."""
    scope = Scope(
        TenantId(named_id(TenantId(UUID(int=0)), plan.code, EPOCH)), SYSTEM, reason="demo"
    )
    settings = {"charges_tax": bool(plan.taxes), "tax_country": plan.country, **plan.settings}
    tenant = CreateTenant(
        plan.code,
        plan.name,
        plan.currency,
        type=plan.type,
        locale=plan.locale,
        time_zone=plan.time_zone,
        settings=settings,
        opened=True,
    )
    await bus.send(scope, tenant, key="demo/tenant")
    store_id = await bus.send(scope, CreateStore("main", plan.name), key="demo/store")
    place = CreateLocation(store_id, "here", plan.name, plan.place)
    location_id = await bus.send(scope, place, key="demo/location")
    for supply, per_cent in plan.taxes.items():
        ppm = int(Decimal(per_cent) * 10_000)
        rate = TaxRateDraft("standard", plan.country, Rate(ppm).ppm, "Tax", supply=supply)
        await bus.send(scope, CreateTaxRate(rate), key=f"demo/tax/{supply.value}")
    return Shop(bus, scope, store_id, location_id, {})


async def stock(shop: Shop, plan: Plan, vendors: Mapping[str, VendorId]) -> Shop:
    """The shop with its goods in the catalogue and on the shelf."""
    articles: dict[str, VariantId] = {}
    for ware in plan.wares:
        vendor_id = vendors.get(ware.by) if ware.by else None
        made = await shop.once(f"goods/{ware.sku}", _product(ware, plan.currency, vendor_id))
        articles[ware.sku] = made.variants[0].variant_id
    lines = tuple(GoodsLine(articles[one.sku], one.stock) for one in plan.wares if one.stock)
    await shop.once("shelf", ReceiveStock(shop.location_id, lines))
    return Shop(shop.bus, shop.scope, shop.store_id, shop.location_id, articles)


def _product(ware: Ware, currency: str, vendor_id: VendorId | None) -> CreateProduct:
    variant = VariantDraft(
        sku=ware.sku,
        price_micros=int(Decimal(ware.price) * 1_000_000),
        barcode=ware.barcode,
        fulfillment_type=ware.kind,
        unit=ware.unit,
        price_per=ware.price_per,
        stocked=ware.stock > 0,
    )
    details = ProductDetails(title=ware.title, vendor_id=vendor_id)
    return CreateProduct(details, currency, (variant,), ProductStatus.ACTIVE)


async def take_on(
    bus: Bus, scope: Scope, email: str = STAFF_EMAIL, roles: tuple[str, ...] = ("admin",)
) -> None:
    """Somebody to sign in as, with the password that is printed."""
    if any(one.email == email for one in await bus.ask(scope, staff_page)):
        return
    hashed = await Argon2Hasher().hash(STAFF_PASSWORD)
    await bus.send(scope, CreateStaff(email, "Demo", hashed, roles))
