"""Wishes about dead letters: tried again or given up, and told who decided so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tradepost.events.operation import DeadLetterDiscarded, DeadLetterReplayed
from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import Command, Facts
from tradepost.platform.consumers.letters import pass_dead_letter, replay_dead_letter
from tradepost.platform.db.work import Work


@dataclass(frozen=True, slots=True)
class ReplayDeadLetter(Command):
    """Have the worker try the fact again, and after it what waits behind it."""

    consumer: str
    event_id: UUID


@dataclass(frozen=True, slots=True)
class DiscardDeadLetter(Command):
    """Give the fact up for this consumer, and let go on what waits behind it."""

    consumer: str
    event_id: UUID


class Letters(Protocol):
    """Where dead letters are kept; :class:`Unknown` for one that is not there."""

    async def replay(self, consumer: str, event_id: UUID, now: datetime) -> UUID:
        """Try the fact again; the document that it is about."""
        ...

    async def discard(self, consumer: str, event_id: UUID, now: datetime) -> UUID:
        """Give it up; the document that it is about."""
        ...


class SqlLetters:
    """Answers the Letters port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def replay(self, consumer: str, event_id: UUID, now: datetime) -> UUID:
        """Try the fact again."""
        return await replay_dead_letter(self._work, consumer, event_id, now)

    async def discard(self, consumer: str, event_id: UUID, now: datetime) -> UUID:
        """Give it up."""
        return await pass_dead_letter(self._work, consumer, event_id, now)


async def replay(wish: ReplayDeadLetter, letters: Letters, ids: Ids, facts: Facts) -> None:
    """Set it free to be tried, and tell who did."""
    document_id = await letters.replay(wish.consumer, wish.event_id, wish.at)
    decided = DeadLetterReplayed(ids.new(), wish.consumer, wish.event_id, document_id)
    facts.tell(decided, 1, wish.at)


async def discard(wish: DiscardDeadLetter, letters: Letters, ids: Ids, facts: Facts) -> None:
    """Let it pass, and tell who did."""
    document_id = await letters.discard(wish.consumer, wish.event_id, wish.at)
    decided = DeadLetterDiscarded(ids.new(), wish.consumer, wish.event_id, document_id)
    facts.tell(decided, 1, wish.at)


HANDLERS = {ReplayDeadLetter: replay, DiscardDeadLetter: discard}
