"""What search needs of an engine, whether it lives in this process or is a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tradepost.kernel.ids import ProductId, TenantId
from tradepost.search.domain import SearchDocument, SearchPage, SearchQuery, Suggestion


class SearchEngine(Protocol):
    """An index that is fed from the event log, and can be thrown away and fed again.

    The feeder indexes and removes what a batch of facts changed, then advances to the number of
    the batch's last fact. Changes and position become lasting and visible together, at the latest
    a commit interval later; after a crash the feeder goes on from :meth:`position`, and documents
    it sends again change nothing. One process of a node feeds; any number of them search.
    """

    async def index(self, documents: Sequence[SearchDocument]) -> None:
        """Take these documents in; an older ``seq`` than the one indexed is ignored."""
        ...

    async def remove(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None:
        """Let these products be found no more; unknown ones are ignored."""
        ...

    async def forget(self, tenant_id: TenantId) -> None:
        """Remove all that a tenant has here."""
        ...

    async def advance(self, position: int) -> None:
        """Everything up to the fact of this number has been handed over."""
        ...

    async def flush(self) -> None:
        """Make what was handed over lasting and visible now, instead of within the interval."""
        ...

    async def position(self) -> int:
        """The number of the last fact whose effect is lasting; 0 for an empty index."""
        ...

    async def document(self, tenant_id: TenantId, product_id: ProductId) -> SearchDocument | None:
        """The product as it was last handed over, committed or not."""
        ...

    async def documents(
        self, tenant_id: TenantId, product_ids: Sequence[ProductId]
    ) -> dict[ProductId, SearchDocument]:
        """Those of these products that there are, as they were last handed over."""
        ...

    async def search(self, query: SearchQuery) -> SearchPage:
        """One page of what matches, best first or in the order asked for.

        Raises :class:`SearchTooSlow` when the engine's time limit passes.
        """
        ...

    async def suggest(
        self, tenant_id: TenantId, prefix: str, limit: int = 8
    ) -> tuple[Suggestion, ...]:
        """Titles on sale that complete what has been typed, best first, each once."""
        ...

    async def drop(self) -> None:
        """Throw the whole index away; :meth:`position` is 0 afterwards."""
        ...

    async def close(self) -> None:
        """Commit what is waiting and let go of the index."""
        ...
