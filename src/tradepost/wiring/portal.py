"""The portal as the settings want it: its store, its cells, its process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from litestar import Litestar

from tradepost.kernel.clock import SystemClock
from tradepost.kernel.ids import RandomIds
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import StoreBusy
from tradepost.platform.db.health import check_store
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Store
from tradepost.platform.patience import STATEMENT_S
from tradepost.platform.settings import Settings
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.platform.telemetry.metrics import Metrics
from tradepost.platform.tokens import Tokens
from tradepost.platform.vault import Vault
from tradepost.platform.web.context import Station
from tradepost.platform.web.rates import LocalLimiter
from tradepost.platform.web.serving import Listening, Servers
from tradepost.platform.web.signing import Signer
from tradepost.portal import commands, ports
from tradepost.portal.gateway.carrier import Carrier
from tradepost.portal.gateway.cell import Cells
from tradepost.portal.gateway.passwords import Hasher
from tradepost.portal.http.app import portal_app
from tradepost.portal.http.desk import Desk
from tradepost.portal.migrations import migrate_postgres, migrate_sqlite
from tradepost.portal.storage import repositories as sql
from tradepost.portal.storage.calls import SqlAgenda
from tradepost.wiring.house import ISSUER
from tradepost.wiring.installed import token_secrets, web_settings

BINDINGS: dict[type, Callable[[Any], Any]] = {
    ports.Tenants: lambda bound: sql.SqlTenants(bound.work),
    ports.Calls: lambda bound: sql.SqlCalls(bound.work),
    ports.Databases: lambda bound: sql.SqlDatabases(bound.work),
    ports.People: lambda bound: sql.SqlPeople(bound.work),
    ports.Sessions: lambda bound: sql.SqlSessions(bound.work),
}


@dataclass(frozen=True, slots=True)
class Portal:
    """One process of the portal, open."""

    bus: Bus
    desk: Desk
    carrier: Carrier
    app: Litestar


async def open_portal_store(settings: Settings) -> Store:
    """The portal's own store, brought up to date."""
    if settings.portal_path is not None:
        settings.portal_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = SqliteStore(settings.portal_path)
        try:
            await store.run_script(migrate_sqlite)
        except BaseException:
            await store.close()
            raise
        return store
    return await _open_postgres(settings)


async def _open_postgres(settings: Settings) -> Store:
    import asyncpg

    from tradepost.platform.db.postgres import PostgresStore

    url = settings.portal_database_url
    assert url is not None
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise StoreBusy(why=f"the portal's database cannot be reached: {error}") from error
    try:
        await migrate_postgres(connection)
    finally:
        await connection.close()
    return await PostgresStore.open(
        url,
        url,
        pool_size_max=settings.database_pool_size_max,
        statement_s_max=STATEMENT_S,
    )


def portal_bus(store: Store) -> Bus:
    """The bus of the portal's own commands."""
    return Bus(store, commands.HANDLERS, BINDINGS, ids=RandomIds(), clock=SystemClock())


@asynccontextmanager
async def open_portal(settings: Settings, hasher: Hasher | None = None) -> AsyncIterator[Portal]:
    """The portal, ready to be served and to carry."""
    async with contextlib.AsyncExitStack() as opened:
        store = await open_portal_store(settings)
        opened.push_async_callback(store.close)
        bus = portal_bus(store)
        tokens = Tokens(ISSUER, token_secrets(settings), bus.clock)
        vault = Vault(settings.vault_secret)
        cells = Cells(dict(one.split("=", 1) for one in settings.cells), tokens, vault)
        opened.push_async_callback(cells.close)
        reckoning = hasher or Hasher()
        opened.callback(reckoning.close)
        carrier = Carrier(bus, SqlAgenda(store), cells)
        secrets = [secret.encode() for secret in settings.portal_secret]
        limiter = LocalLimiter()
        desk = Desk(
            bus,
            cells,
            vault,
            tokens,
            reckoning,
            limiter,
            Signer(secrets, "portal form"),
            carrier.wake,
            settings.portal_url,
        )
        # a portal pages by codes, so it has no secret of its own for cursors
        web = web_settings(replace(settings, cursor_secret=settings.portal_secret))
        station = Station("portal", web, limiter, services={Desk: desk})

        async def check() -> None:
            await check_store(store, bus.clock)

        app = portal_app(station, check, metrics=Metrics(), ids=bus.ids)
        yield Portal(bus, desk, carrier, app)


async def serve_portal(
    settings: Settings, started: Callable[[Portal, int], Awaitable[None]] | None = None
) -> None:
    """Serve the portal, and carry what it has to ask of cells, until a signal says to end.

    :raises PortInUse: with what to do about it.
    :raises SystemExit: with 1 if requests were cut off.
    """
    configure_logs(settings.log_level, settings.log_format)
    async with open_portal(settings) as portal:
        place = Listening("portal", portal.app, settings.portal_port, settings.portal_host)
        servers = Servers(
            [place],
            drain_seconds_max=settings.drain_seconds_max,
            leave_seconds_min=settings.leave_seconds_min,
        )

        async def told() -> None:
            if started is not None:
                await started(portal, servers.ports["portal"])

        stop = asyncio.Event()
        carrying = asyncio.create_task(portal.carrier.run(stop))
        carrying.add_done_callback(lambda _: servers.end())
        try:
            await servers.run(told)
        finally:
            stop.set()
            await carrying
    if servers.cut_off:
        raise SystemExit(1)
