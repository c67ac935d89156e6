"""A whole file of retail trade into a tenant of its own, and the table that accounts for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from tradepost.kernel.clock import EPOCH
from tradepost.kernel.ids import LocationId, TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant
from tradepost.transfer.retail.cells import TIME_ZONE
from tradepost.transfer.retail.documents import documents
from tradepost.transfer.retail.reader import retail_lines
from tradepost.transfer.retail.replay import Progress, Replay
from tradepost.transfer.retail.report import Report
from tradepost.transfer.retail.source import TextFile
from tradepost.wiring.replay import CURRENCY, IMPORTER, RetailDesk, key_of, named_id
from tradepost.wiring.replay_report import replay_report

SETTINGS = {
    "charges_tax": False,
    "lines_per_order_max": 100_000,
    "quantity_per_line_max": 10**9,
    "return_without_receipt_amount_max": 10**12,
}
"""No tax, no shipping fee, and limits that a wholesaler's year fits into."""


Watch = Callable[[Progress, TextFile], None]
"""Is told how far a replay is, after every chunk."""


async def replay_file(
    bus: Bus,
    tenant_id: TenantId,
    location_id: LocationId,
    path: Path,
    watch: Watch,
) -> Report:
    """Take a file of retail trade into a tenant, and account for it.

    :raises Refusal: of the file, with line and column; everything before it has been booked.
    """
    desk = RetailDesk(bus, tenant_id, location_id)
    with TextFile(path) as file:
        replay = Replay(desk, lambda progress: watch(progress, file))
        await replay.run(documents(retail_lines(file.lines())))
    scope = Scope(tenant_id, IMPORTER)
    first, last = replay.days
    return await bus.ask(scope, replay_report, replay.tally, first, last, key_of(""))


async def ready_tenant(bus: Bus, code: str) -> tuple[TenantId, LocationId]:
    """The tenant that a replay goes into, with its one location; made at the first call."""
    tenant_id = TenantId(named_id(TenantId(UUID(int=0)), code, EPOCH))
    scope = Scope(tenant_id, SYSTEM, reason="replay")
    made = CreateTenant(
        code, "Online Retail", CURRENCY.code, time_zone=TIME_ZONE, settings=SETTINGS, opened=True
    )
    await bus.send(scope, made, key="retail-setup/tenant")
    store_id = await bus.send(scope, CreateStore("web", "Web shop"), key="retail-setup/store")
    warehouse = CreateLocation(store_id, "warehouse", "Warehouse")
    return tenant_id, await bus.send(scope, warehouse, key="retail-setup/location")
