"""A shop to try things in: weeks of real trade, somebody to sign in as, an index up to date."""

from __future__ import annotations

from pathlib import Path

from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.search.queries import Finder
from tradepost.transfer.retail.report import Report
from tradepost.wiring.demo.day import a_day
from tradepost.wiring.demo.shops import STAFF_EMAIL, STAFF_PASSWORD, take_on
from tradepost.wiring.house import House
from tradepost.wiring.replay_run import Watch, ready_tenant, replay_file
from tradepost.wiring.search import SearchFeed
from tradepost.wiring.worker import build_worker

__all__ = ["SHOP", "STAFF_EMAIL", "STAFF_PASSWORD", "fill_demo"]
SHOP = "demo"


async def fill_demo(house: House, trade: Path, watch: Watch) -> Report:
    """Replay the trade, let the street trade a day, have every effect; safe to repeat."""
    tenant_id, location_id = await ready_tenant(house.bus, SHOP)
    report = await replay_file(house.bus, tenant_id, location_id, trade, watch)
    await take_on(house.bus, Scope(tenant_id, SYSTEM, reason="demo"))
    await a_day(house.bus)
    await build_worker(house.bus).settle()
    await SearchFeed(house.store, house.services[Finder].engine).catch_up()
    return report
