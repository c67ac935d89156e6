"""Opens a store as the settings say, brought up to date and seen to be safe to work on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tradepost.migrations import history
from tradepost.migrations.history import Migrated
from tradepost.migrations.sqlite import found_in, migrate_sqlite, upgrade_connection
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import StoreInUse, StoreMissing
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Store
from tradepost.platform.local.caller import LocalCaller
from tradepost.platform.local.wire import socket_of
from tradepost.platform.settings import Settings
from tradepost.wiring.parts import build_bus
from tradepost.wiring.tenancy import Directory, directory_of

WAIT_MAX_S = 60.0
TOOL_STATEMENT_S = 600.0
"""For a statement of the command line: the doctor looks at whole tables."""


class DriverMissing(Exception):
    """PostgreSQL is asked for, and its driver is not installed."""

    def __init__(self) -> None:
        super().__init__("PostgreSQL needs its driver: pip install 'tradepost[postgres]'")


async def migrate_store(settings: Settings, *, wait_max_s: float = WAIT_MAX_S) -> Migrated:
    """Bring the store up to date, making it if need be; roles, policies and rights too."""
    if settings.store_path is None:
        done: Migrated = await _postgres().migrate(settings, wait_max_s)
        return done
    _make_folder(settings.store_path)
    return await migrate_sqlite(settings.store_path, wait_max_s=wait_max_s)


async def store_version(settings: Settings) -> str:
    """Where the store stands; ``0000`` if it is empty or not there."""
    if settings.store_path is not None:
        return found_in(settings.store_path)
    found: str = await _postgres().version(settings)
    return found


async def open_store(
    settings: Settings, *, wait_max_s: float = WAIT_MAX_S, statement_s_max: float = TOOL_STATEMENT_S
) -> Store:
    """The store to work on, up to date.

    :raises StoreInUse: if another process writes the SQLite file.
    :raises SchemaBehind: if the schema is behind and nobody brings it up to date in time.
    :raises RoleUnsafe: if row-level security would not hold.
    """
    if settings.store_path is None:
        opened: Store = await _postgres().open_store(settings, wait_max_s, statement_s_max)
        return opened
    _make_folder(settings.store_path)
    store = SqliteStore(settings.store_path)
    try:
        await store.run_script(upgrade_connection)
    except BaseException:
        await store.close()
        raise
    return store


@dataclass(frozen=True, slots=True)
class Desk:
    """A store and a bus for the command line; ``caller`` is there while another process writes."""

    store: Store
    bus: Bus
    directory: Directory
    data_dir: Path
    caller: LocalCaller | None = None


@asynccontextmanager
async def desk(settings: Settings, *, reads: bool = False) -> AsyncIterator[Desk]:
    """Work on the store beside whoever serves it: what is sent is granted by the one who writes.

    A desk that only ``reads`` takes no lock, and makes no store.
    """
    caller = None
    try:
        store = _open_to_read(settings) if reads and settings.store_path else None
        store = store or await open_store(settings)
    except StoreInUse as in_use:
        store = _open_to_read(settings)
        caller = LocalCaller(socket_of(settings.data_dir), in_use)
    try:
        directory = directory_of(store)
        bus = build_bus(store, directory=directory)
        if caller is not None:
            caller.stand_for(bus)
        yield Desk(store, bus, directory, settings.data_dir, caller)
    finally:
        await store.close()


def _open_to_read(settings: Settings) -> Store:
    path = settings.store_path
    assert path is not None
    if not path.exists():
        raise StoreMissing(str(path))
    history.check_reached(found_in(path))
    return SqliteStore(path, read_only=True)


def _make_folder(path: Path) -> None:
    """The data of all shops lies here: nobody else on this machine may look into it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _postgres() -> ModuleType:
    try:
        from tradepost.wiring import postgres
    except ModuleNotFoundError as error:
        raise DriverMissing from error
    return postgres
