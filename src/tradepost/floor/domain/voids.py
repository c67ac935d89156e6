"""Units of sent lines that are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradepost.floor.domain.tab import Round, RoundLine
from tradepost.floor.errors import LineTooSmall
from tradepost.kernel.ids import OrderLineId


@dataclass(frozen=True, slots=True)
class Voided:
    """Units of a line of a round."""

    round: Round
    line: RoundLine
    units: int

    @property
    def checked_units(self) -> int:
        """The units, if the line has so many; :class:`LineTooSmall` if not."""
        if not 0 < self.units <= self.line.units:
            raise LineTooSmall(str(self.line.id), self.line.units, self.units)
        return self.units

    @property
    def order_units(self) -> list[tuple[OrderLineId, int]]:
        """What is called off of the order: the dish, and what went with it."""
        return [(id, each * self.checked_units) for id, each in self.line.order_lines]

    @property
    def after(self) -> RoundLine:
        """The line without them."""
        return replace(self.line, voided=self.line.voided + self.checked_units)


def whole_lines(rounds: Sequence[Round], lines: Sequence[RoundLine]) -> list[Voided]:
    """All that is left of the lines of rounds."""
    by_id = {one.id: one for one in rounds}
    return [
        Voided(by_id[line.round_id], line, line.units)
        for line in lines
        if line.round_id in by_id and line.units
    ]
