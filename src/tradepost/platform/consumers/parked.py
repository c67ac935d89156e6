"""Failures: a document's facts wait behind the one that failed; other documents go on.

A failed fact is tried five times, later and later, with jitter so that many do not come back at
once. Then it is a dead letter, its document stays parked, and somebody looks at it
(:mod:`tradepost.platform.consumers.letters`).
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from tradepost.kernel.clock import EPOCH, Clock
from tradepost.kernel.ids import TenantId
from tradepost.platform.consumers.leases import Fence
from tradepost.platform.consumers.tables import (
    ParkedStream,
    dead_letters,
    parked_streams,
)
from tradepost.platform.db.statement import (
    AcrossTenants,
    any_of,
    insert,
    param,
    platform_delete,
    platform_select,
)
from tradepost.platform.db.work import Store, Work
from tradepost.platform.failpoints import reach
from tradepost.platform.relay.log import Logged

ERROR_LENGTH_MAX = 2000
_p, _d = parked_streams.c, dead_letters.c
_PARKED_COLUMNS = [_p[field.name] for field in fields(ParkedStream)]
_KEYS = ["tenant_id", "consumer", "stream_id"]
_ALL = AcrossTenants(
    platform_select(_p.tenant_id, _p.stream_id, _p.seq)
    .where(_p.consumer == param("consumer"))
    .where(any_of(_p.shard, "shards"))
)
_DUE = AcrossTenants(
    platform_select(_p.tenant_id, *_PARKED_COLUMNS)
    .where(_p.consumer == param("consumer"))
    .where(any_of(_p.shard, "shards"))
    .where(_p.next_try_at <= param("now"))
    .order_by(_p.next_try_at)
    .limit(param("limit"))
)
_PARK = AcrossTenants(
    insert(parked_streams)
    .values({c.name: param(c.name, c) for c in _p})
    .on_conflict_do_update(
        index_elements=_KEYS,
        set_={c.name: param(c.name, c) for c in _p if c.name not in _KEYS},
    )
)
_UNPARK = AcrossTenants(
    platform_delete(parked_streams)
    .where(_p.tenant_id == param("tenant_id"))
    .where(_p.consumer == param("consumer"))
    .where(_p.stream_id == param("stream_id"))
)
_BURY = AcrossTenants(
    insert(dead_letters)
    .values({c.name: param(c.name, c) for c in _d})
    .on_conflict_do_update(
        index_elements=["tenant_id", "consumer", "event_id"],
        set_={name: param(name, _d[name]) for name in ("tries", "error", "dead_at")},
    )
)
_RISEN = AcrossTenants(
    platform_delete(dead_letters)
    .where(_d.tenant_id == param("tenant_id"))
    .where(_d.consumer == param("consumer"))
    .where(_d.stream_id == param("stream_id"))
    .where(_d.seq < param("before"))
)


@dataclass(frozen=True)
class Patience:
    """How often a failed fact is tried, how long after each failure, and how often one looks."""

    tries_max: int = 5
    first_s: float = 1.0
    factor: float = 4.0
    look: timedelta = timedelta(seconds=0.5)

    def after(self, tries: int) -> timedelta:
        """How long to wait after so many tries: exponential, between half and all of it."""
        longest = self.first_s * self.factor ** (tries - 1)
        return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311  jitter


@dataclass(frozen=True)
class Due:
    """A parked document whose time has come."""

    tenant_id: TenantId
    parked: ParkedStream


class Parking:
    """The parked documents of the shards that one process holds for one consumer."""

    def __init__(self, store: Store, clock: Clock, consumer: str, patience: Patience) -> None:
        self._store = store
        self._clock = clock
        self._consumer = consumer
        self._patience = patience
        self._look_at = EPOCH
        self._since: dict[tuple[TenantId, UUID], int] = {}

    async def load(self, shards: Collection[int]) -> None:
        """Take over what the store says about these shards."""
        rows = await self._store.relay_read(
            lambda db: db.all(_ALL, consumer=self._consumer, shards=list(shards))
        )
        self._since = {(tenant, stream): seq for tenant, stream, seq in rows}

    def waits(self, row: Logged) -> bool:
        """Whether a fact stands behind one that failed."""
        since = self._since.get((row.tenant_id, row.stream_id)) if self._since else None
        return since is not None and row.seq >= since

    @property
    def looks(self) -> bool:
        """Whether it is time to ask for what is :meth:`due`."""
        return self._clock.now() >= self._look_at

    def look_again(self) -> None:
        """There is more that is due: ask with the next round."""
        self._look_at = EPOCH

    async def due(self, shards: Collection[int], limit: int = 20) -> list[Due]:
        """Parked documents to be tried again now."""
        now = self._clock.now()
        self._look_at = now + self._patience.look
        rows = await self._store.relay_read(
            lambda db: db.all(
                _DUE, consumer=self._consumer, shards=list(shards), now=now, limit=limit
            )
        )
        return [Due(row[0], ParkedStream(*row[1:])) for row in rows]

    async def failed(
        self, row: Logged, error: Exception, tries: int, fence: Fence, *, hopeless: bool = False
    ) -> bool:
        """Note a failure in the store and park the document; whether the fact is given up."""
        now = self._clock.now()
        dead = hopeless or tries >= self._patience.tries_max
        next_try_at = None if dead else now + self._patience.after(tries)
        told = f"{type(error).__name__}: {error}"[:ERROR_LENGTH_MAX]

        async def job(work: Work) -> None:
            await fence.check(work)
            await self._rise(work, row.tenant_id, row.stream_id, row.seq)
            await self._park(work, row, tries, next_try_at, told)
            if dead:
                await self._bury(work, row, tries, told, now)

        reach("worker.before_park")
        await self._store.relay_write(job)
        reach("worker.after_park")
        self._since[row.tenant_id, row.stream_id] = row.seq
        return dead

    async def reached(self, due: Due, row: Logged, fence: Fence) -> None:
        """What stood before this fact has had its effect: the document waits from here on.

        It is due at once. Whoever takes the shard over goes on from here.
        """
        now = self._clock.now()

        async def job(work: Work) -> None:
            await fence.check(work)
            await self._rise(work, row.tenant_id, row.stream_id, row.seq)
            await self._park(work, row, 0, now, due.parked.error)

        await self._store.relay_write(job)
        self._since[row.tenant_id, row.stream_id] = row.seq

    async def over(self, due: Due, fence: Fence) -> None:
        """Everything that waited has had its effect: the document goes on with the others."""
        parked = due.parked

        async def job(work: Work) -> None:
            await fence.check(work)
            await self._rise(work, due.tenant_id, parked.stream_id, 2**62)
            await work.run(
                _UNPARK,
                tenant_id=due.tenant_id,
                consumer=self._consumer,
                stream_id=parked.stream_id,
            )

        await self._store.relay_write(job)
        self._since.pop((due.tenant_id, parked.stream_id), None)

    async def _rise(self, work: Work, tenant: TenantId, stream_id: UUID, before: int) -> None:
        await work.run(
            _RISEN,
            tenant_id=tenant,
            consumer=self._consumer,
            stream_id=stream_id,
            before=before,
        )

    async def _park(
        self, work: Work, row: Logged, tries: int, next_try_at: datetime | None, error: str
    ) -> None:
        await work.run(
            _PARK,
            tenant_id=row.tenant_id,
            consumer=self._consumer,
            stream_id=row.stream_id,
            stream=row.stream,
            shard=row.shard,
            seq=row.seq,
            event_id=row.event_id,
            name=row.name,
            tries=tries,
            next_try_at=next_try_at,
            error=error,
        )

    async def _bury(self, work: Work, row: Logged, tries: int, error: str, now: datetime) -> None:
        await work.run(
            _BURY,
            tenant_id=row.tenant_id,
            consumer=self._consumer,
            event_id=row.event_id,
            stream_id=row.stream_id,
            stream=row.stream,
            seq=row.seq,
            name=row.name,
            tries=tries,
            error=error,
            dead_at=now,
        )
