"""The log as people read it: the event feed by number, and who did what to what.

A feed's cursor is a number: what follows it is complete and never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader, Row
from tradepost.platform.outbox import event_log

LIMIT_MAX = 501
"""One more than a page has, to see whether there is another."""
LAST = 2**62
_e = event_log.c
_COLUMNS = (
    _e.seq,
    _e.event_id,
    _e.name,
    _e.schema,
    _e.stream,
    _e.stream_id,
    _e.version,
    _e.happened_at,
    _e.logged_at,
    _e.actor_kind,
    _e.actor_id,
    _e.reason,
    _e.request_id,
    _e.body,
)
_feed = scoped(event_log, *_COLUMNS).where(_e.seq > param("after")).order_by(_e.seq)
_feed = _feed.limit(param("limit"))
_FEED = Statement(_feed)
_FEED_OF_NAMES = Statement(_feed.where(any_of(_e.name, "names")))
_FEED_OF_STREAM = Statement(
    _feed.where(_e.stream == param("stream")).where(_e.stream_id == param("stream_id"))
)
_back = scoped(event_log, *_COLUMNS).where(_e.seq < param("before")).order_by(_e.seq.desc())
_back = _back.limit(param("limit"))
_NEWEST = Statement(scoped(event_log, _e.seq).order_by(_e.seq.desc()).limit(1))
_OF_OBJECT = Statement(_back.where(_e.stream_id == param("object_id")))
_OF_PERSON = Statement(_back.where(_e.actor_id == param("actor_id")))


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact as the log keeps it; ``body`` is its own document."""

    seq: int
    event_id: UUID
    name: str
    schema: int
    stream: str
    stream_id: UUID
    version: int
    happened_at: datetime
    logged_at: datetime
    actor_kind: str
    actor_id: UUID | None
    reason: str
    request_id: str
    body: dict[str, Any]


async def feed(
    db: Reader, after: int = 0, limit: int = 100, *, names: Sequence[str] = ()
) -> list[FactView]:
    """The facts that follow a number, oldest first; of these names, or of all."""
    values: dict[str, Any] = {"after": after, "limit": min(limit, LIMIT_MAX)}
    if names:
        return _views(await db.all(_FEED_OF_NAMES, names=list(names), **values))
    return _views(await db.all(_FEED, **values))


async def newest(db: Reader) -> int:
    """The number of the newest fact; 0 if there is none."""
    return int(await db.value(_NEWEST) or 0)


async def stream_feed(
    db: Reader, stream: str, stream_id: UUID, after: int = 0, limit: int = 100
) -> list[FactView]:
    """The facts of one document that follow a number, oldest first."""
    values: dict[str, Any] = {"after": after, "limit": min(limit, LIMIT_MAX)}
    return _views(await db.all(_FEED_OF_STREAM, stream=stream, stream_id=stream_id, **values))


async def object_trail(
    db: Reader, object_id: UUID, before: int = LAST, limit: int = 100
) -> list[FactView]:
    """What happened to an object, newest first; ``before`` is the number to go on from."""
    limit = min(limit, LIMIT_MAX)
    return _views(await db.all(_OF_OBJECT, object_id=object_id, before=before, limit=limit))


async def person_trail(
    db: Reader, actor_id: UUID, before: int = LAST, limit: int = 100
) -> list[FactView]:
    """What a person did, newest first; ``before`` is the number to go on from."""
    limit = min(limit, LIMIT_MAX)
    return _views(await db.all(_OF_PERSON, actor_id=actor_id, before=before, limit=limit))


def _views(rows: Sequence[Row]) -> list[FactView]:
    decoded = ((*row[:-1], msgspec.json.decode(row[-1])) for row in rows)
    return [FactView(*values) for values in decoded]
