"""Keys are looked up for all who ask, and one that cannot be read keeps nobody waiting."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from tests.lanes.pads import Desk, TakeNote, bus_of, person
from tradepost.kernel.ids import TenantId
from tradepost.platform.db.work import Store, Work
from tradepost.platform.granting import Stamped
from tradepost.platform.idempotency import Asked, idempotency_keys, principal_of
from tradepost.wiring.rush.keys import KnownKeys


def _asks(tenant_id: TenantId, n: int) -> Stamped:
    by = person(tenant_id, n)
    asked = Asked(principal_of(by), "TakeNote", f"key-{n:012}", "")
    return Stamped(TakeNote(f"note {n}", by=by), asked)


async def test_an_answer_that_cannot_be_read_keeps_nobody_waiting(
    store: Store, tenant_id: TenantId
) -> None:
    bus, bad = bus_of(store, Desk()), _asks(tenant_id, 1)
    assert bad.asked is not None
    row = {"principal": bad.asked.principal, "route": "TakeNote", "key": bad.asked.key}
    unreadable = {**row, "fingerprint": "", "answer": "{}", "answered_at": datetime.now(UTC)}

    async def job(work: Work) -> None:
        work.add(idempotency_keys, unreadable)

    await store.write(bad.command.by, job)
    keys = KnownKeys(bus)
    async with asyncio.timeout(5):
        assert await keys.has(bad), "in doubt the lane answers"
        assert not await keys.has(_asks(tenant_id, 2))
