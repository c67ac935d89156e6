"""Once, whatever is delivered twice: the effect, its inbox row and the position in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradepost.kernel.messages import SYSTEM, Scope, Told
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.consumer import Consumer
from tradepost.platform.consumers.leases import Fence
from tradepost.platform.consumers.tables import inbox
from tradepost.platform.db.errors import DuplicateKey, TryAgain
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Work
from tradepost.platform.failpoints import reach

_DONE = Statement(
    scoped(inbox, inbox.c.event_id)
    .where(inbox.c.consumer == param("consumer"))
    .where(any_of(inbox.c.event_id, "event_ids"))
)
TRIES_MAX = 3


async def apply(
    bus: Bus,
    consumer: Consumer,
    told: Sequence[Told[Any]],
    fence: Fence,
    reached: Mapping[int, int] | None = None,
) -> int:
    """Let facts of one tenant have their effect, each once; how many had not had it yet.

    With ``reached`` the consumer's position moves in the same transaction.

    :raises Fenced: if the lease is somebody else's by now; then nothing has changed.
    """
    scope = Scope(told[0].tenant_id, SYSTEM, reason=consumer.name)

    async def job(work: Work) -> int:
        await fence.check(work)
        fresh = await _fresh(work, consumer, told)
        reach("worker.before_effect")
        if fresh:
            await consumer.effect(bus, work, fresh)
        if reached:
            await fence.move(work, reached)
        reach("worker.before_commit")
        return len(fresh)

    for tries in range(1, TRIES_MAX + 1):
        try:
            return await bus.within(scope, job)
        except DuplicateKey as taken:  # somebody whose lease has passed to us was still at it
            if "inbox" not in taken.constraint:
                raise
            if tries == TRIES_MAX:
                raise TryAgain(taken.constraint) from taken
    raise AssertionError("unreachable")


async def _fresh(work: Work, consumer: Consumer, told: Sequence[Told[Any]]) -> Sequence[Told[Any]]:
    """Those of the facts that are not in the inbox yet; now they are."""
    ids = [one.event_id for one in told]
    rows = await work.all(_DONE, consumer=consumer.name, event_ids=ids)
    known = {row[0] for row in rows}
    fresh = []
    for one in told:
        if one.event_id not in known:
            known.add(one.event_id)
            fresh.append(one)
    work.add(
        inbox,
        *({"consumer": consumer.name, "event_id": o.event_id, "seq": o.seq} for o in fresh),
    )
    return fresh
