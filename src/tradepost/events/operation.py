"""Facts of running the house: what people decided about what machines could not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class _Decision(Fact):
    stream: ClassVar[str] = "dead_letter_decision"
    key: ClassVar[str] = "decision_id"
    decision_id: UUID
    consumer: str
    event_id: UUID
    document_id: UUID


@dataclass(frozen=True, slots=True)
class DeadLetterReplayed(_Decision):
    """Somebody had a consumer try a fact again that it had given up on."""

    name: ClassVar[str] = "dead_letter.replayed"


@dataclass(frozen=True, slots=True)
class DeadLetterDiscarded(_Decision):
    """Somebody let a fact pass without its effect; what waited behind it goes on."""

    name: ClassVar[str] = "dead_letter.discarded"
