"""A card terminal: the port, and one for trying out that answers by the amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tradepost.kernel.ids import CardChargeId

DECLINED_AT = 5
"""The sandbox declines amounts whose last two digits are these."""
LOST_ONCE_AT = 9
"""The sandbox charges these, and its first answer is lost."""


class TerminalDown(Exception):
    """No answer came: whatever was asked may have been done or not."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a terminal is asked; the same identifier is the same charge, done once."""

    charge_id: CardChargeId
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a terminal says, and what it calls the charge."""

    approved: bool
    reference: str


class Terminal(Protocol):
    """A card terminal; asking again for the same charge does nothing twice."""

    async def charge(self, ask: Ask) -> Answer:
        """Charge a card; :class:`TerminalDown` if no answer comes."""
        ...

    async def reverse(self, ask: Ask) -> Answer:
        """Undo a charge, whether it was made or not; :class:`TerminalDown` as above."""
        ...


class SandboxTerminal:
    """Answers in process by the last two digits of the amount; it takes no money."""

    def __init__(self) -> None:
        self._lost: set[CardChargeId] = set()

    async def charge(self, ask: Ask) -> Answer:
        """Approve, or decline, or lose the first answer."""
        if ask.amount % 100 == LOST_ONCE_AT and ask.charge_id not in self._lost:
            self._lost.add(ask.charge_id)
            raise TerminalDown
        approved = ask.amount % 100 != DECLINED_AT
        return Answer(approved, f"sandbox-{ask.charge_id.hex[:12]}" if approved else "")

    async def reverse(self, ask: Ask) -> Answer:
        """Undo it."""
        return Answer(True, f"undone-{ask.charge_id.hex[:12]}")
