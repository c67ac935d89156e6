"""Files of digital articles, taken in, found and sent; nothing of it in a transaction."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import structlog

from tradepost.fulfillment.domain.digital import DigitalFile, StoredFile
from tradepost.fulfillment.errors import BadFile, FileMissing, FileNotStored, UploadsRunning
from tradepost.kernel.ids import TenantId
from tradepost.platform.storage import FileStore, NoSuchFile, OpenFile, StoreAway

UPLOADS_MAX = 8
"""Files that a process takes in at once."""
GATHERED_BYTES = 1_048_576
"""So much of an upload is hashed and written at once, off the loop."""
_log = structlog.get_logger("tradepost.files")


@dataclass(slots=True)
class _Uploads:
    running: int = 0


class FileDesk:
    """Between those who bring and fetch files and the store where they lie.

    Uploads wait in the folder ``incoming`` until they are whole, and are kept by their SHA-256:
    what is there already is never overwritten with something else.
    """

    def __init__(self, store: FileStore, incoming: Path) -> None:
        self._store = store
        self._incoming = incoming
        self._uploads = _Uploads()

    async def take_in(self, tenant_id: TenantId, pieces: AsyncIterator[bytes]) -> StoredFile:
        """Keep an upload.

        :raises BadFile: if there is nothing in it.
        :raises UploadsRunning: if too many come at once.
        :raises StoreAway: if the store does not take it.
        """
        if self._uploads.running >= UPLOADS_MAX:
            raise UploadsRunning()
        self._uploads.running += 1
        try:
            return await self._kept(tenant_id, pieces)
        finally:
            self._uploads.running -= 1

    async def find(self, tenant_id: TenantId, key: str) -> StoredFile:
        """A file that somebody put into the store, read once from end to end.

        :raises FileNotStored: if there is none of that key.
        """
        try:
            found = await self._store.open(tenant_id, key)
        except NoSuchFile as error:
            raise FileNotStored(key) from error
        whole, size = hashlib.sha256(), 0
        try:
            async for piece in found.chunks():
                await asyncio.to_thread(whole.update, piece)
                size += len(piece)
        finally:
            await found.close()
        if not size:
            raise BadFile("key", "names an empty file")
        return StoredFile(key, size, whole.hexdigest())

    async def open(
        self, tenant_id: TenantId, file: DigitalFile, start: int, length: int
    ) -> OpenFile:
        """Bytes of an article's file, if it is the one that was put in place.

        :raises FileMissing: if it is not there, or another.
        """
        try:
            found = await self._store.open(tenant_id, file.key, start, length)
        except NoSuchFile as error:
            _log.error("a file is missing", file_id=str(file.id))
            raise FileMissing() from error
        except StoreAway as error:
            raise FileMissing(error.retry_after_s) from error
        if found.size != file.size:
            await found.close()
            _log.error("a file has another size", file_id=str(file.id))
            raise FileMissing()
        return found

    async def _kept(self, tenant_id: TenantId, pieces: AsyncIterator[bytes]) -> StoredFile:
        await asyncio.to_thread(os.makedirs, self._incoming, 0o700, True)
        with NamedTemporaryFile(dir=self._incoming, prefix="upload-") as passing:
            whole, size = hashlib.sha256(), 0
            async for block in _blocks(pieces):
                await asyncio.to_thread(_take, block, whole, passing)
                size += len(block)
            if not size:
                raise BadFile("file", "is empty")
            await asyncio.to_thread(passing.flush)
            key = f"sha256/{whole.hexdigest()}"
            await self._store.put(tenant_id, key, Path(passing.name), whole.hexdigest())
        return StoredFile(key, size, whole.hexdigest())


def _take(block: bytes, whole: Any, passing: Any) -> None:
    whole.update(block)
    passing.write(block)


async def _blocks(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces gathered into larger ones."""
    block = bytearray()
    async for piece in pieces:
        block += piece
        if len(block) >= GATHERED_BYTES:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)
