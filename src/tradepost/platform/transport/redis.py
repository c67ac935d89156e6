"""Facts from Redis Streams: a group for each consumer, read by whoever holds the shard's lease.

All holders read under one name, because the lease already lets one of them read at a time: the
next one finds what the last one was given and had not done, and no names of the dead pile up.
What Redis lost, was trimmed away or gave to a sleeper is seen by the number that each entry
follows, and taken from the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from tradepost.platform.db.work import Store
from tradepost.platform.relay.log import READ_MAX, Logged, between
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.transport.port import Batch, Intake, TransportDown
from tradepost.platform.transport.publisher import BATCH, Publisher
from tradepost.platform.transport.streams import Entry, Sent, check, connect, sent, stream_key

HOLDER = "holder"
LOOK_S = 1.0
_Entries = list[tuple[bytes | None, dict[bytes, bytes] | None]]


class RedisTransport:
    """Streams of one Redis database."""

    def __init__(
        self, url: str, store: Store, tail: LogTail, *, prefix: str = "ev", batch: int = BATCH
    ) -> None:
        self.client = connect(url)
        self.publisher = Publisher(store, tail, self.client, prefix=prefix, batch=batch)
        self._store = store
        self._prefix = prefix

    async def open(self) -> None:
        """Refuse to start on a Redis that is not fit; one that is down may come back."""
        with suppress(TransportDown):
            await check(self.client)

    def intake(self, consumer: str) -> Intake:
        """The consumer's group on every shard's stream."""
        return RedisIntake(self._store, self.client, consumer, self._prefix)

    async def run(self, stop: asyncio.Event) -> None:
        """Publish."""
        await self.publisher.run(stop)

    async def drain(self) -> None:
        """Publish all that is in the log now."""
        while await self.publisher.lead() and await self.publisher.step(0):
            pass
        await self.publisher.resign()

    async def close(self) -> None:
        """Let go of the connections."""
        await self.client.aclose()


class RedisIntake:
    """Reads the streams of the shards that are held; the store says how far they should reach."""

    def __init__(self, store: Store, client: Redis, group: str, prefix: str) -> None:
        self.gaps = 0
        self._store = store
        self._client = client
        self._group = group
        self._prefix = prefix
        self._keys: dict[int, str] = {}
        self._given: dict[int, list[bytes]] = {}
        self._old: dict[int, _Entries] = {}
        self._look_at = 0.0

    async def fetch(self, positions: Mapping[int, int], limit: int, wait_s: float) -> Batch:
        """What follows the positions; from the log where Redis does not have it."""
        try:
            if self._keys.keys() != positions.keys():
                await self._join(positions)
            entries = self._left() or await self._read(limit, wait_s)
        except ResponseError as error:
            self.again()
            if "NOGROUP" in str(error) or "UNBLOCKED" in str(error):
                return Batch([], {})
            raise TransportDown(why=str(error)) from error
        except (RedisError, OSError) as error:
            self.again()
            raise TransportDown(why=str(error)) from error
        if entries:
            return await self._batch(entries, positions)
        return await self._missing(positions)

    def again(self) -> None:
        """Join anew: what was given and not done is read first."""
        self._keys, self._given, self._old = {}, {}, {}

    async def done(self, reached: Mapping[int, int]) -> None:
        """Tell Redis; what it does not hear it gives again, and the position drops it."""
        given, self._given = self._given, {}
        pipe = self._client.pipeline(transaction=False)
        for shard, ids in given.items():
            if ids and shard in self._keys:
                pipe.xack(self._keys[shard], self._group, *ids)
        try:
            await pipe.execute(raise_on_error=False)
        except (RedisError, OSError):
            self.again()

    async def close(self) -> None:
        """The client is its maker's."""

    async def _join(self, shards: Iterable[int]) -> None:
        """See that the groups are there, and find what was given and is not done."""
        now = await self._store.relay_read(sent)
        keys = {s: stream_key(self._prefix, now.get(s, Sent(1, 0)).epoch, s) for s in shards}
        pipe = self._client.pipeline(transaction=False)
        for key in keys.values():
            pipe.xgroup_create(key, self._group, id="0", mkstream=True)
        for answer in await pipe.execute(raise_on_error=False):
            if isinstance(answer, Exception) and "BUSYGROUP" not in str(answer):
                raise answer
        old: dict[int, _Entries] = {}
        for shard, key in keys.items():
            last: Any = "0"
            while True:
                answer = await self._read_group({key: last}, READ_MAX)
                found: _Entries = answer[0][1] if answer else []
                if not found:
                    break
                old.setdefault(shard, []).extend(found)
                last = found[-1][0]
        self._keys, self._old, self._given = keys, old, {}

    def _left(self) -> dict[int, _Entries]:
        left, self._old = self._old, {}
        return left

    async def _read(self, limit: int, wait_s: float) -> dict[int, _Entries]:
        streams = dict.fromkeys(self._keys.values(), ">")
        block = ["BLOCK", max(int(wait_s * 1000), 1)] if wait_s else []
        answer = await self._read_group(streams, max(limit // 4, 1), *block)
        shards = {key.encode(): shard for shard, key in self._keys.items()}
        return {shards[key]: entries for key, entries in answer}

    async def _read_group(self, streams: Mapping[str, Any], count: int, *block: Any) -> Any:
        head = ["XREADGROUP", "GROUP", self._group, HOLDER, "COUNT", count, *block]
        run: Any = self._client.execute_command  # the typed form hides that keys are bytes
        return await run(*head, "STREAMS", *streams, *streams.values())

    async def _batch(self, entries: dict[int, _Entries], positions: Mapping[int, int]) -> Batch:
        """The entries in order, with what is missing between them."""
        facts: list[Logged] = []
        reached: dict[int, int] = {}
        for shard, given in entries.items():
            position = positions[shard]
            ids = self._given.setdefault(shard, [])
            for entry_id, fields in given:
                if entry_id is None:
                    continue
                ids.append(entry_id)
                if not fields:
                    continue
                entry = Entry.read(fields)
                if entry.fact.seq <= position:
                    continue
                if entry.after > position:
                    self.gaps += 1
                    facts += await self._from_log(shard, position, entry.fact.seq)
                facts.append(entry.fact)
                position = entry.fact.seq
            reached[shard] = position
        facts.sort(key=_by_seq)
        return Batch(facts, reached)

    async def _missing(self, positions: Mapping[int, int]) -> Batch:
        """Nothing came: look, now and then, whether something should have."""
        now = asyncio.get_running_loop().time()
        if now < self._look_at:
            return Batch([], {})
        self._look_at = now + LOOK_S
        published = await self._store.relay_read(sent)
        facts: list[Logged] = []
        reached: dict[int, int] = {}
        for shard, one in published.items():
            if shard not in positions:
                continue
            if self._keys.get(shard) != stream_key(self._prefix, one.epoch, shard):
                self.again()
            if one.seq > positions[shard]:
                found = await self._from_log(shard, positions[shard], one.seq + 1)
                if found:
                    self.gaps += 1
                    facts += found
                    reached[shard] = found[-1].seq
        facts.sort(key=_by_seq)
        return Batch(facts, reached)

    async def _from_log(self, shard: int, position: int, before: int) -> list[Logged]:
        found: list[Logged] = []
        while True:
            after = found[-1].seq if found else position
            look = partial(between, shard=shard, seq=after, before=before, limit=READ_MAX)
            rows = await self._store.relay_read(look)
            found += rows
            if len(rows) < READ_MAX:
                return found


def _by_seq(row: Logged) -> int:
    return row.seq
