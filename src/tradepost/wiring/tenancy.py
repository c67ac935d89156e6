"""Binds tenancy: its repositories, and the profile of the tenant that a work is for."""

from __future__ import annotations

from datetime import datetime

from tradepost.identity.commands import CreateStaff
from tradepost.identity.domain.staff import NO_PASSWORD
from tradepost.platform.bus import Bound
from tradepost.platform.db.work import Store
from tradepost.platform.tenancy import HostPlan, TenantDirectory
from tradepost.tenancy import commands, ports
from tradepost.tenancy.domain import TenantProfile
from tradepost.tenancy.queries import TenantProfiles
from tradepost.tenancy.storage import (
    SqlLocations,
    SqlProvisioningSteps,
    SqlStores,
    SqlTenants,
)

FIRST_ROLE = "admin"


class FirstAdminOfShop:
    """Answers tenancy's ``FirstAdmin`` port by identity's own command, in the same work."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound

    async def invite(self, email: str, name: str, at: datetime) -> None:
        by = self._bound.scope.allowed("*")  # the platform opens the shop
        await self._bound.grant(by, CreateStaff(email, name, NO_PASSWORD, (FIRST_ROLE,), at=at))


HANDLERS = commands.HANDLERS
BINDINGS = {
    ports.Tenants: lambda bound: SqlTenants(bound.work),
    ports.Stores: lambda bound: SqlStores(bound.work),
    ports.Locations: lambda bound: SqlLocations(bound.work),
    ports.ProvisioningSteps: lambda bound: SqlProvisioningSteps(bound.work),
    ports.FirstAdmin: FirstAdminOfShop,
}

Directory = TenantDirectory[TenantProfile]


def directory_of(store: Store, plan: HostPlan | None = None) -> Directory:
    """A directory of a store's tenants."""
    return TenantDirectory(TenantProfiles(store), plan)


def profile_from(directory: Directory, bound: Bound) -> TenantProfile:
    """The profile that the bus has had loaded before the work opened."""
    return directory.profile(bound.scope.tenant_id)
