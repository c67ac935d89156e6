"""What tenancy needs: where its records are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tradepost.kernel.ids import LocationId, StoreId
from tradepost.tenancy.domain import (
    Location,
    ProvisioningStep,
    StepsTaken,
    Store,
    Tenant,
    TenantHost,
    TenantTransition,
)


class Tenants(Protocol):
    """The tenant of the running work, and the names by which tenants are found."""

    async def get(self) -> Tenant:
        """The work's own tenant; refuses with ``Unknown`` if it has not been made."""
        ...

    async def find(self) -> Tenant | None:
        """The work's own tenant, if it has been made."""
        ...

    def add(self, tenant: Tenant) -> None:
        """Keep a new tenant."""
        ...

    async def save(self, tenant: Tenant, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...

    def record(self, *steps: TenantTransition) -> None:
        """Keep steps of its life."""
        ...

    async def code_is_taken(self, code: str) -> bool:
        """Whether a tenant has the code."""
        ...

    async def hosts_of(self, hosts: Sequence[str]) -> list[TenantHost]:
        """Which of the hosts belong to somebody, and to whom."""
        ...

    def add_hosts(self, hosts: Sequence[TenantHost]) -> None:
        """Keep new host names."""
        ...

    async def remove_hosts(self, hosts: Sequence[str]) -> None:
        """Let go of host names of the work's own tenant."""
        ...


class ProvisioningSteps(Protocol):
    """What a portal has asked of the work's own tenant."""

    async def taken(self) -> StepsTaken:
        """All steps there are; whoever else takes one waits for the end of this work."""
        ...

    def add(self, step: ProvisioningStep) -> None:
        """Keep a step."""
        ...


class FirstAdmin(Protocol):
    """The shop's first administrator, who is taken on when it opens."""

    async def invite(self, email: str, name: str, at: datetime) -> None:
        """Take somebody on who has yet to choose a password."""
        ...


class Stores(Protocol):
    """The stores of the tenant."""

    async def get(self, store_id: StoreId) -> Store:
        """A store; refuses with ``Unknown``."""
        ...

    async def by_code(self, code: str) -> Store | None:
        """The store with a code."""
        ...

    def add(self, store: Store) -> None:
        """Keep a new store."""
        ...

    async def save(self, store: Store, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...


class Locations(Protocol):
    """The locations of the tenant's stores."""

    async def get(self, location_id: LocationId) -> Location:
        """A location; refuses with ``Unknown``."""
        ...

    async def by_code(self, code: str) -> Location | None:
        """The location with a code."""
        ...

    def add(self, location: Location) -> None:
        """Keep a new location."""
        ...

    async def save(self, location: Location, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...
