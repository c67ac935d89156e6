"""The table at the end: what the file holds, what was booked, what was posted, to the last cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tradepost.transfer.retail.report import decimal_text

MICROS_PER_MINOR = 10_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Lines, units and money in millionths of the major unit."""

    lines: int = 0
    units: int = 0
    micros: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.lines + other.lines, self.units + other.units, self.micros + other.micros
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Tabs opened, tabs closed, orders, and kitchen lines that were served."""

    tabs: int
    closed: int
    orders: int
    cooked: int


@dataclass(frozen=True, slots=True)
class Report:
    """The file beside the store; ``sold`` and ``paid`` are what the ledger holds, in cents.

    ``nameless`` lines of the file name no dish: they are counted, and nothing is booked for them.
    """

    file: Mapping[str, Figures]
    booked: Mapping[str, Figures]
    file_counts: Counts
    booked_counts: Counts
    nameless: int
    sold: int
    paid: int
    owed: int

    @property
    def file_total(self) -> Figures:
        """The file's dishes together."""
        return sum(self.file.values(), Figures())

    @property
    def booked_total(self) -> Figures:
        """The store's dishes together."""
        return sum(self.booked.values(), Figures())

    @property
    def lines(self) -> int:
        """All lines of the file."""
        return self.file_total.lines + self.nameless

    @property
    def agrees(self) -> bool:
        """Whether the table adds up."""
        return next(self.differences(), None) is None

    def differences(self) -> Iterator[str]:
        """What does not add up, a sentence each."""
        for category in sorted(self.file.keys() | self.booked.keys()):
            wanted = self.file.get(category, Figures())
            found = self.booked.get(category, Figures())
            if wanted != found:
                yield f"{category}: {_said(wanted)} in the file, {_said(found)} in the store"
        if self.file_counts != self.booked_counts:
            yield f"{self.file_counts} in the file, {self.booked_counts} in the store"
        micros = self.booked_total.micros
        for what, minor in (("sold", self.sold), ("paid", self.paid)):
            if minor * MICROS_PER_MINOR != micros:
                posted = decimal_text(minor * MICROS_PER_MINOR)
                yield f"{decimal_text(micros)} booked, {posted} posted as {what}"
        if self.owed:
            yield f"{decimal_text(self.owed * MICROS_PER_MINOR)} still owed by tabs"


def _said(one: Figures) -> str:
    return f"{one.lines:,} lines, {one.units:,} units, {decimal_text(one.micros)}"
