"""Where a tenant's stock lies, kept beside its profile so that no command asks again."""

from __future__ import annotations

import time

from tradepost.kernel.ids import LocationId, TenantId
from tradepost.platform.db.work import Store
from tradepost.platform.fresh import Fresh, Seconds
from tradepost.platform.tenancy import PROFILE_AGE_MAX_S
from tradepost.tenancy.domain import Location, PlaceStatus
from tradepost.tenancy.queries import locations_page


class Places:
    """The open locations of tenants, at most five seconds old; no locations are asked anew."""

    def __init__(self, store: Store, seconds: Seconds = time.monotonic) -> None:
        self._store = store
        self._known: Fresh[TenantId, tuple[Location, ...]] = Fresh(
            PROFILE_AGE_MAX_S, seconds=seconds
        )

    async def load(self, tenant_id: TenantId) -> None:
        """Bring a tenant's locations into memory."""
        await self._known.get(tenant_id, lambda: self._looked_up(tenant_id))

    async def _looked_up(self, tenant_id: TenantId) -> tuple[Location, ...] | None:
        found = await self._store.read(tenant_id, locations_page)
        return tuple(one for one in found if one.status is PlaceStatus.ACTIVE) or None

    def of(self, tenant_id: TenantId) -> tuple[Location, ...]:
        """The open locations, in the order of their codes."""
        return self._known.last(tenant_id) or ()

    def ids_of(self, tenant_id: TenantId) -> tuple[LocationId, ...]:
        """Their identifiers, the most preferred first."""
        return tuple(one.id for one in self.of(tenant_id))
