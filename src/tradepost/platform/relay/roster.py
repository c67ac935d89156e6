"""Which workers are alive, so that they share the shards fairly."""

from __future__ import annotations

from datetime import timedelta

from tradepost.kernel.clock import EPOCH, Clock
from tradepost.platform.db.statement import (
    AcrossTenants,
    insert,
    param,
    platform_delete,
    platform_select,
)
from tradepost.platform.db.work import Store, Work
from tradepost.platform.outbox import SHARDS
from tradepost.platform.relay.tables import workers

_w = workers.c
_SEEN = AcrossTenants(
    insert(workers)
    .values(owner=param("owner"), seen_at=param("now"))
    .on_conflict_do_update(index_elements=["owner"], set_={"seen_at": param("now", _w.seen_at)})
)
_GONE = AcrossTenants(platform_delete(workers).where(_w.seen_at < param("before")))
_LEFT = AcrossTenants(platform_delete(workers).where(_w.owner == param("owner")))
_ALL = AcrossTenants(platform_select(_w.owner))


class Roster:
    """This worker among the living ones."""

    def __init__(self, store: Store, clock: Clock, owner: str, seconds: float) -> None:
        self.alive = 1
        self._store = store
        self._clock = clock
        self._owner = owner
        self._length = timedelta(seconds=seconds)
        self._next_at = EPOCH

    @property
    def share(self) -> int:
        """How many shards of each consumer one worker should hold."""
        return -(-SHARDS // self.alive)

    async def sign(self) -> None:
        """Say that this one is alive, when it is time to, and count the others."""
        now = self._clock.now()
        if now < self._next_at:
            return
        self._next_at = now + self._length / 3

        async def job(work: Work) -> int:
            await work.run(_GONE, before=now - self._length)
            await work.run(_SEEN, owner=self._owner, now=now)
            return len(await work.all(_ALL))

        self.alive = max(await self._store.relay_write(job), 1)

    async def leave(self) -> None:
        """Strike this one off."""
        await self._store.relay_write(lambda work: work.run(_LEFT, owner=self._owner))
