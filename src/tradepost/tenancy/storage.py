"""Where tenants, hosts, stores and locations are kept.

``tenants`` and ``tenant_hosts`` are the platform's: anybody may look a shop up by its name, and
only the shop's own transactions write.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint

from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import LocationId, StoreId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import (
    OWNER_COLUMN,
    Mapper,
    metadata,
    record_columns,
    tenant_table,
)
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    platform_delete,
    platform_select,
    platform_update,
    scoped,
    tenant_param,
)
from tradepost.platform.db.work import Work
from tradepost.tenancy.domain import (
    Location,
    ProvisioningStep,
    StepsTaken,
    Store,
    Tenant,
    TenantHost,
    TenantTransition,
)

tenants = Table(
    "tenants",
    metadata,
    *record_columns(Tenant),
    PrimaryKeyConstraint("id", name="tenants_pk"),
    UniqueConstraint("code", name="tenants_code_uq"),
    info={OWNER_COLUMN: "id"},
)
tenant_hosts = Table(
    "tenant_hosts",
    metadata,
    *record_columns(TenantHost),
    PrimaryKeyConstraint("host", name="tenant_hosts_pk"),
    ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="tenant_hosts_tenant_fk"),
    info={OWNER_COLUMN: "tenant_id"},
)
tenant_transitions = tenant_table("tenant_transitions", TenantTransition, indexes=[("changed_at",)])
provisioning_steps = tenant_table("provisioning_steps", ProvisioningStep, key=("number",))
stores = tenant_table("stores", Store, unique=[("code",)])
locations = tenant_table(
    "locations", Location, unique=[("code",)], references={"store_id": "stores"}
)

TENANT_ROWS = Mapper(Tenant, tenants)
_STEPS = Mapper(TenantTransition, tenant_transitions)
_own = tenants.c.id == param("tenant", like=tenants.c.id)
_changing = [c.name for c in TENANT_ROWS.columns if c.name not in ("id", "version")]
_OWN = Statement(platform_select(*TENANT_ROWS.columns).where(_own))
_SAVE = Statement(
    platform_update(tenants)
    .where(_own, tenants.c.version == param("version_was"))
    .values({name: param(name) for name in _changing})
    .values(version=tenants.c.version + 1)
    .returning(tenants.c.version)
)
_LOCK = Statement(platform_select(tenants.c.id).where(_own).with_for_update())
PROVISIONING_ROWS = Mapper(ProvisioningStep, provisioning_steps)
STEPS_TAKEN = Statement(
    scoped(provisioning_steps, *PROVISIONING_ROWS.columns).order_by(provisioning_steps.c.number)
)
_CODE = Statement(platform_select(tenants.c.id).where(tenants.c.code == param("code")))
_HOSTS = Statement(
    platform_select(tenant_hosts.c.host, tenant_hosts.c.tenant_id)
    .where(any_of(tenant_hosts.c.host, "hosts"))
    .order_by(tenant_hosts.c.host)
)
_REMOVE = Statement(
    platform_delete(tenant_hosts)
    .where(tenant_hosts.c.tenant_id == tenant_param(tenant_hosts))
    .where(any_of(tenant_hosts.c.host, "hosts"))
)
STORES = Keeper("store", Store, stores)
LOCATIONS = Keeper("location", Location, locations)
_STORE_OF_CODE = Statement(STORES.select.where(stores.c.code == param("code")))
_LOCATION_OF_CODE = Statement(LOCATIONS.select.where(locations.c.code == param("code")))


class SqlTenants:
    """Answers the ``Tenants`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self) -> Tenant:
        found = await self.find()
        if found is None:
            raise Unknown("shop", str(self._work.tenant_id))
        return found

    async def find(self) -> Tenant | None:
        row = await self._work.one(_OWN)
        return None if row is None else TENANT_ROWS.load(row)

    def add(self, tenant: Tenant) -> None:
        self._work.add(tenants, TENANT_ROWS.dump(tenant))

    async def save(self, tenant: Tenant, version: int) -> int:
        values = TENANT_ROWS.dump(tenant)
        del values["id"], values["version"]
        row = await self._work.one(_SAVE, version_was=version, **values)
        if row is None:
            raise Stale("tenant", version, (await self.get()).version)
        return int(row[0])

    def record(self, *steps: TenantTransition) -> None:
        self._work.add(tenant_transitions, *map(_STEPS.dump, steps))

    async def code_is_taken(self, code: str) -> bool:
        return await self._work.one(_CODE, code=code) is not None

    async def hosts_of(self, hosts: Sequence[str]) -> list[TenantHost]:
        return [TenantHost(*row) for row in await self._work.all(_HOSTS, hosts=list(hosts))]

    def add_hosts(self, hosts: Sequence[TenantHost]) -> None:
        self._work.add(tenant_hosts, *({"host": host.host} for host in hosts))

    async def remove_hosts(self, hosts: Sequence[str]) -> None:
        await self._work.run(_REMOVE, hosts=list(hosts))


class SqlProvisioningSteps:
    """Answers the ``ProvisioningSteps`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def taken(self) -> StepsTaken:
        await self._work.one(_LOCK)
        rows = await self._work.all(STEPS_TAKEN)
        return StepsTaken([PROVISIONING_ROWS.load(row) for row in rows])

    def add(self, step: ProvisioningStep) -> None:
        self._work.add(provisioning_steps, PROVISIONING_ROWS.dump(step))


class SqlStores:
    """Answers the ``Stores`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, store_id: StoreId) -> Store:
        return await STORES.get(self._work, store_id)

    async def by_code(self, code: str) -> Store | None:
        return await STORES.first(self._work, _STORE_OF_CODE, code=code)

    def add(self, store: Store) -> None:
        STORES.add(self._work, store)

    async def save(self, store: Store, version: int) -> int:
        return await STORES.save(self._work, store, version)


class SqlLocations:
    """Answers the ``Locations`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, location_id: LocationId) -> Location:
        return await LOCATIONS.get(self._work, location_id)

    async def by_code(self, code: str) -> Location | None:
        return await LOCATIONS.first(self._work, _LOCATION_OF_CODE, code=code)

    def add(self, location: Location) -> None:
        LOCATIONS.add(self._work, location)

    async def save(self, location: Location, version: int) -> int:
        return await LOCATIONS.save(self._work, location, version)
