"""The one sequencer: moves facts from the outbox into the log, with dense numbers.

A number drawn before the commit tells nothing about when the commit is seen, so no reader may keep
a cursor over it. Here the numbers are given to rows that are already visible, by one leader, in
the transaction that moves them: a fact is in the outbox or in the log, and the log has no gap
(docs/decisions). Order inside a document holds because it wrote its rows under its own lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy import BigInteger, bindparam, text

from tradepost.kernel.clock import Clock, to_micros
from tradepost.kernel.errors import Refusal
from tradepost.platform import outbox as box
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.statement import (
    AcrossTenants,
    insert,
    param,
    platform_select,
    platform_update,
)
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.platform.failpoints import reach
from tradepost.platform.relay.leadership import Leadership
from tradepost.platform.relay.tables import seq_counter
from tradepost.platform.wake import Wake, rest

BATCH = 1000
INTERVAL_MIN_S = 0.02
INTERVAL_MAX_S = 0.05
LEAD_AGAIN_S = 1.0
ROLE = "tradepost.sequencer"
_log = structlog.get_logger("tradepost.sequencer")

_FIRST = "SELECT id FROM outbox ORDER BY id LIMIT :batch"


def _numbered(shard: str, source: str) -> str:
    """Insert what a source of outbox rows holds, numbered from the base on."""
    columns = ", ".join(column.name for column in box.outbox.c if column.name != "id")
    return (
        f"INSERT INTO event_log (seq, {columns}, shard, logged_at)"  # noqa: S608  names of the schema
        f" SELECT CAST(:base AS bigint) + row_number() OVER (ORDER BY id), {columns},"
        f" ({shard}) % {box.SHARDS}, :now FROM {source}"
    )


_LAST_BYTE = "get_byte(uuid_send(stream_id), 15)"
_LAST_DIGIT = "instr('0123456789ABCDEF', substr(hex(stream_id), 32, 1)) - 1"
_TEXTS = {
    "postgresql": [
        f"WITH moved AS (DELETE FROM outbox WHERE id IN ({_FIRST}) RETURNING *) "  # noqa: S608  no input
        + _numbered(_LAST_BYTE, "moved")
    ],
    "sqlite": [
        _numbered(_LAST_DIGIT, "(SELECT * FROM outbox ORDER BY id LIMIT :batch)"),
        f"DELETE FROM outbox WHERE id IN ({_FIRST})",  # noqa: S608  no input
    ],
}
_BINDS = [bindparam(name, type_=BigInteger) for name in ("base", "batch", "now")]
_MOVES = {
    dialect: [
        AcrossTenants(text(sql).bindparams(*(b for b in _BINDS if f":{b.key}" in sql)))
        for sql in texts
    ]
    for dialect, texts in _TEXTS.items()
}
_START = AcrossTenants(
    insert(seq_counter).values(one=1, n=0).on_conflict_do_nothing(index_elements=["one"])
)
_LAST = AcrossTenants(platform_select(seq_counter.c.n))
_LAST_LOCKED = AcrossTenants(platform_select(seq_counter.c.n).with_for_update())
_COUNTED = AcrossTenants(platform_update(seq_counter).values(n=param("n")))
_WAITING = AcrossTenants(platform_select(box.outbox.c.id).limit(1))


async def last_seq(db: Reader) -> int:
    """The number of the last fact in the log; 0 while there is none."""
    return int(await db.value(_LAST) or 0)


class Sequencer:
    """Moves facts while it leads; any number may run, on any number of machines."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        on_moved: Callable[[], None] = lambda: None,
        batch: int = BATCH,
        interval_max_s: float = INTERVAL_MAX_S,
    ) -> None:
        self.wake = Wake()
        self.leads = False
        self.moved = 0
        self._store = store
        self._clock = clock
        self._on_moved = on_moved
        self._batch = batch
        self._interval_max_s = interval_max_s
        self._leadership = Leadership(store, ROLE)

    async def run(self, stop: asyncio.Event) -> None:
        """Lead if nobody else does, and move what comes, until told to stop."""
        pause = INTERVAL_MIN_S
        moved = 0
        try:
            while not stop.is_set():
                more, moved = moved == self._batch, 0
                try:
                    if await self.lead():
                        moved = await self.move(look=not more)
                except (StoreError, Refusal) as error:
                    _log.warning("the sequencer waits", error=repr(error))
                    await self.resign()
                if moved == self._batch:
                    continue
                if not self.leads:
                    await rest(stop, LEAD_AGAIN_S)
                    continue
                pause = INTERVAL_MIN_S if moved else min(pause * 2, self._interval_max_s)
                await self.wake.wait(pause)
                await asyncio.sleep(INTERVAL_MIN_S)
        finally:
            await self.resign()

    async def lead(self) -> bool:
        """Whether this one leads now; tries to if not."""
        if self.leads:
            if await self._leadership.holds():
                return True
            await self.resign()
        self.leads = await self._leadership.take()
        if self.leads:
            await self._leadership.session.write(_prepare)
        return self.leads

    async def move(self, *, look: bool = True) -> int:
        """Move one batch, at most; how many facts it was.

        With ``look`` the counter is left alone while nothing waits, which is most of the time.
        """
        if look and not await self._store.relay_read(_is_waiting):
            return 0
        moved = await self._leadership.session.write(self._move)
        reach("relay.after_move")
        self.moved += moved
        if moved:
            self._on_moved()
        return moved

    async def drain(self) -> int:
        """Lead and move until the outbox is empty; how many facts it was."""
        total = 0
        while await self.lead() and (moved := await self.move()):
            total += moved
        return total

    async def resign(self) -> None:
        """Give the leadership back."""
        self.leads = False
        await self._leadership.give_back()

    async def _move(self, work: Work) -> int:
        base = int(await work.value(_LAST_LOCKED))
        reach("relay.before_move")
        values = {"base": base, "batch": self._batch, "now": to_micros(self._clock.now())}
        first, *rest = _MOVES[work.dialect]
        moved = await work.run(first, **values)
        reach("relay.mid_move")
        for statement in rest:
            await work.run(statement, **values)
        if moved:
            await work.run(_COUNTED, n=base + moved)
        reach("relay.before_commit")
        return moved


async def _prepare(work: Work) -> None:
    await work.run(_START)


async def _is_waiting(db: Reader) -> bool:
    return await db.value(_WAITING) is not None
