"""Dead letters looked at, replayed and let pass by hand; for the shop that they belong to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import tuple_

from tradepost.kernel.errors import Unknown
from tradepost.platform.consumers.tables import (
    DeadLetter,
    ParkedStream,
    dead_letters,
    inbox,
    parked_streams,
)
from tradepost.platform.db.statement import Statement, param, scoped, scoped_delete, scoped_update
from tradepost.platform.db.work import Reader, Work
from tradepost.platform.outbox import event_log

_d, _p, _e = dead_letters.c, parked_streams.c, event_log.c
_COLUMNS = [_d[field.name] for field in fields(DeadLetter)]
_LIST = Statement(
    scoped(dead_letters, *_COLUMNS)
    .where(tuple_(_d.seq, _d.consumer) > tuple_(param("after"), param("of")))
    .order_by(_d.seq, _d.consumer)
    .limit(param("limit"))
)
_ONE = Statement(
    scoped(dead_letters, *_COLUMNS)
    .where(_d.consumer == param("consumer"))
    .where(_d.event_id == param("event_id"))
)
_BODY = Statement(scoped(event_log, _e.body).where(_e.event_id == param("event_id")))
_PARKED = Statement(
    scoped(parked_streams, *(_p[field.name] for field in fields(ParkedStream)))
    .order_by(_p.seq, _p.consumer)
    .limit(param("limit"))
)
_TRY_NOW = Statement(
    scoped_update(parked_streams)
    .where(_p.consumer == param("of"))
    .where(_p.event_id == param("which"))
    .values(next_try_at=param("now"), tries=0)
)
_FORGET = Statement(
    scoped_delete(dead_letters)
    .where(_d.consumer == param("consumer"))
    .where(_d.event_id == param("event_id"))
)


@dataclass(frozen=True, slots=True)
class DeadLetterView:
    """A dead letter with the fact's body as it is in the log."""

    letter: DeadLetter
    body: str


async def list_dead_letters(
    db: Reader, after: int = 0, limit: int = 100, *, consumer: str = ""
) -> list[DeadLetter]:
    """The dead letters of the tenant behind the one of a number and a consumer, as in the log."""
    rows = await db.all(_LIST, after=after, of=consumer, limit=limit)
    return [DeadLetter(*row) for row in rows]


async def list_parked(db: Reader, limit: int = 100) -> list[ParkedStream]:
    """Documents whose facts wait, whether to be tried again or for somebody's decision."""
    return [ParkedStream(*row) for row in await db.all(_PARKED, limit=limit)]


async def dead_letter(db: Reader, consumer: str, event_id: UUID) -> DeadLetterView:
    """One dead letter; raises :class:`Unknown`."""
    letter = await _letter(db, consumer, event_id)
    return DeadLetterView(letter, str(await db.value(_BODY, event_id=event_id)))


async def replay_dead_letter(work: Work, consumer: str, event_id: UUID, now: datetime) -> UUID:
    """Have the fact tried again, five times if need be, and what waits behind it after it.

    The document that it is about.

    :raises Unknown: if there is no such dead letter.
    """
    letter = await _letter(work, consumer, event_id)
    await work.run(_TRY_NOW, of=consumer, which=event_id, now=now)
    return letter.stream_id


async def pass_dead_letter(work: Work, consumer: str, event_id: UUID, now: datetime) -> UUID:
    """Give the fact up for this consumer, and let go on what waits behind it.

    The document that it is about.

    :raises Unknown: if there is no such dead letter.
    """
    letter = await _letter(work, consumer, event_id)
    work.add(inbox, {"consumer": consumer, "event_id": event_id, "seq": letter.seq})
    await work.run(_FORGET, consumer=consumer, event_id=event_id)
    await work.run(_TRY_NOW, of=consumer, which=event_id, now=now)
    return letter.stream_id


async def _letter(db: Reader, consumer: str, event_id: UUID) -> DeadLetter:
    row = await db.one(_ONE, consumer=consumer, event_id=event_id)
    if row is None:
        raise Unknown("dead letter", f"{consumer}/{event_id}")
    return DeadLetter(*row)
