"""How a work ends: told as done only if it is, and a store that is closed says so."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import uuid4

import pytest

from tests.contracts.test_store import kept, shop
from tradepost.kernel.messages import Scope
from tradepost.platform.db.errors import StoreBusy, StoreError
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.tenancy.storage import STORES


async def test_a_swallowed_error_is_no_commit_of_nothing(store: Store, scope: Scope) -> None:
    """PostgreSQL answers COMMIT with ROLLBACK after an error; nobody may take that for done."""
    one = shop("a", "one")
    await kept(store, scope, one)
    two = shop("b", "two")

    async def job(work: Work) -> str:
        STORES.add(work, two)
        await work.flush()
        STORES.add(work, one)
        with suppress(StoreError):
            await work.flush()
        return "done"

    said: object
    try:
        said = await store.write(scope, job)
    except StoreError as error:
        said = error

    async def look(db: Reader) -> int:
        return len(await STORES.get_many(db, [two.id]))

    assert (said == "done") == bool(await store.read(scope.tenant_id, look))


async def test_a_closed_store_says_so(store: Store, scope: Scope) -> None:
    await store.close()

    async def write(work: Work) -> None:
        raise AssertionError("nothing is begun")

    async def read(db: Reader) -> None:
        raise AssertionError("nothing is begun")

    async with asyncio.timeout(5):
        with pytest.raises(StoreBusy):
            await store.write(scope, write)
        with pytest.raises(StoreBusy):
            await store.lane_write(scope, write, wishes=2)
        with pytest.raises(StoreBusy):
            await store.read(scope.tenant_id, read)


async def test_who_leaves_at_any_moment_is_told_nothing_else(store: Store, scope: Scope) -> None:
    """In whichever step a caller is cancelled, that is all that comes of it."""

    async def job(work: Work) -> None:
        STORES.add(work, shop(uuid4().hex[:12]))

    for steps in range(120):
        task = asyncio.create_task(store.write(scope, job))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        (said,) = await asyncio.gather(task, return_exceptions=True)
        assert said is None or isinstance(said, asyncio.CancelledError), repr(said)
    await store.write(scope, job)
