"""A shop to try things in: weeks of real trade, somebody to sign in as, an index up to date."""

from __future__ import annotations

from pathlib import Path

from tradepost.identity.commands import CreateStaff
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.identity.queries import staff_page
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.search.queries import Finder
from tradepost.transfer.retail.report import Report
from tradepost.wiring.house import House
from tradepost.wiring.replay_run import Watch, ready_tenant, replay_file
from tradepost.wiring.search import SearchFeed
from tradepost.wiring.worker import build_worker

SHOP = "demo"
STAFF_EMAIL = "staff@example.com"
STAFF_PASSWORD = "only-for-the-demo"  # noqa: S105  printed for everybody, on loopback


async def fill_demo(house: House, trade: Path, watch: Watch) -> Report:
    """Replay the trade, take the staff on, have every effect; safe to repeat."""
    tenant_id, location_id = await ready_tenant(house.bus, SHOP)
    report = await replay_file(house.bus, tenant_id, location_id, trade, watch)
    await _take_on(house, tenant_id)
    await build_worker(house.bus).settle()
    await SearchFeed(house.store, house.services[Finder].engine).catch_up()
    return report


async def _take_on(house: House, tenant_id: TenantId) -> None:
    scope = Scope(tenant_id, SYSTEM, reason="demo")
    if any(one.email == STAFF_EMAIL for one in await house.bus.ask(scope, staff_page)):
        return
    hashed = await Argon2Hasher().hash(STAFF_PASSWORD)
    wish = CreateStaff(STAFF_EMAIL, "Demo", hashed, ("admin",))
    await house.bus.send(scope, wish)
