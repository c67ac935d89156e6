"""The one writer of an index: replaces, deletes and commits, in a thread of its own."""

from __future__ import annotations

from typing import Final

from tantivy import IndexWriter

from tradepost.search.domain import SearchDocument
from tradepost.search.errors import IndexBusy
from tradepost.search.gateway import reading
from tradepost.search.gateway.changes import Changes
from tradepost.search.gateway.opening import OpenIndex
from tradepost.search.gateway.schema import (
    POSITION_KEY,
    TenantTerms,
    position_entry,
    product_key,
    to_entry,
)

WRITER_HEAP_BYTES: Final = 32_000_000
"""Enough for a commit of as many products as wait at most: a segment less to read for each."""


class Writer:
    """The one writer of an index, opened with the first change; all its methods block."""

    def __init__(self, opened: OpenIndex) -> None:
        self._opened = opened
        self._writer: IndexWriter | None = None

    def write(self, changes: Changes) -> None:
        """Commit the changes and their position together, and show them.

        Raises :class:`IndexBusy` when another process holds the writer.
        """
        writer = self._open()
        try:
            for tenant_id in changes.forgotten:
                writer.delete_documents_by_term("scope", TenantTerms(tenant_id).tenant)
            for key, product in changes.products.items():
                self._replace(writer, product_key(*key), product)
            if changes.position is not None:
                writer.delete_documents_by_term("key", POSITION_KEY)
                writer.add_document(position_entry(changes.position))
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        self._opened.reload()

    def _replace(self, writer: IndexWriter, key: str, product: SearchDocument | None) -> None:
        if product is not None and product.seq < reading.sequence(self._opened.searcher(), key):
            return
        writer.delete_documents_by_term("key", key)
        if product is not None:
            writer.add_document(to_entry(product))

    def clear(self) -> None:
        """Delete everything; other processes see it with this commit."""
        writer = self._open()
        writer.delete_all_documents()
        writer.commit()
        self._opened.reload()

    def close(self) -> None:
        """Wait for merges under way and give up the writer's lock."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _open(self) -> IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._opened.index.writer(WRITER_HEAP_BYTES, 1)
            except ValueError as problem:
                if "lock" not in str(problem).lower():
                    raise
                raise IndexBusy(str(self._opened.directory)) from problem
            self._opened.leave_older_formats()
        return self._writer
