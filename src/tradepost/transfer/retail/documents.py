"""Invoices put together from a stream of lines, without looking ahead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tradepost.transfer import errors
from tradepost.transfer.retail.cells import local_text
from tradepost.transfer.retail.days import DayEnd, TradingDay, day_of
from tradepost.transfer.retail.kinds import LineKind, kind_of
from tradepost.transfer.retail.line import RetailLine

OPEN_FOR = timedelta(minutes=2)
"""How long an invoice can grow, in the time of the file: some span a minute."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole invoice; ``kinds`` tells what each of its ``lines`` is, in the order of the file.

    ``opened_at`` is the instant of the first line, and the business instant of all it causes.
    Customer and country are the same on all lines.
    """

    invoice: str
    opened_at: datetime
    customer: str | None
    country: str
    lines: tuple[RetailLine, ...]
    kinds: tuple[LineKind, ...]

    @property
    def first_line_number(self) -> int:
        """Where in the file it began; other invoices may lie in between."""
        return self.lines[0].line_number

    @property
    def last_line_number(self) -> int:
        """Where in the file it ended."""
        return self.lines[-1].line_number

    @property
    def mix(self) -> frozenset[LineKind]:
        """The kinds that occur: mostly one, sometimes goods and services together."""
        return frozenset(self.kinds)

    def of(self, *kinds: LineKind) -> tuple[RetailLine, ...]:
        """The lines of the given kinds, in the order of the file."""
        pairs = zip(self.lines, self.kinds, strict=True)
        return tuple(line for line, kind in pairs if kind in kinds)


def documents(lines: Iterable[RetailLine]) -> Iterator[Document | DayEnd]:
    """Whole documents in the order of their first lines, and the ends of days between them.

    A document closes when the file's time is two minutes past its first line, or at the end of
    the file. A day ends before the first document of a later day, and at the end of the file.
    When ``lines`` raises, what had closed before has been given out and what is still open is
    not: it may be incomplete, and comes whole when the mended file is read again.

    Raises :class:`~errors.InvoiceClosed`, :class:`~errors.TimeGoesBack`,
    :class:`~errors.CustomerChanges` and :class:`~errors.CountryChanges`.
    """
    assembly = _Assembly()
    for line in lines:
        yield from assembly.closed_by(line)
        assembly.take(line)
    yield from assembly.close_all()


class _Assembly:
    """The invoices that can still grow, in the order of their first lines."""

    def __init__(self) -> None:
        self._open: dict[str, list[RetailLine]] = {}
        self._last_line_numbers: dict[str, int] = {}
        self._now: datetime | None = None
        self._day: TradingDay | None = None

    def closed_by(self, line: RetailLine) -> Iterator[Document | DayEnd]:
        """What the time of this line closes."""
        if line.instant == self._now:
            return
        if self._now is not None and line.instant < self._now:
            raise errors.TimeGoesBack(line.line_number, "InvoiceDate", local_text(line.instant))
        self._now = line.instant
        latest = line.instant - OPEN_FOR
        due = [name for name, lines in self._open.items() if lines[0].instant <= latest]
        for invoice in due:
            yield from self._close(invoice)

    def close_all(self) -> Iterator[Document | DayEnd]:
        """What is left at the clean end of the file."""
        for invoice in list(self._open):
            yield from self._close(invoice)
        if self._day is not None:
            yield self._day.end()

    def take(self, line: RetailLine) -> None:
        """Put the line to the others of its invoice."""
        lines = self._open.get(line.invoice)
        if lines is None:
            closed_at = self._last_line_numbers.get(line.invoice)
            if closed_at is not None:
                raise errors.InvoiceClosed(line.line_number, line.invoice, closed_at)
            self._open[line.invoice] = [line]
            return
        if line.customer != lines[0].customer:
            raise errors.CustomerChanges(line.line_number, "CustomerID", line.customer or "")
        if line.country != lines[0].country:
            raise errors.CountryChanges(line.line_number, "Country", line.country)
        lines.append(line)

    def _close(self, invoice: str) -> Iterator[Document | DayEnd]:
        document = _document(self._open.pop(invoice))
        self._last_line_numbers[invoice] = document.last_line_number
        day = day_of(document.opened_at)
        if self._day is not None and self._day.day != day:
            yield self._day.end()
            self._day = None
        self._day = self._day or TradingDay(day)
        for kind, line in zip(document.kinds, document.lines, strict=True):
            self._day.note(kind, line)
        yield document


def _document(lines: list[RetailLine]) -> Document:
    first = lines[0]
    found = first.customer is None and all(line.unit_price_micros == 0 for line in lines)
    return Document(
        invoice=first.invoice,
        opened_at=first.instant,
        customer=first.customer,
        country=first.country,
        lines=tuple(lines),
        kinds=tuple(kind_of(line, found=found) for line in lines),
    )
