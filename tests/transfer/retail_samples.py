"""Small files of the retail form, written line by line."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tradepost.transfer.retail.days import DayEnd
from tradepost.transfer.retail.documents import Document, documents
from tradepost.transfer.retail.kinds import LineKind
from tradepost.transfer.retail.reader import COLUMNS, retail_lines
from tradepost.transfer.retail.source import TextFile
from tradepost.transfer.retail.stock import Receipt, StockBook

Row = tuple[str, ...]
Event = Document | DayEnd


def row(
    invoice: str = "700001",
    code: str = "TEA01",
    description: str = "TEA TIN",
    quantity: str = "3",
    *,
    at: str = "2021-03-01 10:00:00",
    price: str = "1.25",
    customer: str = "501.0",
    country: str = "United Kingdom",
) -> Row:
    """One line of an invoice; whatever a test does not care for is plain."""
    return (invoice, code, description, quantity, at, price, customer, country)


def csv_text(rows: Iterable[Iterable[str]], header: Iterable[str] = COLUMNS) -> str:
    """The rows as a file with its header."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def lines_of(text: str) -> list[str]:
    """The lines as a file hands them out: they end at line feeds and nothing else."""
    return list(io.StringIO(text, newline="\n"))


def write(path: Path, text: str | bytes) -> Path:
    """Write the file, compressed if its name says so."""
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def read(path: Path) -> Iterator[Event]:
    """The documents and ends of days of a file."""
    with TextFile(path) as file:
        yield from documents(retail_lines(file.lines()))


def assemble(*rows: Row) -> list[Event]:
    """The documents and ends of days of some lines."""
    return list(documents(retail_lines(lines_of(csv_text(rows)))))


def whole(events: Iterable[Event]) -> list[Document]:
    """The documents alone."""
    return [event for event in events if isinstance(event, Document)]


def until_refusal(events: Iterator[Event]) -> tuple[list[Event], Exception | None]:
    """What comes before a refusal, and the refusal."""
    seen: list[Event] = []
    try:
        seen.extend(iter(lambda: next(events), None))
    except StopIteration:
        return seen, None
    except Exception as refusal:  # the tests look at what it is
        return seen, refusal
    raise AssertionError("an event is never None")


class Shelves:
    """What a store would hold: booked receipt by receipt and line by line, never below zero."""

    def __init__(self) -> None:
        self.available: Counter[str] = Counter()
        self.received: Counter[str] = Counter()

    def receive(self, receipt: Receipt) -> None:
        self.available[receipt.sku_key] += receipt.quantity
        self.received[receipt.sku_key] += receipt.quantity

    def book(self, document: Document) -> None:
        for kind, line in zip(document.kinds, document.lines, strict=True):
            if kind in {LineKind.SERVICE, LineKind.SERVICE_RETURN, LineKind.ADJUSTMENT}:
                continue
            sign = -1 if kind in {LineKind.SALE, LineKind.WRITE_OFF} else 1
            self.available[line.sku_key] += sign * abs(line.quantity)
            assert self.available[line.sku_key] >= 0, f"below zero in line {line.line_number}"

    def plan(self, book: StockBook, document: Document) -> tuple[Receipt, ...]:
        for sku_key in book.unknown(document):
            assert not book.known(sku_key)
            book.load(sku_key, self.available[sku_key], self.received[sku_key])
        return book.plan(document)
