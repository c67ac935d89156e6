"""Feeds the search index from the event log: facts say which products to look at anew.

The index remembers how far it has read, so it goes on after a restart, and is made anew by
dropping it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from tradepost.events.catalog import (
    CategoryArchived,
    CategoryCreated,
    CategoryUpdated,
    PriceUpdated,
    ProductArchived,
    ProductCreated,
    ProductsRetitled,
    ProductUpdated,
)
from tradepost.events.inventory import InventoryUpdated
from tradepost.kernel.ids import ProductId, TenantId
from tradepost.kernel.messages import Told
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.facts import FactBook
from tradepost.platform.relay.log import Logged, after
from tradepost.search.domain import SearchDocument
from tradepost.search.ports import SearchEngine
from tradepost.wiring.search_documents import Touched, search_documents, touched_products
from tradepost.wiring.search_levels import KnownLevels

FACTS_A_STEP_MAX = 2000
IDLE_S = 0.25
"""How long a feeder rests after each look: what changes often meanwhile is indexed once."""
ReadLog = Callable[[int, int], Awaitable[list[Logged]]]
"""Reads at most so many facts that follow a number."""
_FACTS = (
    ProductCreated,
    ProductUpdated,
    ProductArchived,
    ProductsRetitled,
    PriceUpdated,
    CategoryCreated,
    CategoryUpdated,
    CategoryArchived,
    InventoryUpdated,
)


class SearchFeed:
    """Follows the log for the index of this node: a :class:`Follower` of the worker."""

    name = "search"
    facts = frozenset(fact.name for fact in _FACTS)

    def __init__(self, store: Store, engine: SearchEngine, read_log: ReadLog | None = None) -> None:
        self._store = store
        self._engine = engine
        self._read_log = read_log or self._from_store
        self._book = FactBook(_FACTS)
        self._reached: int | None = None
        self._levels = KnownLevels()

    async def position(self) -> int:
        """How far the index has read."""
        return await self._engine.position()

    async def take(self, told: Sequence[Told[Any]], reached: int) -> None:
        """Look at what the facts changed, and index it as it stands."""
        found: dict[TenantId, Touched] = defaultdict(Touched)
        for one in told:
            _note(found[one.tenant_id], one, self._levels)
        try:
            for tenant_id, touched in found.items():
                await self._index(tenant_id, touched)
            await self._engine.advance(reached)
        except BaseException:  # the same facts come again, and are to be news then
            self._levels.forget()
            raise
        self._reached = reached

    async def step(self, read_log: ReadLog | None = None) -> int:
        """Take the next facts in; how many the log held of them."""
        if self._reached is None:
            self._reached = await self._engine.position()
        rows = await (read_log or self._read_log)(self._reached, FACTS_A_STEP_MAX)
        if rows:
            wanted = [row for row in rows if row.name in self.facts]
            await self.take([row.told(self._book) for row in wanted], rows[-1].seq)
        return len(rows)

    async def catch_up(self) -> None:
        """Read the log to its end, and make what was read findable."""
        while await self.step(self._from_store):
            pass
        await self._engine.flush()

    async def rebuild(self) -> None:
        """Throw the index away and make it anew from the log."""
        await self._engine.drop()
        self._reached = 0
        self._levels.forget()
        await self.catch_up()

    async def _index(self, tenant_id: TenantId, touched: Touched) -> None:
        if touched.is_nothing:
            return

        async def look(db: Reader) -> tuple[dict[ProductId, int], list[SearchDocument]]:
            seqs = await touched_products(db, touched)
            return seqs, await search_documents(db, tenant_id, seqs, touched.created)

        seqs, documents = await self._store.read(tenant_id, look)
        before = await self._engine.documents(tenant_id, list(seqs.keys() - touched.created.keys()))
        looked = (_anew(one, before.get(one.product_id)) for one in documents)
        await self._engine.index([one for one in looked if one is not None])
        gone = seqs.keys() - {one.product_id for one in documents}
        await self._engine.remove(tenant_id, list(gone))

    async def _from_store(self, position: int, limit: int) -> list[Logged]:
        return await self._store.relay_read(partial(after, seq=position, limit=limit))


def _anew(document: SearchDocument, before: SearchDocument | None) -> SearchDocument | None:
    """The document with the age it had before, unless it has only now come to be; none if it is
    there as it stands, as after most orders, which leave something in stock."""
    if before is None:
        return document
    aged = replace(document, created_seq=before.created_seq)
    return None if replace(aged, seq=before.seq) == before else aged


def _note(touched: Touched, told: Told[Any], levels: KnownLevels) -> None:
    fact, seq = told.fact, told.seq
    match fact:
        case ProductCreated() | ProductUpdated() | ProductArchived():
            touched.products[fact.product_id] = seq
            if isinstance(fact, ProductCreated):
                touched.created[fact.product_id] = seq
        case ProductsRetitled() | PriceUpdated():
            touched.products |= {one.product_id: seq for one in fact.products}
        case InventoryUpdated():
            news = [one for one in fact.levels if levels.is_news(told.tenant_id, one)]
            touched.variants |= {level.variant_id: seq for level in news}
        case CategoryCreated() | CategoryUpdated() | CategoryArchived():
            touched.categories[fact.category_id] = seq
