"""Who tenants are, found by id, code or host; and lists of what a tenant has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import LocationId, StoreId, TenantId
from tradepost.platform.db.statement import Statement, param, platform_select, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.db.work import Store as DataStore
from tradepost.tenancy.domain import ABSENT, Check, Location, Store, TenantProfile, TenantTransition
from tradepost.tenancy.storage import (
    LOCATIONS,
    PROVISIONING_ROWS,
    STEPS_TAKEN,
    STORES,
    TENANT_ROWS,
    locations,
    stores,
    tenant_hosts,
    tenant_transitions,
    tenants,
)

_all = platform_select(*TENANT_ROWS.columns)
_BY_ID = Statement(_all.where(tenants.c.id == param("id")))
_BY_CODE = Statement(_all.where(tenants.c.code == param("code")))
_BY_HOST = Statement(
    _all.join(tenant_hosts, tenant_hosts.c.tenant_id == tenants.c.id).where(
        tenant_hosts.c.host == param("host")
    )
)
_EVERY = Statement(_all.order_by(tenants.c.code))
_OWN_HOSTS = Statement(
    platform_select(tenant_hosts.c.host)
    .where(tenant_hosts.c.tenant_id == param("tenant", like=tenant_hosts.c.tenant_id))
    .order_by(tenant_hosts.c.host)
)
_STORES = Statement(STORES.select.order_by(stores.c.code))
_LOCATIONS = Statement(LOCATIONS.select.order_by(locations.c.code))
_HISTORY = Statement(scoped(tenant_transitions).order_by(tenant_transitions.c.version))


class TenantProfiles:
    """Answers the directory's look-ups from the store."""

    def __init__(self, store: DataStore) -> None:
        self._store = store

    async def by_id(self, tenant_id: TenantId) -> TenantProfile | None:
        """The profile of a tenant."""
        return await self._one(_BY_ID, id=tenant_id)

    async def by_code(self, code: str) -> TenantProfile | None:
        """The profile of the tenant with a code."""
        return await self._one(_BY_CODE, code=code)

    async def by_host(self, host: str) -> TenantProfile | None:
        """The profile of the tenant that a host belongs to."""
        return await self._one(_BY_HOST, host=host)

    async def every(self) -> list[TenantProfile]:
        """All tenants by code, for work of the platform that goes tenant by tenant."""

        async def job(db: Reader) -> list[TenantProfile]:
            return [TENANT_ROWS.load(row).profile for row in await db.all(_EVERY)]

        return await self._store.platform_read("list all tenants", job)

    async def _one(self, statement: Statement, **values: Any) -> TenantProfile | None:
        async def job(db: Reader) -> TenantProfile | None:
            row = await db.one(statement, **values)
            return None if row is None else TENANT_ROWS.load(row).profile

        return await self._store.platform_read("look a tenant up", job)


async def own_profile(db: Reader) -> TenantProfile:
    """The tenant's own profile as it is now; refuses with ``Unknown``."""
    row = await db.one(_BY_ID, id=db.tenant_id)
    if row is None:
        raise Unknown("shop", str(db.tenant_id))
    return TENANT_ROWS.load(row).profile


async def hosts_page(db: Reader) -> list[str]:
    """The tenant's own host names."""
    return [row[0] for row in await db.all(_OWN_HOSTS)]


async def stores_page(db: Reader) -> list[Store]:
    """The tenant's stores by code."""
    return await STORES.all(db, _STORES)


async def store_page(db: Reader, store_id: StoreId) -> Store:
    """One store; refuses with ``Unknown``."""
    return await STORES.get(db, store_id)


async def location_page(db: Reader, location_id: LocationId) -> Location:
    """One location; refuses with ``Unknown``."""
    return await LOCATIONS.get(db, location_id)


async def locations_page(db: Reader) -> list[Location]:
    """The tenant's locations by code."""
    return await LOCATIONS.all(db, _LOCATIONS)


async def life_page(db: Reader) -> list[TenantTransition]:
    """The steps of the tenant's life, oldest first."""
    rows = await db.all(_HISTORY)
    return [TenantTransition(*row[1:]) for row in rows]


@dataclass(frozen=True, slots=True)
class StatusView:
    """A tenant as its portal sees it; ``step`` is the number of the last one taken, 0 before."""

    state: str
    step: int
    checks: tuple[Check, ...]


async def provisioning_status(db: Reader) -> StatusView:
    """Where the tenant is, and what its last step has found."""
    row = await db.one(_BY_ID, id=db.tenant_id)
    state = ABSENT if row is None else str(TENANT_ROWS.load(row).state)
    steps = [PROVISIONING_ROWS.load(one) for one in await db.all(STEPS_TAKEN)]
    last = steps[-1] if steps else None
    return StatusView(state, last.number if last else 0, last.checks if last else ())
