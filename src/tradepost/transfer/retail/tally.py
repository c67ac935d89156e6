"""Counts the file's own figures, which everything that was booked is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.transfer.retail.documents import Document
from tradepost.transfer.retail.kinds import LineKind


@dataclass(frozen=True, slots=True)
class Figures:
    """How much of one kind there is; ``micros`` are micro-pounds, signed like the units.

    ``documents`` counts those with at least one line of the kind.
    """

    documents: int = 0
    lines: int = 0
    units: int = 0
    micros: int = 0


@dataclass(slots=True)
class _Count:
    documents: int = 0
    lines: int = 0
    units: int = 0
    micros: int = 0


class FileTally:
    """The column "file" of the final table, counted as the documents go by."""

    def __init__(self) -> None:
        self._counts = {kind: _Count() for kind in LineKind}
        self.documents = 0
        """Whole documents; fewer than the kinds' sum, since some hold goods and services."""

    def add(self, document: Document) -> None:
        """Count a document, whether it is booked now or was before."""
        self.documents += 1
        for kind in document.mix:
            self._counts[kind].documents += 1
        for line, kind in zip(document.lines, document.kinds, strict=True):
            count = self._counts[kind]
            count.lines += 1
            count.units += line.quantity
            count.micros += line.money_micros

    def figures(self, kind: LineKind) -> Figures:
        """The figures of one kind so far."""
        count = self._counts[kind]
        return Figures(count.documents, count.lines, count.units, count.micros)

    @property
    def lines(self) -> int:
        """Lines of all kinds so far."""
        return sum(count.lines for count in self._counts.values())

    @property
    def micros(self) -> int:
        """Money of all kinds so far, in micro-pounds."""
        return sum(count.micros for count in self._counts.values())
