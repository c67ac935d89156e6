"""Where a tenant's stock lies, kept beside its profile so that no command asks again."""

from __future__ import annotations

import time
from collections.abc import Callable

from tradepost.kernel.ids import LocationId, TenantId
from tradepost.platform.db.work import Store
from tradepost.platform.tenancy import PROFILE_AGE_MAX_S
from tradepost.tenancy.domain import Location, PlaceStatus
from tradepost.tenancy.queries import locations_page


class Places:
    """The open locations of tenants, at most five seconds old; no locations are asked anew."""

    def __init__(self, store: Store, seconds: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._seconds = seconds
        self._known: dict[TenantId, tuple[float, tuple[Location, ...]]] = {}

    async def load(self, tenant_id: TenantId) -> None:
        """Bring a tenant's locations into memory."""
        known = self._known.get(tenant_id)
        if known is not None and known[1] and known[0] > self._seconds():
            return
        until = self._seconds() + PROFILE_AGE_MAX_S
        found = await self._store.read(tenant_id, locations_page)
        live = tuple(one for one in found if one.status is PlaceStatus.ACTIVE)
        self._known[tenant_id] = (until, live)

    def of(self, tenant_id: TenantId) -> tuple[Location, ...]:
        """The open locations, in the order of their codes."""
        return self._known[tenant_id][1]

    def ids_of(self, tenant_id: TenantId) -> tuple[LocationId, ...]:
        """Their identifiers, the most preferred first."""
        return tuple(one.id for one in self.of(tenant_id))
