"""Facts on their way out: rows of the same transaction as the change they tell of.

The relay moves them into ``event_log`` with dense numbers; nothing else reads the outbox.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Identity, Index, Integer, Table, Text, UniqueConstraint

from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import Fact, Scope
from tradepost.platform.db.schema import TENANT_OWNED, metadata
from tradepost.platform.db.types import IdType, InstantType
from tradepost.platform.db.work import Work

SHARDS = 16


def _fact_columns() -> list[Column[Any]]:
    return [
        Column("tenant_id", IdType(), nullable=False),
        Column("event_id", IdType(), nullable=False),
        Column("stream", Text, nullable=False),
        Column("stream_id", IdType(), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("name", Text, nullable=False),
        Column("schema", BigInteger, nullable=False),
        Column("body", Text, nullable=False),
        Column("actor_kind", Text, nullable=False),
        Column("actor_id", IdType(), nullable=True),
        Column("reason", Text, nullable=False),
        Column("request_id", Text, nullable=False),
        Column("happened_at", InstantType(), nullable=False),
    ]


_Serial = BigInteger().with_variant(Integer, "sqlite")
outbox = Table(
    "outbox",
    metadata,
    Column("id", _Serial, Identity(cache=1), primary_key=True),
    *_fact_columns(),
    info={TENANT_OWNED: True},
    sqlite_autoincrement=True,
)
event_log = Table(
    "event_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    *_fact_columns(),
    Column("shard", BigInteger, nullable=False),
    Column("logged_at", InstantType(), nullable=False),
    UniqueConstraint("tenant_id", "event_id", name="event_log_event_uq"),
    Index("event_log_tenant_seq_ix", "tenant_id", "seq"),
    Index("event_log_stream_ix", "tenant_id", "stream_id", "seq"),
    Index("event_log_actor_ix", "tenant_id", "actor_id", "seq"),
    Index("event_log_shard_seq_ix", "shard", "seq"),
    info={TENANT_OWNED: True},
)
"""All that ever happened, in the order in which it became visible.

That a document tells each version once is a law the doctor checks; as a constraint here it would
let one careless handler stop the log for everybody.
"""


def shard_of(stream_id: Any) -> int:
    """Which of the shards keeps a document's facts in order."""
    return int(stream_id.int % SHARDS)


class OutboxFacts:
    """The :class:`~tradepost.kernel.messages.Facts` of one work."""

    def __init__(self, work: Work, scope: Scope, ids: Ids) -> None:
        self._work = work
        self._scope = scope
        self._ids = ids
        self._wished: dict[UUID, Scope] = {}

    def on_behalf(self, document: UUID, by: Scope) -> None:
        """Facts of this document were wished by one of the batch."""
        self._wished[document] = by

    def speak_for(self, by: Scope) -> None:
        """Facts of documents that nobody is named for were wished by this one."""
        self._scope = by

    def tell(self, fact: Fact, version: int, at: datetime) -> None:
        """Leave the fact with this transaction's commit."""
        document = fact.stream_id
        by = self._wished.get(document, self._scope)
        self._work.add(
            outbox,
            {
                "event_id": self._ids.new(),
                "stream": fact.stream_name,
                "stream_id": document,
                "version": version,
                "name": fact.name,
                "schema": fact.schema,
                "body": msgspec.json.encode(fact).decode(),
                "actor_kind": by.actor.kind,
                "actor_id": by.actor.id,
                "reason": by.reason,
                "request_id": by.request_id,
                "happened_at": at,
            },
        )
