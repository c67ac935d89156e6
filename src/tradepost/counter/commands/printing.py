"""Receipts that are printed, the first time and again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.counter.domain.slip import Slip
from tradepost.counter.ports import Slips
from tradepost.kernel.ids import RegisterId
from tradepost.kernel.messages import Command


@dataclass(frozen=True, slots=True)
class PrintReceipt(Command):
    """Print a register's receipt; every time after the first it is a copy."""

    register_id: RegisterId
    number: int


async def print_receipt(wish: PrintReceipt, slips: Slips) -> Slip:
    """Count it; ``printed`` tells how often, this time included."""
    found = await slips.numbered(wish.register_id, wish.number)
    slip = replace(found, printed=found.printed + 1)
    await slips.save(slip)
    return slip


HANDLERS = {PrintReceipt: print_receipt}
