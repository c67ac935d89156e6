"""The shops that histories begin in, each opened once and put back after every history."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from tests.simulation.chance import SimIds, SimTime
from tests.simulation.disk import Committed, Disk, Job, Played
from tests.simulation.laws import BOOK
from tests.simulation.loop import SimLoop
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.customers.commands import EnsureCustomer
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.commands.hot import MarkHot
from tradepost.inventory.commands.policies import AllowBackorder
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.ids import CartId, CustomerId, LocationId, TenantId, VariantId
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.ordering.commands import OpenCart
from tradepost.platform.relay.log import after
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain.tax import TaxRateDraft
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant
from tradepost.wiring.doctor.law import Sight
from tradepost.wiring.parts import build_bus
from tradepost.wiring.worker import build_worker

METHODS = ("bank_transfer", "cash", "cod", "gateway")
SETTINGS: dict[str, dict[str, Any]] = {
    "at checkout": {"hold_starts": "checkout", "charges_tax": False},
    "at the cart": {"hold_starts": "cart", "hold_minutes": 5, "charges_tax": False},
    "taxed": {
        "hold_starts": "cart",
        "hold_minutes": 10,
        "charges_tax": True,
        "shipping_fee_amount": 333,
    },
}
PRICES = {"mug": 799, "lamp": 1250, "boat": 90001, "wrap": 199}
"""Base prices in minor units."""
SHELF = {"mug": 4, "lamp": 3, "boat": 1}


@dataclass
class Shop:
    """A shop with little stock and few customers, so that everything collides."""

    name: str
    disk: Disk
    tenant_id: TenantId
    location_id: LocationId
    variants: dict[str, VariantId]
    customers: list[CustomerId]
    carts: list[CartId] = field(default_factory=list)
    """One of each customer, still empty."""
    told: list[UUID] = field(default_factory=list)
    """The facts of the time before the histories."""
    opened: list[Played] = field(default_factory=list)
    """How it was opened, to be played again on another store."""

    @property
    def scope(self) -> Scope:
        """As the shop's own people."""
        return Scope(self.tenant_id, SYSTEM)


class _Plain:
    """The store without faults, while a shop is opened."""

    dialect = "simulated"

    def __init__(self, disk: Disk, ids: SimIds, time: SimTime) -> None:
        self.played: list[Played] = []
        self._disk = disk
        self._ids = ids
        self._time = time

    async def write(self, scope: Scope, job: Job) -> Any:
        return self._transact("write", scope, job)

    async def relay_write(self, job: Job) -> Any:
        return self._transact("relay", None, job)

    def _transact(self, kind: str, scope: Scope | None, job: Job) -> Any:
        self._ids.drawn = []
        tenant = scope.tenant_id if scope else None
        answer = self._disk.transact(tenant, Committed(kind, scope), job, keep=True)
        drawn, now = list(self._ids.drawn), self._time.now()
        self.played.append(Played(kind, scope, job, now, drawn, self._ids, answer))
        return answer

    async def relay_session(self) -> _Session:
        return _Session(self)

    async def read(self, tenant_id: TenantId, job: Any) -> Any:
        return self._disk.read(tenant_id, job)

    async def platform_read(self, purpose: str, job: Any) -> Any:
        return self._disk.read(None, job)

    async def relay_read(self, job: Any) -> Any:
        return self._disk.read(None, job)

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"opening a shop needs no {name}")


class _Session:
    """Leads, because nobody else is there."""

    def __init__(self, store: _Plain) -> None:
        self.write = store.relay_write

    async def lead(self, role: str) -> bool:
        return True

    async def hold(self) -> None:
        """Nobody can take it."""

    async def close(self) -> None:
        """Nothing is held."""


@cache
def shop(name: str) -> Shop:
    """A shop by the name of its settings; the same in every process and every run."""
    disk, time = Disk(), SimTime()
    ids = SimIds(f"shop {name}", time)
    opened: Shop = SimLoop(name).play(_opened(name, disk, ids, time))
    return opened


async def _opened(name: str, disk: Disk, ids: SimIds, time: SimTime) -> Shop:
    store = _Plain(disk, ids, time)
    bus = build_bus(store, ids=ids, clock=time, seconds=lambda: 0.0)
    made = Shop(name, disk, TenantId(ids.new()), LocationId(ids.new()), {}, [])

    async def send(wish: Command) -> Any:
        return await bus.send(made.scope, wish)

    settings = {"payment_methods": METHODS, **SETTINGS[name]}
    await send(CreateTenant("shop", "Shop", "GBP", settings=settings, opened=True))
    store_id = await send(CreateStore("main", "Main"))
    made.location_id = await send(CreateLocation(store_id, "shelf", "Shelf"))
    if settings["charges_tax"]:
        await send(CreateTaxRate(TaxRateDraft("standard", "GB", 200_000, "VAT")))
    for sku, price in PRICES.items():
        await _article(made, send, sku, price)
    await send(AllowBackorder(made.location_id, made.variants["boat"], allowed=True))
    await send(MarkHot(made.variants["lamp"], True))
    made.customers = [await send(EnsureCustomer(f"C-{n}")) for n in range(8)]
    made.carts = [(await send(OpenCart(one))).cart_id for one in made.customers]
    await build_worker(bus).settle()
    logged = disk.read(None, lambda db: after(db, 0, 10_000))
    made.told = [one.event_id for one in logged]
    made.opened = store.played
    BOOK.look(disk, made.tenant_id, Sight(3, time.now(), frozenset({made.tenant_id})))
    return made


async def _article(made: Shop, send: Any, sku: str, price: int) -> None:
    goods = FulfillmentType.PHYSICAL if sku in SHELF else FulfillmentType.SERVICE
    draft = VariantDraft(sku=sku, price_micros=price * 10_000, fulfillment_type=goods)
    details = ProductDetails(title=f"The {sku}")
    created = await send(CreateProduct(details, "GBP", (draft,), ProductStatus.ACTIVE))
    variant = made.variants[sku] = created.variants[0].variant_id
    if sku in SHELF:
        await send(ReceiveStock(made.location_id, (GoodsLine(variant, SHELF[sku]),)))
