"""Shops for tests: opened through the same commands as anybody's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tradepost.kernel.ids import LocationId, RandomIds, StoreId, TenantId
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.outbox import outbox
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant

_FACTS = Statement(
    scoped(outbox, outbox.c.name, outbox.c.version)
    .where(outbox.c.stream_id == param("stream_id"))
    .order_by(outbox.c.id)
)


async def open_shop(
    bus: Bus, *, currency: str = "GBP", actor: Actor = SYSTEM, **settings: Any
) -> Scope:
    """An active tenant nobody else has; settings by name."""
    tenant_id = TenantId(RandomIds().new())
    scope = Scope(tenant_id, actor)
    code = f"shop-{tenant_id.hex[-12:]}"
    wish = CreateTenant(code, "A shop", currency, settings=settings, opened=True)
    assert await bus.send(scope, wish) == tenant_id
    return scope


async def open_place(bus: Bus, scope: Scope, code: str = "main") -> tuple[StoreId, LocationId]:
    """A store with a warehouse."""
    store_id = await bus.send(scope, CreateStore(code, "A store"))
    return store_id, await bus.send(scope, CreateLocation(store_id, code, "A warehouse"))


async def told(bus: Bus, scope: Scope, stream_id: UUID) -> list[tuple[str, int]]:
    """Names and versions of the facts on a stream that are still in the outbox."""

    async def look(db: Reader) -> list[tuple[str, int]]:
        return [(row[0], row[1]) for row in await db.all(_FACTS, stream_id=stream_id)]

    return await bus.ask(scope, look)
