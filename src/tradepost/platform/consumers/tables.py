"""What consumers keep: what has had its effect, what waits, what has failed for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index

from tradepost.platform.db.schema import tenant_table


@dataclass(frozen=True, slots=True)
class Done:
    """A fact that has had its effect for a consumer."""

    consumer: str
    event_id: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class ParkedStream:
    """A document whose facts wait, from ``seq`` on, because that fact failed.

    ``next_try_at`` is none while its fact is a dead letter.
    """

    consumer: str
    stream_id: UUID
    stream: str
    shard: int
    seq: int
    event_id: UUID
    name: str
    tries: int
    next_try_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A fact that a consumer has given up on, until somebody replays it or lets it pass."""

    consumer: str
    event_id: UUID
    stream_id: UUID
    stream: str
    seq: int
    name: str
    tries: int
    error: str
    dead_at: datetime


inbox = tenant_table("inbox", Done, key=("consumer", "event_id"))
parked_streams = tenant_table("parked_streams", ParkedStream, key=("consumer", "stream_id"))
_p = parked_streams.c
Index("parked_streams_shard_ix", _p.consumer, _p.shard, _p.next_try_at)
dead_letters = tenant_table("dead_letters", DeadLetter, key=("consumer", "event_id"))
