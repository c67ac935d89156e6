"""The table at the end: what the file holds, what was booked, what was posted, to the last digit.

The file's column comes from :class:`~tradepost.transfer.retail.tally.FileTally`, everything
right of it from the store. Each column of money adds up to the same total: posted amounts are
whole pennies, and the row ``fractions`` holds what the lines keep below a penny.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tradepost.transfer.retail.kinds import LineKind
from tradepost.transfer.retail.tally import Figures

CURRENCY = "GBP"
MICROS_PER_MINOR = 10_000


@dataclass(frozen=True, slots=True)
class Posted:
    """What the ledger holds under one transfer code, in pennies, signed like the file's money."""

    code: str
    minor: int


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One kind: ``file`` as tallied; ``booked`` from order lines, return lines and movements.

    ``fraction_micros`` is what the booked lines hold beyond their amounts in whole pennies.
    """

    kind: LineKind
    file: Figures
    booked: Figures
    posted: tuple[Posted, ...] = ()
    fraction_micros: int = 0

    @property
    def posted_minor(self) -> int:
        """Pennies under all transfer codes of the kind."""
        return sum(entry.minor for entry in self.posted)

    def differences(self) -> Iterator[str]:
        """What does not add up in this row, a sentence each."""
        for what in ("documents", "lines", "units"):
            wanted, found = getattr(self.file, what), getattr(self.booked, what)
            if wanted != found:
                yield f"{self.kind}: {wanted:,} {what} in the file, {found:,} in the store"
        if self.file.micros != self.booked.micros:
            wanted, found = decimal_text(self.file.micros), decimal_text(self.booked.micros)
            yield f"{self.kind}: {wanted} in the file, {found} booked"
        posted = self.posted_minor * MICROS_PER_MINOR
        if posted + self.fraction_micros != self.booked.micros:
            yield (
                f"{self.kind}: {decimal_text(self.booked.micros)} booked, {decimal_text(posted)} "
                f"posted and {decimal_text(self.fraction_micros)} in fractions"
            )


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, and how many whole invoices they stand for: some are in two rows."""

    rows: tuple[ReportRow, ...]
    file_documents: int
    booked_documents: int

    @property
    def file_total(self) -> Figures:
        """The file's figures over all kinds."""
        return _total(self.file_documents, [row.file for row in self.rows])

    @property
    def booked_total(self) -> Figures:
        """The store's figures over all kinds."""
        return _total(self.booked_documents, [row.booked for row in self.rows])

    @property
    def fraction_micros(self) -> int:
        """What all booked lines keep below a penny; never posted."""
        return sum(row.fraction_micros for row in self.rows)

    @property
    def posted_micros(self) -> int:
        """What was posted, and the fractions that never are, in micro-pounds."""
        minor = sum(row.posted_minor for row in self.rows)
        return minor * MICROS_PER_MINOR + self.fraction_micros

    @property
    def agrees(self) -> bool:
        """Whether the table adds up."""
        return next(self.differences(), None) is None

    def differences(self) -> Iterator[str]:
        """What does not add up, a sentence each."""
        for row in self.rows:
            yield from row.differences()
        if self.file_documents != self.booked_documents:
            yield (
                f"total: {self.file_documents:,} documents in the file, "
                f"{self.booked_documents:,} in the store"
            )


def _total(documents: int, figures: list[Figures]) -> Figures:
    return Figures(
        documents,
        sum(each.lines for each in figures),
        sum(each.units for each in figures),
        sum(each.micros for each in figures),
    )


def decimal_text(micros: int, separator: str = "") -> str:
    """Micro-pounds as decimal text: two decimals, and as many more as the amount has."""
    pounds, rest = divmod(abs(micros), 1_000_000)
    decimals = f"{rest:06d}"
    kept = decimals[:2] + decimals[2:].rstrip("0")
    grouped = f"{pounds:,}".replace(",", separator)
    return f"{'-' if micros < 0 else ''}{grouped}.{kept}"
