"""The port answered by tantivy: one index for all tenants of a node, fed by one process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

from tradepost.kernel.ids import ProductId, TenantId
from tradepost.search.domain import SearchDocument, SearchPage, SearchQuery, Suggestion
from tradepost.search.errors import SearchTooSlow
from tradepost.search.gateway import reading
from tradepost.search.gateway.changes import Changes
from tradepost.search.gateway.opening import OpenIndex, discard
from tradepost.search.gateway.writing import Writer

T = TypeVar("T")
_log = logging.getLogger(__name__)

MOST_WAITING: Final = 2_000
"""So many changed products are committed at once, whatever the interval: they wait in memory."""
SEARCH_THREADS: Final = 2


class TantivySearch:
    """Searches and feeds one index; its work runs in threads of its own, off the event loop.

    ``commit_interval_s`` bounds how long a change waits for others to share its commit with;
    ``time_limit_s`` how long a search may wait and run before its asker is let go.
    """

    def __init__(
        self,
        opened: OpenIndex,
        commit_interval_s: float = 1.0,
        time_limit_s: float = 1.0,
    ) -> None:
        self._opened = opened
        self._writer = Writer(opened)
        self._commit_interval_s = commit_interval_s
        self._time_limit_s = time_limit_s
        self._waiting, self._under_way = Changes(), Changes()
        self._committing = asyncio.Lock()
        self._due: asyncio.Task[None] | None = None
        self._searches = ThreadPoolExecutor(SEARCH_THREADS, "search")
        self._writes = ThreadPoolExecutor(1, "search-writer")

    @classmethod
    async def open(
        cls, directory: Path | None, commit_interval_s: float = 1.0, time_limit_s: float = 1.0
    ) -> TantivySearch:
        """Open the index kept in a directory; None keeps it in memory, to be thrown away.

        Raises :class:`IndexUnreadable`; see :meth:`discard`.
        """
        opened = await asyncio.to_thread(OpenIndex, directory)
        return cls(opened, commit_interval_s, time_limit_s)

    @staticmethod
    async def discard(directory: Path) -> None:
        """Delete the files of an index that cannot be opened any more; nobody may use it."""
        await asyncio.to_thread(discard, directory)

    async def index(self, documents: Sequence[SearchDocument]) -> None:
        for product in documents:
            self._waiting.put(product)
        await self._changed()

    async def remove(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None:
        self._waiting.products |= {(tenant_id, product_id): None for product_id in product_ids}
        await self._changed()

    async def forget(self, tenant_id: TenantId) -> None:
        self._waiting.forget(tenant_id)
        await self._changed()

    async def advance(self, position: int) -> None:
        self._waiting.position = position
        await self._changed()

    async def flush(self) -> None:
        async with self._committing:
            if not self._waiting:
                return
            changes, self._waiting = self._waiting, Changes()
            self._under_way = changes
            try:
                await self._in(self._writes, lambda: self._writer.write(changes))
            except BaseException:
                self._waiting = changes.followed_by(self._waiting)
                raise
            finally:
                self._under_way = Changes()

    async def position(self) -> int:
        return await self._in(self._searches, lambda: reading.position(self._opened.searcher()))

    async def document(self, tenant_id: TenantId, product_id: ProductId) -> SearchDocument | None:
        """One of :meth:`documents`."""
        return (await self.documents(tenant_id, [product_id])).get(product_id)

    async def documents(
        self, tenant_id: TenantId, product_ids: Sequence[ProductId]
    ) -> dict[ProductId, SearchDocument]:
        found: dict[ProductId, SearchDocument] = {}
        kept: list[ProductId] = []
        for product_id in product_ids:
            for changes in (self._waiting, self._under_way):
                if (tenant_id, product_id) in changes.products:
                    handed = changes.products[tenant_id, product_id]
                    if handed is not None:
                        found[product_id] = handed
                    break
                if tenant_id in changes.forgotten:
                    break
            else:
                kept.append(product_id)
        if kept:
            found |= await self._in(self._searches, lambda: self._kept(tenant_id, kept))
        return found

    def _kept(
        self, tenant_id: TenantId, product_ids: Sequence[ProductId]
    ) -> dict[ProductId, SearchDocument]:
        searcher = self._opened.searcher()
        looked = ((one, reading.product(searcher, tenant_id, one)) for one in product_ids)
        return {product_id: product for product_id, product in looked if product is not None}

    async def search(self, query: SearchQuery) -> SearchPage:
        return await self._bounded(lambda: reading.answer(self._opened, query))

    async def suggest(
        self, tenant_id: TenantId, prefix: str, limit: int = 8
    ) -> tuple[Suggestion, ...]:
        return await self._bounded(lambda: reading.complete(self._opened, tenant_id, prefix, limit))

    async def drop(self) -> None:
        async with self._committing:
            self._waiting = Changes()
            await self._in(self._writes, self._writer.clear)

    async def close(self) -> None:
        if self._due is not None:
            self._due.cancel()
        await self.flush()
        await self._in(self._writes, self._writer.close)
        self._searches.shutdown()
        self._writes.shutdown()

    async def _changed(self) -> None:
        """Commit what would take too much memory; see that the rest is committed in time."""
        if len(self._waiting.products) >= MOST_WAITING:
            await self.flush()
        elif self._due is None or self._due.done():
            self._due = asyncio.create_task(self._commit_when_due())

    async def _commit_when_due(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._commit_interval_s)
            try:
                await self.flush()
            except Exception:
                # The changes still wait; the next round, or the feeder's own flush, tries again.
                _log.exception("search index not committed")

    async def _bounded(self, work: Callable[[], T]) -> T:
        """The engine cannot be stopped half-way, but each search is small; its asker goes first."""
        try:
            return await asyncio.wait_for(self._in(self._searches, work), self._time_limit_s)
        except TimeoutError:
            raise SearchTooSlow(round(self._time_limit_s * 1000)) from None

    @staticmethod
    async def _in(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, work)
