"""A SQLite file: how it is connected to, and what is looked at before it is trusted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tradepost.platform.db.errors import LogMissing, StoreDamaged, StoreMissing

CACHED_STATEMENTS = 1024
BUSY_TIMEOUT_MS = 5000
WRITER_CACHE_KIB = 32_000
READER_CACHE_KIB = 8_000
"""There are several readers, and the pages they share lie in the cache of the machine, too."""
FAULTS_SHOWN_MAX = 5


def connect(
    path: Path | None, *, read_only: bool = False, synchronous: str = "FULL"
) -> sqlite3.Connection:
    """A connection to a file, or to memory without a path; WAL, and foreign keys held.

    :raises StoreMissing: if it is to be read and is not there.
    """
    if path and read_only and not path.exists():
        raise StoreMissing(str(path))
    target = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}" if path else None
    connection = sqlite3.connect(
        target or ":memory:",
        uri=target is not None,
        isolation_level=None,
        cached_statements=CACHED_STATEMENTS,
        check_same_thread=False,
    )
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size=-{READER_CACHE_KIB if read_only else WRITER_CACHE_KIB}")
    if not read_only:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")  # from here on the write-ahead log lies beside the file
    return connection


def check_after_crash(path: Path) -> None:
    """Look closely at a store whose last writer died; a clean end needs no look.

    SQLite repairs what a dying process leaves, as long as its write-ahead log lies beside it.

    :raises LogMissing: if the log is gone, and with it the last commits.
    :raises StoreDamaged: if the pages do not hold together.
    """
    if not path.exists():
        return
    if not path.with_name(f"{path.name}-wal").exists():
        raise LogMissing(str(path))
    # a connection that may write would take the log into the file when it is closed, and so
    # leave a file without its log to whoever looks next
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            said = [row[0] for row in connection.execute(f"PRAGMA quick_check({FAULTS_SHOWN_MAX})")]
        except sqlite3.DatabaseError as error:
            said = [str(error)]
    if said != ["ok"]:
        raise StoreDamaged(str(path), "; ".join(said))
