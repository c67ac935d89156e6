"""The search index of this machine: opened for searches, fed by whoever keeps house."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import structlog

from tradepost.platform.db.errors import StoreInUse
from tradepost.platform.db.lockfile import LockFile
from tradepost.platform.db.work import Store
from tradepost.platform.local.caller import LocalCaller
from tradepost.platform.local.wire import socket_of
from tradepost.platform.wake import rest
from tradepost.search.errors import IndexUnreadable
from tradepost.search.gateway.engine import TantivySearch
from tradepost.search.ports import SearchEngine
from tradepost.wiring.search import FACTS_A_STEP_MAX, IDLE_S, ReadLog, SearchFeed

FOLDER = "search"
LOCK = "house.lock"
AGAIN_S = 2.0
_log = structlog.get_logger("tradepost.search")


async def open_index(data_dir: Path) -> TantivySearch:
    """The index in a data folder. One that cannot be read is thrown away: the log has it all."""
    folder = data_dir / FOLDER
    try:
        return await TantivySearch.open(folder)
    except IndexUnreadable as error:
        _log.warning("the search index cannot be read and is made anew", why=error.message)
        await TantivySearch.discard(folder)
        return await TantivySearch.open(folder)


class IndexKeeper:
    """Follows the log, and makes the index anew when asked to; one at a time."""

    def __init__(self, store: Store, engine: SearchEngine, read_log: ReadLog | None = None) -> None:
        self._feed = SearchFeed(store, engine, read_log)
        self._turn = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the log until told to stop; what fails is tried again."""
        while not stop.is_set():
            try:
                async with self._turn:
                    moved = await self._feed.step()
                pause_s = 0.0 if moved >= FACTS_A_STEP_MAX else IDLE_S
            except Exception as error:
                _log.warning("the search index was not fed", why=str(error))
                pause_s = AGAIN_S
            await rest(stop, pause_s)

    async def rebuild(self) -> None:
        """Throw the index away and make it anew from the log."""
        async with self._turn:
            await self._feed.rebuild()

    async def catch_up(self) -> None:
        """Read the log to its end, and make what was read findable."""
        async with self._turn:
            await self._feed.catch_up()


@contextlib.contextmanager
def keeping_house(data_dir: Path) -> Iterator[None]:
    """Be the one process of this machine that feeds the index of a data folder.

    :raises StoreInUse: while another is.
    """
    lock = LockFile(data_dir / LOCK, of=data_dir / FOLDER)
    lock.take()
    try:
        yield
    finally:
        lock.release(closed=True)


async def rebuild_index(store: Store, data_dir: Path) -> None:
    """Make the index anew here, or have it done by the process that feeds it."""
    try:
        with keeping_house(data_dir):
            engine = await open_index(data_dir)
            try:
                await IndexKeeper(store, engine).rebuild()
            finally:
                await engine.close()
    except StoreInUse as in_use:
        await LocalCaller(socket_of(data_dir), in_use).run("rebuild_index")
