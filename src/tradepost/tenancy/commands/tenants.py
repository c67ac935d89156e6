"""Making a tenant, leading it through its life, changing what it may decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tradepost.events.tenancy import (
    TenantChanged,
    TenantCreated,
    TenantHostsChanged,
    TenantStateChanged,
)
from tradepost.kernel.hosts import host_name
from tradepost.kernel.ids import Ids, TenantId, TransitionId
from tradepost.kernel.messages import Actor, Command, Facts, Scope
from tradepost.tenancy.domain import Tenant, TenantHost, TenantTransition, TenantType
from tradepost.tenancy.errors import CodeTaken, HostTaken
from tradepost.tenancy.ports import Tenants


@dataclass(frozen=True, slots=True)
class CreateTenant(Command):
    """Make the tenant that the scope names, in draft, or ``opened`` straight away."""

    code: str
    name: str
    default_currency: str
    type: TenantType = TenantType.SINGLE_BRAND
    locale: str = "en-GB"
    time_zone: str = "UTC"
    settings: dict[str, Any] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    opened: bool = False


@dataclass(frozen=True, slots=True)
class MoveTenant(Command):
    """Take one step of a tenant's life: provision, activate, withdraw, suspend, …"""

    action: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeTenant(Command):
    """Change name, locale, time zone or some settings; what is left out stays as it is."""

    version: int
    name: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeHosts(Command):
    """Add and remove host names by which the tenant is found."""

    version: int
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


async def create_tenant(
    wish: CreateTenant, tenants: Tenants, facts: Facts, ids: Ids, scope: Scope
) -> TenantId:
    """Keep a new tenant with its hosts, and open it if so wished."""
    tenant = _drafted(wish, scope)
    await _claim(tenants, tenant, wish.hosts)
    facts.tell(_created(tenant), tenant.version, wish.at)
    for action in ("provision", "activate") if wish.opened else ():
        made = TransitionId(ids.new())
        tenant, step = tenant.moved(action, made, scope.actor, wish.at, scope.reason)
        tenants.record(step)
        facts.tell(_stepped(tenant, step), tenant.version, wish.at)
    tenants.add(tenant)
    return tenant.id


async def move_tenant(
    wish: MoveTenant, tenants: Tenants, facts: Facts, ids: Ids, actor: Actor
) -> int:
    """Take one step and record it."""
    before = await tenants.get()
    made = TransitionId(ids.new())
    tenant, step = before.moved(wish.action, made, actor, wish.at, wish.reason)
    version = await tenants.save(tenant, before.version)
    tenants.record(step)
    facts.tell(_stepped(tenant, step), version, wish.at)
    return version


async def change_tenant(wish: ChangeTenant, tenants: Tenants, facts: Facts) -> int:
    """Change what was named, all of it or nothing."""
    before = await tenants.get()
    tenant = before.changed(
        before.name if wish.name is None else wish.name,
        before.locale if wish.locale is None else wish.locale,
        before.time_zone if wish.time_zone is None else wish.time_zone,
        wish.settings,
    )
    version = await tenants.save(tenant, wish.version)
    facts.tell(TenantChanged(tenant.id, tuple(sorted(wish.settings))), version, wish.at)
    return version


async def change_hosts(wish: ChangeHosts, tenants: Tenants, facts: Facts) -> int:
    """Claim and let go of host names."""
    tenant = await tenants.get()
    removed = tuple(host_name(host, "remove") for host in wish.remove)
    version = await tenants.save(tenant, wish.version)
    await tenants.remove_hosts(removed)
    added = await _claim_hosts(tenants, tenant, wish.add)
    facts.tell(TenantHostsChanged(tenant.id, added, removed), version, wish.at)
    return version


HANDLERS = {
    CreateTenant: create_tenant,
    MoveTenant: move_tenant,
    ChangeTenant: change_tenant,
    ChangeHosts: change_hosts,
}


def _drafted(wish: CreateTenant, scope: Scope) -> Tenant:
    return Tenant.drafted(
        id=scope.tenant_id,
        type=wish.type,
        code=wish.code,
        name=wish.name,
        default_currency=wish.default_currency,
        locale=wish.locale,
        time_zone=wish.time_zone,
        settings=wish.settings,
        at=wish.at,
    )


async def _claim(tenants: Tenants, tenant: Tenant, hosts: tuple[str, ...]) -> None:
    if await tenants.code_is_taken(tenant.code):
        raise CodeTaken("tenant", tenant.code)
    await _claim_hosts(tenants, tenant, hosts)


async def _claim_hosts(tenants: Tenants, tenant: Tenant, hosts: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(sorted({host_name(host, "hosts") for host in hosts}))
    for taken in await tenants.hosts_of(names):
        raise HostTaken(taken.host)
    tenants.add_hosts([TenantHost(name, tenant.id) for name in names])
    return names


def _created(tenant: Tenant) -> TenantCreated:
    return TenantCreated(tenant.id, tenant.type, tenant.code, tenant.default_currency.code)


def _stepped(tenant: Tenant, step: TenantTransition) -> TenantStateChanged:
    return TenantStateChanged(tenant.id, step.action, step.state_before, step.state_after)
