"""Shards and who consumes them: one owner at a time, told apart by a growing epoch.

Time only decides when a lease may be taken over. What keeps a sleeper from doing harm is the epoch,
which every effect checks in its own transaction; clocks may differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tradepost.kernel.clock import EPOCH, Clock
from tradepost.platform.db.statement import (
    AcrossTenants,
    Statement,
    any_of,
    insert,
    param,
    platform_select,
    platform_update,
)
from tradepost.platform.db.work import Store, Work
from tradepost.platform.outbox import SHARDS
from tradepost.platform.relay.sequencer import last_seq
from tradepost.platform.relay.tables import leases

NOBODY = ""
LEASE_S = 15.0
_l = leases.c
_MINE = (_l.shard, _l.epoch, _l.acked_seq)
_OF = platform_update(leases).where(_l.consumer == param("of"))
_BEGIN = AcrossTenants(
    insert(leases)
    .values({c.name: param(c.name, c) for c in leases.c})
    .on_conflict_do_nothing(index_elements=["consumer", "shard"])
)
_RENEW = AcrossTenants(
    _OF.where(_l.owner == param("me")).values(until_at=param("until_at")).returning(*_MINE)
)
_TAKING = _OF.values(owner=param("owner"), epoch=_l.epoch + 1, until_at=param("until_at"))
_f = leases.alias("free")
_FREE = (
    platform_select(_f.c.shard)
    .where(_f.c.consumer == param("of"))
    .where(_f.c.until_at < param("now"))
    .order_by(_f.c.shard)
    .limit(param("want"))
    .with_for_update(skip_locked=True)
)
_TAKE = AcrossTenants(_TAKING.where(_l.shard.in_(_FREE)).returning(*_MINE))
_TAKE_ALL = AcrossTenants(_TAKING.where(_l.owner != param("me")).returning(*_MINE))
_RELEASE = AcrossTenants(
    _OF.where(_l.owner == param("me"))
    .where(any_of(_l.shard, "shards"))
    .values(owner=NOBODY, until_at=EPOCH)
)
_CHECK = Statement(
    platform_select(_l.shard, _l.epoch)
    .where(_l.consumer == param("consumer"))
    .where(any_of(_l.shard, "shards"))
    .order_by(_l.shard)
    .with_for_update()
)
_MOVE = Statement(_OF.where(any_of(_l.shard, "shards")).values(acked_seq=param("acked_seq")))


class Fenced(Exception):
    """The lease has passed to somebody else; nothing may be done in its name."""


@dataclass(frozen=True)
class Fence:
    """The epochs under which a consumer holds some shards, checked where the effect is."""

    consumer: str
    epochs: Mapping[int, int]

    async def check(self, work: Work) -> None:
        """Hold the leases until this transaction ends; :class:`Fenced` if one is lost."""
        rows = await work.all(_CHECK, consumer=self.consumer, shards=sorted(self.epochs))
        if {row[0]: row[1] for row in rows} != self.epochs:
            raise Fenced(self.consumer)

    async def move(self, work: Work, reached: Mapping[int, int]) -> None:
        """Move the positions; :meth:`check` comes first in the same transaction."""
        by_seq: dict[int, list[int]] = {}
        for shard, seq in sorted(reached.items()):
            by_seq.setdefault(seq, []).append(shard)
        for seq, shards in by_seq.items():
            await work.run(_MOVE, of=self.consumer, shards=shards, acked_seq=seq)


class Leases:
    """The shards that one process holds for one consumer.

    ``alone`` is for a store that only one process can write: whatever a dead one held is taken
    at once.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        consumer: str,
        owner: str,
        *,
        seconds: float = LEASE_S,
        alone: bool = False,
        from_now: bool = False,
    ) -> None:
        self.held: dict[int, int] = {}
        self.positions: dict[int, int] = {}
        self._store = store
        self._clock = clock
        self._consumer = consumer
        self._owner = owner
        self._length = timedelta(seconds=seconds)
        self._alone = alone
        self._from_now = from_now
        self._begun = False
        self._renew_at = EPOCH

    @property
    def due(self) -> bool:
        """Whether it is time to :meth:`keep` them."""
        return self._clock.now() >= self._renew_at

    def fence(self, shards: Iterable[int] | None = None) -> Fence:
        """The fence of some of the shards held, or of all."""
        chosen = self.held if shards is None else shards
        return Fence(self._consumer, {shard: self.held[shard] for shard in chosen})

    async def keep(self, share: int = SHARDS) -> set[int]:
        """Renew, take what is free up to a fair share, give away what exceeds it.

        The shards that are new, or held under a new epoch; their positions come from the store.
        """
        now = self._clock.now()
        self._renew_at = now + self._length / 3
        known = dict(self.held)

        async def job(work: Work) -> dict[int, tuple[int, int]]:
            if not self._begun:
                await self._begin(work)
            values = {"of": self._consumer, "me": self._owner, "until_at": now + self._length}
            rows = await work.all(_RENEW, **values)
            values["owner"] = self._owner
            if self._alone:
                rows += await work.all(_TAKE_ALL, **values)
            elif (want := share - len(rows)) > 0:
                rows += await work.all(_TAKE, **values, now=now, want=want)
            elif want < 0:
                extra = sorted(row[0] for row in rows)[want:]
                await work.run(_RELEASE, of=self._consumer, me=self._owner, shards=extra)
                rows = [row for row in rows if row[0] not in extra]
            return {shard: (epoch, acked) for shard, epoch, acked in rows}

        mine = await self._store.relay_write(job)
        self._begun = True
        self.held = {shard: epoch for shard, (epoch, _) in mine.items()}
        fresh = {shard for shard, epoch in self.held.items() if known.get(shard) != epoch}
        self.positions = {
            shard: acked if shard in fresh else self.positions[shard]
            for shard, (_, acked) in mine.items()
        }
        return fresh

    def forget(self) -> None:
        """Trust nothing that was held; the next :meth:`keep` asks the store."""
        self.held, self.positions, self._renew_at = {}, {}, EPOCH

    async def save(self) -> None:
        """Write the positions where they are not written with an effect."""
        fence, positions = self.fence(), dict(self.positions)

        async def job(work: Work) -> None:
            await fence.check(work)
            await fence.move(work, positions)

        if positions:
            await self._store.relay_write(job)

    async def release(self) -> None:
        """Give all of them back, so that others need not wait for their end."""
        shards, me, of = list(self.held), self._owner, self._consumer
        self.forget()
        if shards:
            await self._store.relay_write(
                lambda work: work.run(_RELEASE, of=of, me=me, shards=shards)
            )

    async def _begin(self, work: Work) -> None:
        acked = await last_seq(work) if self._from_now else 0
        row = {"consumer": self._consumer, "owner": NOBODY, "epoch": 0, "until_at": EPOCH}
        rows = [{**row, "shard": shard, "acked_seq": acked} for shard in range(SHARDS)]
        await work.run_many(_BEGIN, rows)
