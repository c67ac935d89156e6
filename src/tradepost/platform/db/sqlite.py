"""SQLite: one writer thread with the only write connection, readers on read-only connections.

A job is a coroutine that awaits nothing but its work, so the thread can run it to the end by
itself: a whole transaction costs one hop between threads, and a network call inside a transaction
is caught on the spot.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.brief import TooLong
from tradepost.platform.db.errors import StoreBusy, StoreReadOnly, TransactionGone
from tradepost.platform.db.lockfile import LockFile
from tradepost.platform.db.sqlite_brief import BriefReads
from tradepost.platform.db.sqlite_file import check_after_crash, connect
from tradepost.platform.db.sqlite_work import SqliteReader, SqliteWork, run_to_end, translated
from tradepost.platform.db.work import Reader, RelaySession, Work
from tradepost.platform.patience import PATIENCE

T = TypeVar("T")
READERS_MAX = 4
LOOK_EVERY_STEPS = 20_000
"""Steps of SQLite's machine, a millisecond or two, after which a reader looks at the time."""


class SqliteStore:
    """A file (or memory) with one writer; a lock file keeps a second writer away.

    ``read_only`` opens a store that another process writes; writes are refused.
    """

    dialect = "sqlite"

    def __init__(
        self, path: Path | None, *, synchronous: str = "FULL", read_only: bool = False
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._synchronous = synchronous
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._brief: BriefReads | None = None
        self._readers = ThreadPoolExecutor(READERS_MAX, "sqlite-reader") if path else None
        self._lock: LockFile | None = None
        self._thread: threading.Thread | None = None
        self._closing = False
        if read_only:
            connect(path, read_only=True).close()
        else:
            self._start_writing()

    def _start_writing(self) -> None:
        if self.path:
            self._lock = LockFile(self.path.with_name(f"{self.path.name}.lock"), of=self.path)
            died = self._lock.take()
            try:
                if died:
                    check_after_crash(self.path)
                self._start_thread()
            except BaseException:
                self._lock.release(closed=False)
                raise
            self._lock.mark_open()
        else:
            self._start_thread()

    def _start_thread(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[sqlite3.Connection], None] | None] = (
            queue.SimpleQueue()
        )
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._write_loop, name="sqlite-writer", daemon=True)
        self._thread.start()
        self._ready.result()

    def _write_loop(self) -> None:
        try:
            connection = connect(self.path, synchronous=self._synchronous)
        except BaseException as error:
            self._ready.set_exception(error)
            return
        self._ready.set_result(None)
        with closing(connection):
            while (job := self._jobs.get()) is not None:
                job(connection)

    async def _in_writer(self, job: Callable[[sqlite3.Connection], T]) -> T:
        if self._thread is None:
            raise StoreReadOnly(str(self.path))
        self._check_open()
        done: Future[T] = Future()
        context = contextvars.copy_context()

        def step(connection: sqlite3.Connection) -> None:
            try:
                done.set_result(context.run(job, connection))
            except BaseException as error:
                done.set_exception(error)

        self._jobs.put(step)
        return await asyncio.shield(asyncio.wrap_future(done))

    async def _transaction(
        self, tenant: TenantId | None, scope: Scope | None, job: Callable[[Work], Awaitable[T]]
    ) -> T:
        async def whole(work: SqliteWork) -> T:
            answer = await job(work)
            await work.flush()
            return answer

        def step(connection: sqlite3.Connection) -> T:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                raise translated(error) from error
            try:
                answer = run_to_end(whole(SqliteWork(connection, tenant, scope)))
                connection.execute("COMMIT")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise _told(error) from error
            return answer

        return await self._in_writer(step)

    async def write(self, scope: Scope, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction of the scope's tenant."""
        return await self._transaction(scope.tenant_id, scope, job)

    async def lane_write(
        self, scope: Scope, job: Callable[[Work], Awaitable[T]], *, wishes: int
    ) -> T:
        """As ``write``: there is one writer for all."""
        return await self._transaction(scope.tenant_id, scope, job)

    async def platform_write(self, purpose: str, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction on the platform's own tables."""
        return await self._transaction(None, None, job)

    async def relay_write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        """One transaction of the relay; SQLite has no roles, the guard is in the statements."""
        return await self._transaction(None, None, job)

    async def relay_read(self, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot across tenants."""
        return await self._snapshot(None, job)

    async def relay_session(self) -> RelaySession:
        """The writer itself: the lock file has made this process the only one."""
        return _SqliteRelaySession(self)

    async def read(self, tenant_id: TenantId, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot of the tenant's data: by the event loop itself, or in a thread."""
        if self._readers is not None and self.path:
            self._check_open()
            if self._brief is None:
                self._brief = BriefReads(self.path)
                self._opened.append(self._brief.connection)
            with suppress(TooLong):
                return self._brief.read(tenant_id, job)
        return await self._snapshot(tenant_id, job)

    async def platform_read(self, purpose: str, job: Callable[[Reader], Awaitable[T]]) -> T:
        """One snapshot of the platform's own tables."""
        return await self._snapshot(None, job)

    async def _snapshot(self, tenant: TenantId | None, job: Callable[[Reader], Awaitable[T]]) -> T:
        seconds = PATIENCE.get().read_s

        def step(connection: sqlite3.Connection) -> T:
            with _within(connection, seconds):
                connection.execute("BEGIN")
                try:
                    return run_to_end(job(SqliteReader(connection, tenant)))
                finally:
                    connection.execute("ROLLBACK")

        if self._readers is None:
            return await self._in_writer(step)
        self._check_open()
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._readers, lambda: context.run(step, self._reader_connection())
        )

    def _check_open(self) -> None:
        """What came after the last job would wait for ever."""
        if self._closing:
            raise StoreBusy(why="the service is ending")

    def _reader_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self.path, read_only=True)
            self._opened.append(connection)
        return connection

    async def run_script(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Hand the writer's own connection to a job of the schema: migrations and backups."""
        return await self._in_writer(job)

    async def close(self) -> None:
        """Finish what is running, close every connection, give the lock back.

        The writer's connection is the last to go, so that it can take the log into the file.
        """
        self._closing = True
        if self._readers:
            await asyncio.to_thread(self._readers.shutdown)
        for connection in self._opened:
            connection.close()
        if self._thread:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
        if self._lock:
            self._lock.release(closed=True)


@contextmanager
def _within(connection: sqlite3.Connection, seconds: float | None) -> Iterator[None]:
    """Interrupt what runs longer: an old snapshot keeps the log from being taken into the file."""
    if seconds is None:
        yield
        return
    until = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > until, LOOK_EVERY_STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


def _told(error: BaseException) -> BaseException:
    """What became of a transaction, for whoever asked for it."""
    if isinstance(error, TransactionGone):
        return error.cause
    return translated(error) if isinstance(error, sqlite3.Error) else error


class _SqliteRelaySession:
    """Leads because nobody else can write this file."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    async def lead(self, role: str) -> bool:
        return True

    async def write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        return await self._store.relay_write(job)

    async def hold(self) -> None:
        """Nobody can take it."""

    async def close(self) -> None:
        """Nothing is held."""
