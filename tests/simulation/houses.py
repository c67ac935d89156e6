"""The product over one store, with the clock and the identifiers of the test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.simulation.chance import SimClock, SimIds, SimTime
from tests.simulation.faithful import all_rows
from tests.simulation.trade import PRICE
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import ProductDetails, ProductStatus, VariantDraft
from tradepost.customers.commands import EnsureCustomer
from tradepost.inventory.storage.stock import stocks
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import OrderId, TenantId
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.ordering.storage.orders import orders
from tradepost.platform.db.statement import (
    AcrossTenants,
    Statement,
    param,
    platform_update,
    scoped,
)
from tradepost.platform.db.work import Reader, Row, Store
from tradepost.platform.relay.sequencer import Sequencer, last_seq
from tradepost.platform.relay.tables import leases
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant
from tradepost.wiring.doctor import Visit, examine
from tradepost.wiring.doctor.law import Law
from tradepost.wiring.parts import build_bus, gathered
from tradepost.wiring.worker import build_worker

_s, _o = stocks.c, orders.c
_SHELVES = Statement(scoped(stocks, _s.variant_id, _s.on_hand, _s.held, _s.allocated))
_ORDERS = Statement(
    scoped(orders, _o.id, _o.total_amount, _o.credited_amount, _o.paid_amount, _o.refunded_amount)
)
_VERSION = Statement(scoped(orders, _o.version).where(_o.id == param("order_id")))
_BACK = AcrossTenants(platform_update(leases).values(acked_seq=param("acked_seq")))


class House:
    """Everything over one store; a refusal is an answer like others."""

    def __init__(self, store: Store, time: SimTime) -> None:
        self.store = store
        self._ids = SimIds("", time)
        clock = SimClock(time)
        self._clock = clock
        self._bus = build_bus(store, ids=self._ids, clock=clock, seconds=lambda: 0.0)
        self._worker = build_worker(self._bus)

    def draw_from(self, seed: str) -> None:
        """The identifiers of the next wish, the same in every house."""
        self._ids.begin(seed)

    async def send(self, scope: Scope, wish: Command, key: str | None = None) -> Any:
        """Its answer, or its refusal."""
        try:
            return await self._bus.send(scope, wish, key=key)
        except Refusal as refusal:
            return refusal

    async def relay(self, count: int) -> int:
        """Move so many facts into the log, at most."""
        sequencer = Sequencer(self.store, self._clock, batch=count)
        await sequencer.lead()
        moved = await sequencer.move()
        await sequencer.resign()
        return moved

    async def settle(self) -> None:
        """Move and consume everything there is."""
        await self._worker.settle()

    async def deliver_again(self, after: int) -> None:
        """All facts after a number come once more, to all consumers."""
        await self.store.relay_write(lambda work: work.run(_BACK, acked_seq=after))
        await self.settle()

    async def sweep(self, scope: Scope) -> list[int]:
        """What all sweeps find to do."""
        found = gathered("SWEEPS").values()
        return [await sweep.job(self._bus, scope) for sweep in found]

    async def last_seq(self) -> int:
        """The number of the last fact in the log."""
        return await self.store.relay_read(last_seq)

    async def shelves(self, tenant_id: TenantId) -> list[Row]:
        """Variant, on hand, held and allocated."""
        return sorted(await self.store.read(tenant_id, lambda db: db.all(_SHELVES)))

    async def money(self, tenant_id: TenantId) -> dict[OrderId, Row]:
        """Total, credited, paid and refunded of each order."""
        rows = await self.store.read(tenant_id, lambda db: db.all(_ORDERS))
        return {row[0]: row[1:] for row in rows}

    async def version(self, tenant_id: TenantId, order_id: OrderId) -> int:
        """The version of an order."""
        found = await self.store.read(tenant_id, lambda db: db.value(_VERSION, order_id=order_id))
        return int(found)

    async def rows(self, tenant_id: TenantId) -> dict[str, list[Row]]:
        """Everything a shop has."""

        async def look(db: Reader) -> dict[str, list[Row]]:
            return await all_rows(db)

        return await self.store.read(tenant_id, look)

    async def broken(self, tenant_id: TenantId, laws: Sequence[Law]) -> list[str]:
        """The laws that do not hold."""
        found = await examine(self.store, laws, [Visit(tenant_id, "shop")])
        return [str(breach) for breach in found.breaches]

    async def open(self, tenant_id: TenantId, skus: Sequence[str], holds: str) -> list[Any]:
        """A shop with empty shelves and two customers: location, variants, customers."""
        scope = Scope(tenant_id, SYSTEM)
        settings = {"charges_tax": False, "hold_starts": holds}
        code = f"shop-{tenant_id.hex[-12:]}"
        shop = CreateTenant(code, "Shop", "GBP", settings=settings, opened=True)
        await self._bus.send(scope, shop)
        store_id = await self._bus.send(scope, CreateStore("main", "Main"))
        location_id = await self._bus.send(scope, CreateLocation(store_id, "shelf", "Shelf"))
        variants = []
        for sku in skus:
            draft = VariantDraft(sku=sku, price_micros=PRICE * 10_000)
            details = ProductDetails(title=f"The {sku}")
            wish = CreateProduct(details, "GBP", (draft,), ProductStatus.ACTIVE)
            variants.append((await self._bus.send(scope, wish)).variants[0].variant_id)
        customers = [await self._bus.send(scope, EnsureCustomer(f"C-{n}")) for n in range(2)]
        return [location_id, variants, customers]
