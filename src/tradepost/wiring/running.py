"""A process of the house, from settings to its end: servers, worker, index, local door.

One process a machine keeps house: it feeds the search index of its data folder and answers at the
local door. With SQLite that is the one that writes; with PostgreSQL the first to come.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tradepost.platform.db.clock import StoreClock
from tradepost.platform.db.errors import StoreInUse
from tradepost.platform.live import Following
from tradepost.platform.local.door import LocalDoor
from tradepost.platform.local.wire import socket_of
from tradepost.platform.patience import OF_WORKERS, PATIENCE, STATEMENT_S
from tradepost.platform.relay.figures import RelayGauges
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.settings import Settings
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.platform.wake import rest
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.worker import Worker, WorkerPlan
from tradepost.search.queries import Finder
from tradepost.tenancy.gateway.database import DatabaseProbe
from tradepost.wiring.doors import admin_api, public_api
from tradepost.wiring.house import House
from tradepost.wiring.index import IndexKeeper, keeping_house, open_index
from tradepost.wiring.installed import house_of
from tradepost.wiring.local import COMMANDS
from tradepost.wiring.opening import open_store
from tradepost.wiring.provisioning import provisioning_api, reach_of
from tradepost.wiring.worker import build_worker

LOOK_S = 2.0


@dataclass(frozen=True, slots=True)
class Serving:
    """What one process serves; unless it is said, it works where no other process can."""

    public: bool = True
    admin: bool = True
    provisioning: bool = True
    """Served where the settings name a cell."""
    worker: bool | None = None


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """The house as the settings say, its store up to date, its index open for searches."""
    PATIENCE.set(OF_WORKERS)
    store = await open_store(settings, statement_s_max=STATEMENT_S)
    async with contextlib.AsyncExitStack() as opened:
        opened.push_async_callback(store.close)
        clock = None
        if store.dialect == "postgresql":
            clock = StoreClock(store)
            await clock.sync()
        house = house_of(settings, store, clock)
        opened.pop_all()
        opened.push_async_callback(house.close)
        engine = await open_index(settings.data_dir)
        opened.push_async_callback(engine.close)
        house.services[Finder] = Finder(engine)
        yield house


async def serve(
    settings: Settings,
    what: Serving,
    started: Callable[[dict[str, int]], Awaitable[None]] | None = None,
) -> None:
    """Serve until a signal says to end; ``started`` is told the port of each API by its name.

    :raises PortInUse: with what to do about it.
    :raises SystemExit: with 1 if requests were cut off; what they wished is whole or not done.
    """
    configure_logs(settings.log_level, settings.log_format)
    async with open_house(settings) as house:
        places = []
        if what.public:
            host, port = settings.public_host, settings.public_port
            places.append(Listening("public API", public_api(house), port, host))
        if what.admin:
            host, port = settings.admin_host, settings.admin_port
            places.append(Listening("admin API", admin_api(house), port, host))
        if what.provisioning and settings.cell_name is not None:
            host, port = settings.provisioning_host, settings.provisioning_port
            app = provisioning_api(house, settings.cell_name, DatabaseProbe(reach_of(settings)))
            places.append(Listening("provisioning API", app, port, host))
        servers = Servers(
            places,
            drain_seconds_max=settings.drain_seconds_max,
            leave_seconds_min=settings.leave_seconds_min,
        )

        async def told() -> None:
            if started is not None:
                await started(servers.ports)

        alone = settings.store_path is not None
        works = alone if what.worker is None else what.worker
        async with _beside(house, settings, worker=works, ended=servers.end, reads=what.public):
            await servers.run(told)
    if servers.cut_off:
        raise SystemExit(1)


async def work(settings: Settings, started: Callable[[], Awaitable[None]] | None = None) -> None:
    """Be the worker until a signal says to end."""
    configure_logs(settings.log_level, settings.log_format)
    async with open_house(settings) as house:
        nobody = Servers([], drain_seconds_max=settings.drain_seconds_max)
        async with _beside(house, settings, worker=True, ended=nobody.end):
            await nobody.run(started)
    if nobody.cut_off:
        raise SystemExit(1)


@asynccontextmanager
async def _beside(
    house: House,
    settings: Settings,
    *,
    worker: bool,
    ended: Callable[[], None],
    reads: bool = False,
) -> AsyncIterator[None]:
    """Keep house, and work if so wished, for as long as the block lasts; a failure ends both.

    What is kept for those who ``reads`` follows the log, the worker's tail of it if there is one.
    """
    stop = asyncio.Event()
    hired = _hired(house, settings) if worker else None
    tail = hired.tail if hired is not None else LogTail(house.store)
    jobs = [asyncio.create_task(_keep_house(house, settings, tail, stop))]
    jobs.append(asyncio.create_task(house.live.run(stop)))
    if isinstance(house.bus.clock, StoreClock):
        jobs.append(asyncio.create_task(house.bus.clock.run(stop)))
    if hired is not None:
        jobs.append(asyncio.create_task(hired.run()))
    if hired is None:
        jobs.append(asyncio.create_task(tail.run(stop)))
    if reads:
        tail.listeners.append(house.services[Following].see)
    if reads and house.kept is not None:
        tail.listeners.append(house.kept.see)
    if house.rush is not None:
        jobs.append(asyncio.create_task(house.rush.follow(tail, stop)))
    for job in jobs:
        job.add_done_callback(lambda _: ended())
    try:
        yield
    finally:
        stop.set()
        if hired is not None:
            hired.stop()
        await asyncio.gather(*jobs)


def _hired(house: House, settings: Settings) -> Worker:
    return build_worker(
        house.bus,
        plan=WorkerPlan(drain_s=settings.drain_seconds_max),
        redis_url=settings.redis_url,
        gauges=RelayGauges(house.metrics.registry),
    )


async def _keep_house(house: House, settings: Settings, tail: LogTail, stop: asyncio.Event) -> None:
    """Feed the index and answer at the local door, as soon as nobody else here does."""
    while not stop.is_set():
        try:
            with keeping_house(settings.data_dir):
                keeper = IndexKeeper(house.store, house.services[Finder].engine, tail.read)
                jobs = {"rebuild_index": keeper.rebuild}
                async with LocalDoor(socket_of(settings.data_dir), house.bus, COMMANDS, jobs):
                    await keeper.run(stop)
        except StoreInUse:
            await rest(stop, LOOK_S)
