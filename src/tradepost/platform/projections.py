"""Read models made from facts alone: droppable, rebuilt from the log, and comparable with it.

``apply`` must give the same rows in whatever order documents come; the facts of one document come
in order. Rebuilding is one transaction a tenant: readers see the old rows until the new are there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from tradepost.kernel.clock import EPOCH
from tradepost.kernel.messages import Scope, Told
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.consumers.tables import dead_letters, inbox, parked_streams
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    platform_select,
    platform_update,
    scoped,
    scoped_delete,
)
from tradepost.platform.db.work import Reader, Row, Work
from tradepost.platform.facts import FactBook
from tradepost.platform.outbox import event_log
from tradepost.platform.relay.log import LOGGED_COLUMNS, Logged
from tradepost.platform.relay.tables import leases

Apply = Callable[[Work, Sequence[Told[Any]]], Awaitable[None]]
READ_MAX = 1000
_e, _l, _i = event_log.c, leases.c, inbox.c
_HISTORY = Statement(
    scoped(event_log, *LOGGED_COLUMNS)
    .where(_e.seq > param("after"))
    .where(any_of(_e.name, "names"))
    .order_by(_e.seq)
    .limit(param("limit"))
)
_LOCK = Statement(
    platform_select(_l.shard, _l.acked_seq)
    .where(_l.consumer == param("consumer"))
    .order_by(_l.shard)
    .with_for_update()
)
_FENCE = Statement(
    platform_update(leases)
    .where(_l.consumer == param("of"))
    .values(epoch=_l.epoch + 1, owner="", until_at=EPOCH)
)
_DONE = Statement(
    scoped(inbox, _i.event_id)
    .where(_i.consumer == param("consumer"))
    .where(any_of(_i.event_id, "event_ids"))
)
_LEFTOVERS = [
    Statement(scoped_delete(table).where(table.c.consumer == param("consumer")))
    for table in (parked_streams, dead_letters)
]


@dataclass(frozen=True)
class Projection:
    """Tables that ``apply`` fills from facts, and from nothing else."""

    name: str
    facts: frozenset[str]
    tables: tuple[Table, ...]
    apply: Apply

    def consumer(self) -> Consumer:
        """The consumer that keeps it up to date."""

        async def effect(bus: Bus, work: Work, told: Sequence[Told[Any]]) -> None:
            await self.apply(work, told)

        return Consumer(self.name, self.facts, effect)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that only one side has: as it stands, or as the log makes it."""

    table: str
    row: tuple[Any, ...]
    stands: bool


class _Compared(Exception):
    def __init__(self, differences: list[Difference]) -> None:
        super().__init__()
        self.differences = differences


async def rebuild(bus: Bus, projection: Projection, scope: Scope, book: FactBook) -> int:
    """Make a tenant's rows anew from the whole log; how many facts that took."""
    return await bus.within(scope, lambda work: _rebuilt(work, projection, book))


async def compare(
    bus: Bus, projection: Projection, scope: Scope, book: FactBook
) -> list[Difference]:
    """Rebuild in a transaction that is undone; the rows in which the two differ.

    Run it while nothing waits to be consumed: what is behind counts as a difference.
    """

    async def job(work: Work) -> None:
        stands = await _rows(work, projection)
        await _rebuilt(work, projection, book)
        made = await _rows(work, projection)
        raise _Compared(_differences(stands, made))

    try:
        await bus.within(scope, job)
    except _Compared as compared:
        return compared.differences
    raise AssertionError("unreachable")


async def _rebuilt(work: Work, projection: Projection, book: FactBook) -> int:
    """Fence the consumer, so that nobody applies beside us; then all of it, from the start."""
    name = projection.name
    acked = {row[0]: row[1] for row in await work.all(_LOCK, consumer=name)}
    await work.run(_FENCE, of=name)
    for table in projection.tables:
        await work.run(Statement(scoped_delete(table)))
    for leftovers in _LEFTOVERS:
        await work.run(leftovers, consumer=name)
    names = sorted(projection.facts)
    after = count = 0
    while True:
        rows = await work.all(_HISTORY, after=after, names=names, limit=READ_MAX)
        logged = [Logged(*row) for row in rows]
        if logged:
            await projection.apply(work, [row.told(book) for row in logged])
            ahead = [row for row in logged if row.seq > acked.get(row.shard, 0)]
            await _note(work, name, ahead)
            after = logged[-1].seq
        count += len(logged)
        if len(logged) < READ_MAX:
            return count


async def _note(work: Work, consumer: str, rows: list[Logged]) -> None:
    """These have had their effect before the consumer came to them."""
    ids = [row.event_id for row in rows]
    found = await work.all(_DONE, consumer=consumer, event_ids=ids) if ids else []
    known = {row[0] for row in found}
    fresh = [row for row in rows if row.event_id not in known]
    work.add(inbox, *({"consumer": consumer, "event_id": r.event_id, "seq": r.seq} for r in fresh))


async def _rows(db: Reader, projection: Projection) -> dict[str, list[Row]]:
    return {
        table.name: [tuple(row) for row in await db.all(Statement(scoped(table)))]
        for table in projection.tables
    }


def _differences(stands: dict[str, list[Row]], made: dict[str, list[Row]]) -> list[Difference]:
    found = []
    for table, rows in stands.items():
        here, there = set(rows), set(made[table])
        found += [Difference(table, row, stands=True) for row in rows if row not in there]
        found += [Difference(table, row, stands=False) for row in made[table] if row not in here]
    return found
