"""Files in a folder of this machine: one folder a tenant, opened part by part from the root.

Each part is opened relative to the one before, and none may be a symbolic link, so that no key, no
link and no race between looking and opening leads out of the folder.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from shutil import copyfileobj
from uuid import uuid4

from tradepost.kernel.ids import TenantId
from tradepost.platform.storage.port import (
    CHUNK_BYTES,
    NoSuchFile,
    OpenFile,
    StoreAway,
    checked_key,
)

_STEP = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class FolderStore:
    """Answers ``FileStore`` from a folder, which is made when something is put into it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def open(
        self, tenant_id: TenantId, key: str, start: int = 0, length: int | None = None
    ) -> OpenFile:
        """A file of the tenant's folder."""
        parts = (str(tenant_id), *checked_key(key).split("/"))
        number = await asyncio.to_thread(_opened, self._root, parts)
        return _OpenedFile(number, start, length)

    async def put(self, tenant_id: TenantId, key: str, source: Path, sha256: str) -> None:
        """Copy the file beside its place, and move it there when it is whole and on the disk."""
        parts = (str(tenant_id), *checked_key(key).split("/"))
        try:
            await asyncio.to_thread(_put, self._root, parts, source)
        except OSError as error:
            raise StoreAway() from error

    async def close(self) -> None:
        """Nothing is held between calls."""


class _OpenedFile:
    """A file by its number, closed at the latest when nobody knows it any more."""

    def __init__(self, number: int, start: int, length: int | None) -> None:
        self._file = os.fdopen(number, "rb", buffering=0)
        self.size = os.fstat(number).st_size
        self._start = start
        self._end = self.size if length is None else min(self.size, start + length)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Read in a thread: a disk may be slow."""
        place = self._start
        while place < self._end:
            want = min(CHUNK_BYTES, self._end - place)
            piece = await asyncio.to_thread(os.pread, self._file.fileno(), want, place)
            if not piece:
                raise StoreAway()
            place += len(piece)
            yield piece

    async def close(self) -> None:
        """Close the file."""
        self._file.close()


def _opened(root: Path, parts: tuple[str, ...]) -> int:
    """The number of a regular file, reached without a link."""
    *folders, name = parts
    try:
        at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for folder in folders:
            at = _down(at, folder)
        try:
            number = os.open(name, _READ, dir_fd=at)
        finally:
            os.close(at)
    except OSError as error:
        raise NoSuchFile("/".join(parts)) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise NoSuchFile("/".join(parts))
    return number


def _down(at: int, folder: str) -> int:
    """The number of a folder in a folder, whose own number is closed."""
    try:
        return os.open(folder, _STEP, dir_fd=at)
    finally:
        os.close(at)


def _put(root: Path, parts: tuple[str, ...], source: Path) -> None:
    *folders, name = parts
    root.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for folder in folders:
        with suppress(FileExistsError):
            os.mkdir(folder, _PRIVATE_FOLDER, dir_fd=at)
        at = _down(at, folder)
    passing = f".{uuid4().hex}"  # no key begins with a point
    try:
        number = os.open(passing, _WRITE, _PRIVATE_FILE, dir_fd=at)
        try:
            with os.fdopen(number, "wb") as target, source.open("rb") as given:
                copyfileobj(given, target, CHUNK_BYTES)
                target.flush()
                os.fsync(target.fileno())
            os.rename(passing, name, src_dir_fd=at, dst_dir_fd=at)
        except OSError:
            with suppress(OSError):
                os.unlink(passing, dir_fd=at)
            raise
        os.fsync(at)
    finally:
        os.close(at)
