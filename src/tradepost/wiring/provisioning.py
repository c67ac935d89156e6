"""The cell's side of the contract with a portal: its checks, its app."""

from __future__ import annotations

from typing import cast

import structlog
from litestar import Litestar

from tradepost.identity.http.inviting import Invitations
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import TenantId
from tradepost.migrations import history
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import StoreError
from tradepost.platform.outward.addresses import Reach
from tradepost.platform.outward.database import DatabaseAddress
from tradepost.platform.settings import Settings
from tradepost.platform.settings.choices import Addresses
from tradepost.platform.tokens import Tokens
from tradepost.platform.vault import Hidden
from tradepost.platform.web.app import AppPlan, build_app
from tradepost.platform.web.context import Station
from tradepost.platform.web.service import CellName, service_guard
from tradepost.tenancy.domain import Check
from tradepost.tenancy.gateway.database import DatabaseProbe
from tradepost.tenancy.http import provisioning
from tradepost.tenancy.http.provisioning import CellDoors, InvitationView
from tradepost.wiring.house import House

_log = structlog.get_logger("tradepost.cell")
ABOUT = """What a portal asks of a cell: make tenants, lead them through their life.

Every request carries a service token (audience `service`) that is made for this cell and for the
tenant of its path. Steps are numbered for each tenant: the same step again is answered as before.
Errors are problem documents (RFC 9457) with a stable `code`."""


class ChecksOfHouse:
    """Answers the contract's ``PlacementChecks``."""

    def __init__(self, house: House, probe: DatabaseProbe) -> None:
        self._house = house
        self._probe = probe

    async def shared(self) -> tuple[Check, ...]:
        """Whether the store answers, in the form that this version works with."""
        try:
            await self._house.check_store()
        except (StoreError, Refusal) as error:
            _log.warning("the store is not fit for a tenant", error=str(error))
            return (Check("connectivity", False, "unreachable"),)
        return Check("connectivity", True), Check("schema", True, detail=history.head())

    async def database(self, address: DatabaseAddress, password: Hidden) -> tuple[Check, ...]:
        """What a look at a foreign database finds."""
        return await self._probe.look(address, password)


class DoorsOfCell:
    """Answers the contract's ``CellDoors`` from the house."""

    def __init__(self, house: House, probe: DatabaseProbe) -> None:
        self.bus: Bus = house.bus
        self.checks = ChecksOfHouse(house, probe)
        self._house = house

    def forget(self, tenant_id: TenantId) -> None:
        """Have the directory look it up anew."""
        self._house.directory.forget(tenant_id)

    async def invitation(self, tenant_id: TenantId) -> InvitationView:
        """A fresh one."""
        inviting = cast(Invitations, self._house.services[Invitations])
        made = await inviting.fresh(tenant_id)
        return InvitationView(made.email, made.token, made.expires_at)


def reach_of(settings: Settings) -> Reach:
    """What may be called that a tenant has named."""
    anywhere = settings.foreign_addresses is Addresses.ANY
    return Reach(frozenset(settings.foreign_ports), anywhere)


def provisioning_api(house: House, name: str, probe: DatabaseProbe) -> Litestar:
    """The API of portals: service tokens only, no shop, no person."""
    services = {
        Tokens: house.services[Tokens],
        CellName: CellName(name),
        CellDoors: DoorsOfCell(house, probe),
    }
    station = Station("service", house.web, house.limiter, house.traces, services)
    plan = AppPlan(
        "Tradepost provisioning API",
        ABOUT,
        provisioning.ROUTES,
        checks=(("store", house.check_store),),
        shows_metrics=True,
        guard=service_guard,
    )
    return build_app(station, plan, metrics=house.metrics, ids=house.bus.ids)
