"""Plans the receipts that keep stock at or above zero, for trade whose purchases nobody wrote."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from tradepost.transfer.retail.documents import Document
from tradepost.transfer.retail.kinds import LineKind

LEAST_RECEIPT_UNITS = 48
"""No receipt is smaller: four dozen, so that a new article is not bought in by the piece."""

_TAKES = (LineKind.SALE, LineKind.WRITE_OFF)
_GIVES = (LineKind.RETURN, LineKind.FOUND)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Goods that must be booked in before a document; ``(invoice, sku_key)`` is its key.

    ``line_number`` is the document's first line that takes of the article.
    """

    invoice: str
    sku_key: str
    quantity: int
    instant: datetime
    line_number: int


@dataclass(slots=True)
class _Shelf:
    available: int
    ever_received: int


class StockBook:
    """What lies on the shelf after each document, article by article.

    Begin with what the store says, ask in the order of the file, and book what is planned before
    the document it is planned for::

        for sku_key in book.unknown(document):
            book.load(sku_key, available, ever_received)
        receipts = book.plan(document)

    An article is loaded when it is first met, so a book that starts anew behind any document
    plans the same receipts as one that saw the whole file. It also starts well between a receipt
    and its document: the units are there already, and nothing more is planned.
    """

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}

    def known(self, sku_key: str) -> bool:
        """Whether the article has been loaded."""
        return sku_key in self._shelves

    def unknown(self, document: Document) -> tuple[str, ...]:
        """The articles that must be loaded before the document is planned, sorted."""
        moved = {line.sku_key for line in document.of(*_TAKES, *_GIVES)}
        return tuple(sorted(sku_key for sku_key in moved if sku_key not in self._shelves))

    def load(self, sku_key: str, available: int, ever_received: int) -> None:
        """Take over units free to sell and units received so far, returns and finds left out."""
        assert available >= 0 <= ever_received, "the store never goes below zero"
        self._shelves[sku_key] = _Shelf(available, ever_received)

    def available(self, sku_key: str) -> int:
        """Units on the shelf after all documents planned so far."""
        return self._shelves[sku_key].available

    def plan(self, document: Document) -> tuple[Receipt, ...]:
        """The receipts that must come before the document, sorted by article; then moves on.

        All lines of an article count together, so there is one receipt an article at most. What
        the document gives is counted after what it takes, so that the order in which its parts
        are booked does not matter.
        """
        takes, gives = _units(document, _TAKES), _units(document, _GIVES)
        receipts = tuple(
            self._receive(document, sku_key, takes[sku_key])
            for sku_key in sorted(takes)
            if takes[sku_key] > self._shelves[sku_key].available
        )
        for sku_key in takes.keys() | gives.keys():
            shelf = self._shelves[sku_key]
            shelf.available += gives[sku_key] - takes[sku_key]
        return receipts

    def _receive(self, document: Document, sku_key: str, needed: int) -> Receipt:
        shelf = self._shelves[sku_key]
        units = max(needed - shelf.available, shelf.ever_received, LEAST_RECEIPT_UNITS)
        shelf.available += units
        shelf.ever_received += units
        first = next(line for line in document.of(*_TAKES) if line.sku_key == sku_key)
        return Receipt(document.invoice, sku_key, units, document.opened_at, first.line_number)


def _units(document: Document, kinds: tuple[LineKind, ...]) -> Counter[str]:
    units: Counter[str] = Counter()
    for line in document.of(*kinds):
        units[line.sku_key] += abs(line.quantity)
    return units
