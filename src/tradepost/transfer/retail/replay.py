"""The replay itself: documents in file order, in chunks, each booked whole or not at all.

What is booked is asked of the store, never remembered: killed at any moment and started again, the
replay passes over what is there and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from tradepost.kernel.clock import EPOCH
from tradepost.kernel.errors import Refusal
from tradepost.transfer.retail.days import DayEnd, day_of
from tradepost.transfer.retail.documents import Document
from tradepost.transfer.retail.stock import Receipt, StockBook
from tradepost.transfer.retail.tally import FileTally

LINES_PER_CHUNK = 1500
"""How many lines are booked in one transaction: enough to share its cost, few enough to answer."""


class Desk(Protocol):
    """Who books documents: the same commands that a shopper's or a clerk's request takes."""

    async def booked(self, documents: Sequence[Document]) -> set[str]:
        """The invoices among these that are booked already."""
        ...

    async def register(self, documents: Sequence[Document]) -> None:
        """Make the articles and customers of these documents known, where they are not."""
        ...

    async def shelves(self, sku_keys: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Units free to sell and units ever received, by folded SKU."""
        ...

    async def book(self, documents: Sequence[Document], receipts: Sequence[Receipt]) -> None:
        """Book the documents with the receipts before them, in one transaction."""
        ...

    async def end_day(self, day: DayEnd) -> None:
        """Take over the day's last titles and prices; once, however often it is asked."""
        ...


@dataclass(slots=True)
class Progress:
    """How far the replay is; told after every chunk."""

    documents: int = 0
    lines: int = 0
    passed_over: int = 0
    reached: datetime | None = None


@dataclass(slots=True)
class Replay:
    """One run over a file's documents and days."""

    desk: Desk
    watch: Callable[[Progress], None]
    tally: FileTally = field(default_factory=FileTally)
    progress: Progress = field(default_factory=Progress)
    _first: datetime | None = None
    _last: datetime | None = None
    _book: StockBook = field(default_factory=StockBook)
    _chunk: list[Document] = field(default_factory=list)
    _chunk_lines: int = 0

    async def run(self, stream: Iterable[Document | DayEnd]) -> None:
        """Book everything; what was whole before the file broke off is booked before it is told.

        :raises Refusal: of the file, with the line it is in, or of a document.
        """
        try:
            for item in stream:
                if isinstance(item, DayEnd):
                    await self._flush()
                    await self.desk.end_day(item)
                else:
                    await self._take(item)
        except Refusal:
            await self._flush()
            raise
        await self._flush()

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last local day that documents were opened on."""
        return day_of(self._first or EPOCH), day_of(self._last or EPOCH)

    async def _take(self, document: Document) -> None:
        self.tally.add(document)
        self._first = self._first or document.opened_at
        self._last = document.opened_at
        self._chunk.append(document)
        self._chunk_lines += len(document.lines)
        if self._chunk_lines >= LINES_PER_CHUNK:
            await self._flush()

    async def _flush(self) -> None:
        """Book the chunk. It is let go of first, so that a refused one is not tried again."""
        chunk, self._chunk, self._chunk_lines = self._chunk, [], 0
        if not chunk:
            return
        done = await self.desk.booked(chunk)
        fresh = [document for document in chunk if document.invoice not in done]
        if fresh:
            await self._book_fresh(fresh)
        self.progress.documents += len(chunk)
        self.progress.lines += sum(len(document.lines) for document in chunk)
        self.progress.passed_over += len(chunk) - len(fresh)
        self.progress.reached = chunk[-1].opened_at
        self.watch(self.progress)

    async def _book_fresh(self, fresh: Sequence[Document]) -> None:
        await self.desk.register(fresh)
        unknown = sorted({key for document in fresh for key in self._book.unknown(document)})
        for sku_key, (available, received) in (await self.desk.shelves(unknown)).items():
            self._book.load(sku_key, available, received)
        receipts = [receipt for document in fresh for receipt in self._book.plan(document)]
        await self.desk.book(fresh, receipts)
