"""One process writes a SQLite store: a locked file beside it says which."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from tradepost.platform.db.errors import StoreInUse

_OPEN = "open"


class LockFile:
    """An advisory lock that the kernel gives back when the process dies, however it dies.

    It holds the number of the process, and the word ``open`` from the moment at which the store's
    write-ahead log is there until the store is closed: whoever finds the word knows of a crash.
    """

    def __init__(self, path: Path, *, of: Path) -> None:
        self.path = path
        self._of = of
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Take the lock; whether the last holder died with the store open.

        :raises StoreInUse: with the number of the process that holds it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            with file:
                raise StoreInUse(str(self._of), int(_said(file)[0] or 0)) from None
        self._file = file
        _, word = _said(file)
        self._write(f"{os.getpid()}\n{word}")
        return word == _OPEN

    def mark_open(self) -> None:
        """The store is open from now on."""
        self._write(f"{os.getpid()}\n{_OPEN}")

    def release(self, *, closed: bool) -> None:
        """Give the lock back; ``closed`` says that the store was closed in good order."""
        if self._file is not None:
            if closed:
                self._write("")
            self._file.close()
            self._file = None

    def _write(self, text: str) -> None:
        assert self._file is not None
        self._file.truncate(0)
        self._file.write(text)
        self._file.flush()


def _said(file: IO[str]) -> tuple[str, str]:
    file.seek(0)
    number, _, word = file.read().partition("\n")
    return number.strip(), word.strip()
