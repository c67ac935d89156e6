"""An index's directory: made whole or not at all, opened by many, seen at its last commit."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock
from typing import Final

from tantivy import Index, Searcher

from tradepost.search.errors import IndexUnreadable
from tradepost.search.gateway.schema import FORMAT, SCHEMA

_CATALOGUE: Final = "meta.json"
"""The file that names an index's segments; tantivy replaces it with each commit."""
_BLOCK_BYTES: Final = 2048
"""Products are kept in blocks that are packed and unpacked whole; a page is of many blocks."""


class OpenIndex:
    """An index and its newest committed state, whichever process committed it.

    ``directory`` None keeps the index in memory. Raises :class:`IndexUnreadable` when the
    directory holds broken files.
    """

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self._home = directory and directory / f"format-{FORMAT}"
        self.index = Index(SCHEMA) if self._home is None else _open(self._home)
        self._catalogue = None if self._home is None else str(self._home / _CATALOGUE)
        self._seen: object = None
        self._reloading = Lock()
        # tantivy's own watcher is a thread that looks twice a second, and may put a state that it
        # began to load earlier over a newer one; asking the file before a search is exact.
        self.index.config_reader("manual")
        self.index.reload()

    def searcher(self) -> Searcher:
        """A view of one state, which stays as it is however long it is used."""
        if self._catalogue is not None:
            self._look(self._catalogue)
        return self.index.searcher()

    def _look(self, catalogue: str) -> None:
        try:
            status = os.stat(catalogue)  # noqa: PTH116  for each search, and a Path takes longer
        except OSError as problem:
            raise IndexUnreadable(str(self._home), str(problem)) from problem
        now = (status.st_mtime_ns, status.st_ino)
        if now != self._seen:
            with self._reloading:
                self.index.reload()
                self._seen = now

    def reload(self) -> None:
        """See what this process has just committed."""
        with self._reloading:
            self.index.reload()

    def leave_older_formats(self) -> None:
        """Delete what an earlier release of the product kept beside this index."""
        if self.directory is not None and self._home is not None:
            for other in self.directory.glob("format-*"):
                if other != self._home:
                    rmtree(other, ignore_errors=True)


def _open(home: Path) -> Index:
    try:
        if not home.exists():
            _create(home)
        return Index.open(str(home))
    except (ValueError, OSError) as problem:
        raise IndexUnreadable(str(home), str(problem)) from problem


def _create(home: Path) -> None:
    """Made aside and renamed, so that of two processes starting at once one wins, whole."""
    home.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(prefix="new-", dir=home.parent))
    Index(SCHEMA, str(aside))
    _set_block_size(aside / _CATALOGUE)
    with suppress(OSError):
        aside.rename(home)
        return
    rmtree(aside, ignore_errors=True)


def _set_block_size(catalogue: Path) -> None:
    """What tantivy lets an index be made with, and its Python binding leaves at 16 kB."""
    made = json.loads(catalogue.read_text())
    made["index_settings"]["docstore_blocksize"] = _BLOCK_BYTES
    catalogue.write_text(json.dumps(made))


def discard(directory: Path) -> None:
    """Delete an index's files, for one that cannot be opened any more; nobody may be using it."""
    rmtree(directory, ignore_errors=True)
