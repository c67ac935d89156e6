"""What can go wrong with a store, in words that do not depend on the driver."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Conflict, Unavailable


class StoreError(Exception):
    """The store could not do what was asked."""


class DuplicateKey(StoreError):
    """A row with this unique key is there already; ``constraint`` names the key."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class RuleBroken(StoreError):
    """A constraint of the schema would be broken: a defect of ours, never the caller's fault."""


class TryAgain(StoreError):
    """Deadlock, serialization failure or lock time-out: the whole command may be repeated."""


class TransactionGone(StoreError):
    """The store has undone the whole transaction of its own accord; ``cause`` says why.

    No refusal, so that nobody in the middle of a work takes it for an answer to one of many
    commands and goes on without a transaction.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class OutcomeUnknown(StoreError):
    """The connection broke; only a command with a key may be repeated."""


@dataclass(eq=False)
class StoreBusy(Unavailable):
    """The store cannot take this now: {why}.

    Send the same request with the same key again after {retry_after_s} seconds.
    """

    why: str
    retry_after_s: int = 1


@dataclass(eq=False)
class StoreFull(Unavailable):
    """The disk of the store is full; nothing was changed, and reading goes on.

    Send the same request with the same key again when there is room, at the earliest after
    {retry_after_s} seconds.
    """

    retry_after_s: int = 60


@dataclass(eq=False)
class StoreInUse(Unavailable):
    """{path} is already written to by process {pid}.

    Stop that process first. While it serves, the command line hands most writes to it.
    """

    path: str
    pid: int


@dataclass(eq=False)
class StoreMissing(Unavailable):
    """There is no store at {path}.

    Check TRADEPOST_DATA_DIR, or make a store with: tradepost migrate
    """

    path: str


@dataclass(eq=False)
class StoreReadOnly(Unavailable):
    """The store {path} was opened for reading only.

    Hand writes to the process that serves the store.
    """

    path: str


@dataclass(eq=False)
class LogMissing(Unavailable):
    """The last writer of {path} died, and the write-ahead log {path}-wal is gone.

    Its last commits are missing: put the log back, or restore a backup. If another program closed
    the store after the crash, as the sqlite3 shell does, nothing is missing: delete {path}.lock
    and start again.
    """

    path: str


@dataclass(eq=False)
class StoreDamaged(Unavailable):
    """The store {path} is damaged: {faults}

    Restore a backup. Until then keep the file and what lies beside it, and write nothing to it.
    """

    path: str
    faults: str


@dataclass(eq=False)
class SchemaBehind(Unavailable):
    """The store is at schema {found}, this version needs {needed}.

    Run: tradepost migrate
    """

    found: str
    needed: str


@dataclass(eq=False)
class RoleUnsafe(Unavailable):
    """The database role {role} {fault}.

    Let tradepost migrate make the roles, and connect as the ones it made.
    """

    role: str
    fault: str


@dataclass(eq=False)
class AlreadyThere(Conflict):
    """Something with the same unique value is there already ({key}).

    Choose another value, or look up and change the one that has it.
    """

    key: str
