"""Asks card terminals between transactions: written down, asked, the answer written down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tradepost.counter.commands.charges import AnswerCharge, AskCharge, ChargeStands
from tradepost.counter.domain.charge import ChargeState
from tradepost.counter.gateway.terminal import Ask, Terminal, TerminalDown
from tradepost.kernel.ids import CardChargeId
from tradepost.kernel.messages import Actor, Scope
from tradepost.platform.bus import Bus

PATIENCE_S: Final = 60
"""How long a shopper may take to put in a card."""
LEASE: Final = timedelta(seconds=90)
"""Whoever asked a terminal longer ago than this no longer waits for its answer."""
BATCH_MAX: Final = 100
_VOICE = Actor("terminal")

Unanswered = Callable[..., Awaitable[Sequence[ChargeStands]]]


@dataclass(frozen=True, slots=True)
class TerminalDesk:
    """Leads charges through; a charge is never asked for inside a transaction."""

    bus: Bus
    terminal: Terminal
    unanswered: Unanswered

    async def charge(self, scope: Scope, wish: AskCharge) -> ChargeStands:
        """Charge a card, or tell what is known of the charge; what is unknown is asked again."""
        charge: ChargeStands = await self.bus.send(scope, wish)
        return await self.ask(scope, charge)

    async def ask(self, scope: Scope, charge: ChargeStands) -> ChargeStands:
        """Ask the terminal what it has not answered yet."""
        asks = {
            ChargeState.ASKED: self.terminal.charge,
            ChargeState.UNKNOWN: self.terminal.charge,
            ChargeState.REVERSING: self.terminal.reverse,
        }
        state = ChargeState(charge.state)
        if state not in asks:
            return charge
        question = Ask(charge.charge_id, charge.amount, charge.currency)
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await asks[state](question)
        except (TerminalDown, TimeoutError):
            if state is ChargeState.REVERSING:
                return charge
            return await self._write(scope, AnswerCharge(charge.charge_id, "lose"))
        if state is ChargeState.REVERSING and not answer.approved:
            return charge  # asked again later; the money has to go back
        action = "undo" if state is ChargeState.REVERSING else "approve"
        action = action if answer.approved else "decline"
        return await self._write(scope, AnswerCharge(charge.charge_id, action, answer.reference))

    async def undo(self, scope: Scope, ids: Sequence[CardChargeId]) -> None:
        """Undo the charges of a sale that was made void, now; else the completer does."""
        waiting = await self.bus.ask(scope, self.unanswered, None, BATCH_MAX, tuple(ids))
        for charge in waiting if ids else ():
            await self.ask(scope, charge)

    async def complete(self, scope: Scope, now: datetime) -> int:
        """Ask again what was asked long ago; how many were answered."""
        waiting = await self.bus.ask(scope, self.unanswered, now - LEASE, BATCH_MAX)
        heard = [await self.ask(scope, charge) for charge in waiting]
        return sum(one.state != was.state for one, was in zip(heard, waiting, strict=True))

    async def _write(self, scope: Scope, wish: AnswerCharge) -> ChargeStands:
        heard: ChargeStands = await self.bus.send(replace(scope, actor=_VOICE), wish)
        return heard
