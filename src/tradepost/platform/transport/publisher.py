"""Passes the log on to Redis Streams: one leader, explicit ids, positions kept in the store.

The store is the truth and Redis a copy of its newest part. When Redis holds less than was sent
(it was flushed, or lost the tail of its file), sending begins again after the lowest number that
every consumer has done with; what Redis still has it refuses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import func

from tradepost.kernel.errors import Refusal
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.statement import (
    AcrossTenants,
    insert,
    param,
    platform_select,
    platform_update,
)
from tradepost.platform.db.work import Store, Work
from tradepost.platform.failpoints import reach
from tradepost.platform.outbox import SHARDS
from tradepost.platform.relay.leadership import Leadership
from tradepost.platform.relay.log import event_ids
from tradepost.platform.relay.tables import leases, publisher_cursors
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.transport.port import TransportDown
from tradepost.platform.transport.streams import (
    TRANSPORT,
    WHOLE,
    Entry,
    Sent,
    check,
    sent,
    stream_key,
)
from tradepost.platform.wake import rest

BATCH = 1000
LOOK_S = 1.0
TRIM_S = 5.0
TROUBLE_FIRST_S = 0.1
TROUBLE_MAX_S = 5.0
ROLE = "tradepost.publisher"
_log = structlog.get_logger("tradepost.publisher")
_p, _l = publisher_cursors.c, leases.c
_BEGIN = AcrossTenants(
    insert(publisher_cursors)
    .values(transport=TRANSPORT, shard=param("shard"), epoch=1, seq=0)
    .on_conflict_do_nothing(index_elements=["transport", "shard"])
)
_STORE = AcrossTenants(
    platform_update(publisher_cursors)
    .where(_p.transport == TRANSPORT)
    .where(_p.shard == param("of"))
    .values(epoch=param("epoch"), seq=param("seq"))
)
_ADD = """
local refused
for i = 1, #ARGV, 4 do
  local key, id = KEYS[tonumber(ARGV[i])], ARGV[i + 1]
  local answer = redis.pcall('XADD', key, id, 'f', ARGV[i + 2], 'a', ARGV[i + 3])
  local why = type(answer) == 'table' and answer.err
  if why and not why:find('equal or smaller', 1, true) then
    refused = refused or why
  end
end
return refused
"""
"""Adds many entries with one answer: an answer for each cost as much as sending it. An id that is
not above the stream's top is there already; anything else that Redis says is trouble."""
_LOWEST = AcrossTenants(
    platform_select(_l.shard, func.min(_l.acked_seq).label("lowest")).group_by(_l.shard)
)


class Publisher:
    """Sends what is new while it leads."""

    def __init__(
        self, store: Store, tail: LogTail, client: Redis, *, prefix: str = "ev", batch: int = BATCH
    ) -> None:
        self.published = 0
        self.rewound = 0
        self._store = store
        self._tail = tail
        self._client = client
        self._add = client.register_script(_ADD)
        self._prefix = prefix
        self._batch = batch
        self._leadership = Leadership(store, ROLE)
        self._sent: dict[int, Sent] = {}
        self._forgotten: set[int] = set()
        """Shards of which Redis has lost what everybody has done with."""
        self._trim_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Lead if nobody else does, and send what comes, until told to stop."""
        pause = 0.0
        try:
            while not stop.is_set():
                try:
                    if not await self.lead():
                        await rest(stop, LOOK_S)
                        continue
                    await self.step(LOOK_S)
                    pause = 0.0
                except (RedisError, OSError, StoreError, Refusal) as error:
                    _log.warning("the publisher waits", error=repr(error))
                    await self.resign()
                    pause = min(max(pause * 2, TROUBLE_FIRST_S), TROUBLE_MAX_S)
                    await rest(stop, pause)
        finally:
            await self.resign()

    async def lead(self) -> bool:
        """Whether this one leads now; tries to if not."""
        if self._sent:
            if await self._leadership.holds():
                return True
            await self.resign()
        if not await self._leadership.take():
            return False
        await self._leadership.session.write(_begin)
        self._sent = await self._store.relay_read(sent)
        try:
            await check(self._client)  # it may have come back with other settings
            await self._verify()
        except BaseException:
            self._sent = {}
            raise
        return True

    async def resign(self) -> None:
        """Give the leadership back."""
        self._sent = {}
        self._forgotten.clear()
        await self._leadership.give_back()

    async def step(self, wait_s: float) -> int:
        """See that Redis has what was sent, then send one batch; how many facts it was.

        Waits for something to send, at most so long.
        """
        grown = await self._tail.beyond(self._sent[WHOLE].seq, wait_s)
        await self._compare()
        await self._trim()
        return await self._send() if grown or self._sent[WHOLE].seq < self._tail.top else 0

    async def _send(self) -> int:
        rows = await self._tail.read(self._sent[WHOLE].seq, self._batch)
        reached = dict(self._sent)
        waiting: list[tuple[int, Entry]] = []
        count = 0
        for row in rows:
            now = reached[row.shard]
            if row.seq <= now.seq:
                continue
            waiting.append((now.epoch, Entry(row, now.seq)))
            reached[row.shard] = Sent(now.epoch, row.seq)
            self._forgotten.discard(row.shard)
            count += 1
            if count == self._batch // 2:
                await self._added(waiting)
                waiting = []
                reach("publisher.mid_send")
        reach("publisher.before_send")
        await self._added(waiting)
        reach("publisher.after_send")
        if rows:
            reached[WHOLE] = Sent(reached[WHOLE].epoch, rows[-1].seq)
            await self._keep(reached)
        reach("publisher.after_store")
        self.published += count
        return count

    async def _added(self, entries: Sequence[tuple[int, Entry]]) -> None:
        """Add entries to the streams of their epochs; those that are there already stay.

        :raises TransportDown: if Redis takes them for another reason not.
        """
        if not entries:
            return
        keys: dict[str, int] = {}
        args: list[Any] = []
        for epoch, entry in entries:
            key = stream_key(self._prefix, epoch, entry.fact.shard)
            place = keys.setdefault(key, len(keys) + 1)
            args += (place, f"{entry.fact.seq}-0", *entry.fields().values())
        refused = await self._add(keys=list(keys), args=args)
        if refused is not None:
            raise TransportDown(why=bytes(refused).decode())

    async def _keep(self, reached: dict[int, Sent]) -> None:
        """Store what has changed of the positions, on the session that leads."""
        rows = [
            {"of": shard, "epoch": one.epoch, "seq": one.seq}
            for shard, one in sorted(reached.items())
            if one != self._sent[shard]
        ]
        if rows:
            await self._leadership.session.write(lambda work: work.run_many(_STORE, rows))
        self._sent = reached

    async def _compare(self) -> None:
        """Where Redis holds less than was sent, go back to what every consumer has done with."""
        tops = await self._tops()
        behind = {s for s, top in tops.items() if top < self._sent[s].seq} - self._forgotten
        if not behind:
            return
        lowest = await self._lowest()
        back = dict(self._sent)
        for shard in behind:
            one = self._sent[shard]
            seq = min(lowest.get(shard, one.seq), one.seq)
            if seq == one.seq:
                self._forgotten.add(shard)
                continue
            self.rewound += 1
            back[shard] = Sent(one.epoch, seq)
            back[WHOLE] = Sent(one.epoch, min(back[WHOLE].seq, seq))
        await self._keep(back)

    async def _verify(self) -> None:
        """See that the streams tell what the log tells; if not, begin new ones.

        They differ when the store was restored from a copy: its numbers are given again, and
        streams that have them already would refuse the facts.
        """
        pipe = self._client.pipeline(transaction=False)
        shards = [shard for shard in sorted(self._sent) if shard != WHOLE]
        for shard in shards:
            pipe.xrevrange(stream_key(self._prefix, self._sent[shard].epoch, shard), count=1)
        newest = [Entry.read(found[0][1]).fact for found in await pipe.execute() if found]
        seqs = [fact.seq for fact in newest]
        known = await self._store.relay_read(lambda db: event_ids(db, seqs))
        if any(known.get(fact.seq) != fact.event_id for fact in newest):
            await self._renew()

    async def _renew(self) -> None:
        old = {stream_key(self._prefix, one.epoch, s) for s, one in self._sent.items()}
        epoch = max(one.epoch for one in self._sent.values()) + 1
        lowest = await self._lowest()
        fresh = {shard: Sent(epoch, lowest.get(shard, 0)) for shard in self._sent}
        fresh[WHOLE] = Sent(epoch, min(lowest.values(), default=0))
        await self._keep(fresh)
        await self._client.unlink(*old)

    async def _tops(self) -> dict[int, int]:
        """The last id that each stream has given; 0 for one that is not there."""
        pipe = self._client.pipeline(transaction=False)
        shards = [shard for shard in sorted(self._sent) if shard != WHOLE]
        for shard in shards:
            pipe.xinfo_stream(stream_key(self._prefix, self._sent[shard].epoch, shard))
        answers = await pipe.execute(raise_on_error=False)
        tops = {}
        for shard, answer in zip(shards, answers, strict=True):
            if isinstance(answer, ResponseError) and "no such key" in str(answer):
                tops[shard] = 0
            elif isinstance(answer, Exception):
                raise answer
            else:
                tops[shard] = int(bytes(answer["last-generated-id"]).partition(b"-")[0])
        return tops

    async def _lowest(self) -> dict[int, int]:
        """The lowest number that every consumer of a shard has done with."""
        rows = await self._store.relay_read(lambda db: db.all(_LOWEST))
        return {shard: int(lowest) for shard, lowest in rows}

    async def _trim(self) -> None:
        """Let Redis forget what every consumer has done with."""
        now = asyncio.get_running_loop().time()
        if now < self._trim_at:
            return
        self._trim_at = now + TRIM_S
        pipe = self._client.pipeline(transaction=False)
        for shard, lowest in (await self._lowest()).items():
            key = stream_key(self._prefix, self._sent[shard].epoch, shard)
            pipe.xtrim(key, minid=f"{min(lowest, self._sent[shard].seq) + 1}-0", approximate=True)
        await pipe.execute(raise_on_error=False)


async def _begin(work: Work) -> None:
    await work.run_many(_BEGIN, [{"shard": shard} for shard in range(WHOLE, SHARDS)])
