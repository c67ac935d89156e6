"""Reading the log across tenants, in order; and its newest part, kept in memory for all readers.

Numbers are dense and given in the order in which facts become visible, so ``seq > last`` is a
cursor that misses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Fact, Told
from tradepost.platform.db.statement import AcrossTenants, any_of, param, platform_select
from tradepost.platform.db.work import Reader
from tradepost.platform.facts import FactBook
from tradepost.platform.outbox import event_log

READ_MAX = 1000
_e = event_log.c


class Logged(msgspec.Struct, frozen=True, array_like=True):
    """A row of the log, its body still text."""

    seq: int
    shard: int
    tenant_id: TenantId
    event_id: UUID
    stream: str
    stream_id: UUID
    version: int
    name: str
    schema: int
    body: str
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    request_id: str
    reason: str

    def told(self, book: FactBook) -> Told[Fact]:
        """The row with its fact; raises :class:`UnreadableFact`."""
        return Told(
            self.seq,
            self.tenant_id,
            self.event_id,
            self.stream,
            self.stream_id,
            self.version,
            self.at,
            self.actor_kind,
            self.actor_id,
            self.request_id,
            self.reason,
            book.decode(self.name, self.schema, self.body),
        )


LOGGED_COLUMNS = (
    _e.seq,
    _e.shard,
    _e.tenant_id,
    _e.event_id,
    _e.stream,
    _e.stream_id,
    _e.version,
    _e.name,
    _e.schema,
    _e.body,
    _e.happened_at,
    _e.actor_kind,
    _e.actor_id,
    _e.request_id,
    _e.reason,
)
_ALL = platform_select(*LOGGED_COLUMNS).where(_e.seq > param("after")).order_by(_e.seq)
_AFTER = AcrossTenants(_ALL.limit(param("limit")))
_SHARDS_AFTER = AcrossTenants(_ALL.where(any_of(_e.shard, "shards")).limit(param("limit")))
_BETWEEN = AcrossTenants(
    _ALL.where(_e.shard == param("shard")).where(_e.seq < param("before")).limit(param("limit"))
)
_IDS = AcrossTenants(platform_select(_e.seq, _e.event_id).where(any_of(_e.seq, "seqs")))
_STREAM = AcrossTenants(
    platform_select(*LOGGED_COLUMNS)
    .where(_e.tenant_id == param("tenant_id"))
    .where(_e.stream_id == param("stream_id"))
    .where(_e.seq >= param("first"))
    .where(_e.seq <= param("last"))
    .order_by(_e.seq)
    .limit(param("limit"))
)


async def after(db: Reader, seq: int, limit: int) -> list[Logged]:
    """The facts that follow a number, of all shards."""
    return [Logged(*row) for row in await db.all(_AFTER, after=seq, limit=limit)]


async def shards_after(db: Reader, shards: Sequence[int], seq: int, limit: int) -> list[Logged]:
    """The facts of some shards that follow a number."""
    rows = await db.all(_SHARDS_AFTER, shards=list(shards), after=seq, limit=limit)
    return [Logged(*row) for row in rows]


async def between(db: Reader, shard: int, seq: int, before: int, limit: int) -> list[Logged]:
    """The facts of a shard that stand between two numbers, both left out."""
    rows = await db.all(_BETWEEN, shard=shard, after=seq, before=before, limit=limit)
    return [Logged(*row) for row in rows]


async def event_ids(db: Reader, seqs: Sequence[int]) -> dict[int, UUID]:
    """Which facts have these numbers."""
    return dict(await db.all(_IDS, seqs=list(seqs)))


async def of_stream(
    db: Reader, tenant_id: TenantId, stream_id: UUID, first: int, last: int, limit: int
) -> list[Logged]:
    """The facts of a document from one number to another, both included."""
    rows = await db.all(
        _STREAM, tenant_id=tenant_id, stream_id=stream_id, first=first, last=last, limit=limit
    )
    return [Logged(*row) for row in rows]
