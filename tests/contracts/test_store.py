"""What every store promises: whole transactions, versions, keys, lists, values, tenants apart."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import delete, func

from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import LocationId, StoreId, TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.errors import DuplicateKey, RuleBroken, StoreError, TryAgain
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    scoped,
    scoped_delete,
    scoped_update,
)
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.tenancy.domain import Location, LocationKind, PlaceStatus
from tradepost.tenancy.domain import Store as Shop
from tradepost.tenancy.storage import LOCATIONS, STORES, stores

_NAMES = Statement(scoped(stores, stores.c.name).order_by(stores.c.code))
_COUNT = Statement(scoped(stores, func.count().label("n")))
_SOME = Statement(scoped(stores, stores.c.code).where(any_of(stores.c.id, "ids")))
_OF_STATUS = Statement(scoped(stores, stores.c.code).where(any_of(stores.c.status, "statuses")))
_RENAME = Statement(
    scoped_update(stores).where(stores.c.code == param("was")).values(name=param("name"))
)
_DELETE = Statement(scoped_delete(stores).where(stores.c.code == param("was")))
_LOCK = Statement(scoped(stores, stores.c.name).where(stores.c.code == "a").with_for_update())


def shop(code: str, name: str = "A shop") -> Shop:
    """A record to be kept."""
    return Shop(StoreId(uuid4()), code, name, PlaceStatus.ACTIVE, 1)


async def names(store: Store, scope: Scope) -> list[str]:
    """What is kept, by code."""

    async def look(db: Reader) -> list[str]:
        return [row[0] for row in await db.all(_NAMES)]

    return await store.read(scope.tenant_id, look)


async def kept(store: Store, scope: Scope, *shops: Shop) -> None:
    """Keep records."""

    async def job(work: Work) -> None:
        STORES.add(work, *shops)

    await store.write(scope, job)


async def test_a_job_is_done_whole_or_not_at_all(store: Store, scope: Scope) -> None:
    await kept(store, scope, shop("a", "one"), shop("b", "two"))
    assert await names(store, scope) == ["one", "two"]

    async def fails(work: Work) -> None:
        STORES.add(work, shop("c"))
        await work.run(_RENAME, was="a", name="other")
        await work.flush()
        raise KeyError("stop")

    with pytest.raises(KeyError):
        await store.write(scope, fails)
    assert await names(store, scope) == ["one", "two"]


async def test_a_work_sees_what_it_has_written(store: Store, scope: Scope) -> None:
    async def job(work: Work) -> tuple[int, int, int]:
        STORES.add(work, shop("a"), shop("b"))
        seen = await work.value(_COUNT)
        return int(seen), await work.run(_DELETE, was="a"), await work.run(_DELETE, was="a")

    assert await store.write(scope, job) == (2, 1, 0)
    assert len(await names(store, scope)) == 1


async def test_a_failed_attempt_is_undone_alone(store: Store, scope: Scope) -> None:
    taken = shop("a")

    async def job(work: Work) -> str:
        STORES.add(work, taken)
        for code in ("b", "a", "c"):
            try:
                async with work.attempt():
                    await work.run(_RENAME, was="a", name=f"renamed by {code}")
                    STORES.add(work, shop(code, code))
            except DuplicateKey as error:
                key = error.constraint
        return key

    assert "code" in await store.write(scope, job)
    assert await names(store, scope) == ["renamed by c", "b", "c"]


async def test_a_refused_attempt_leaves_no_waiting_rows(store: Store, scope: Scope) -> None:
    async def job(work: Work) -> None:
        with pytest.raises(KeyError):
            async with work.attempt():
                STORES.add(work, shop("lost"))
                raise KeyError
        STORES.add(work, shop("kept", "kept"))

    await store.write(scope, job)
    assert await names(store, scope) == ["kept"]


async def test_owners_are_written_before_what_refers_to_them(store: Store, scope: Scope) -> None:
    owner = shop("a")
    place = _place(owner.id)

    async def job(work: Work) -> None:
        LOCATIONS.add(work, place)
        STORES.add(work, owner)

    await store.write(scope, job)
    assert await store.read(scope.tenant_id, lambda db: LOCATIONS.get(db, place.id)) == place


def _place(store_id: StoreId) -> Location:
    return Location(
        LocationId(uuid4()), store_id, "main", "Main", LocationKind.WAREHOUSE, PlaceStatus.ACTIVE, 1
    )


async def test_a_reference_to_nothing_or_to_another_tenants_row_is_refused(
    store: Store, scope: Scope
) -> None:
    other = Scope(TenantId(uuid4()), SYSTEM)
    theirs = shop("a")
    await kept(store, other, theirs)
    for id in (theirs.id, StoreId(uuid4())):

        async def job(work: Work, id: StoreId = id) -> None:
            LOCATIONS.add(work, _place(id))

        with pytest.raises(RuleBroken):
            await store.write(scope, job)


async def test_a_version_is_saved_over_once(store: Store, scope: Scope) -> None:
    one = shop("a")
    await kept(store, scope, one)

    async def save(work: Work) -> int:
        return await STORES.save(work, one, 1)

    assert await store.write(scope, save) == 2
    with pytest.raises(Stale) as raised:
        await store.write(scope, save)
    assert (raised.value.version, raised.value.current) == (1, 2)

    async def absent(work: Work) -> int:
        return await STORES.save(work, shop("b"), 1)

    with pytest.raises(Unknown):
        await store.write(scope, absent)


async def test_of_many_who_save_one_version_one_does(store: Store, scope: Scope) -> None:
    one = shop("a")
    await kept(store, scope, one)

    async def save(work: Work) -> int:
        return await STORES.save(work, one, 1)

    done = await asyncio.gather(
        *(store.write(scope, save) for _ in range(8)), return_exceptions=True
    )
    assert [answer for answer in done if answer == 2] == [2]
    assert all(isinstance(answer, Stale | TryAgain) for answer in done if answer != 2)


async def test_no_update_is_lost(store: Store, scope: Scope) -> None:
    await kept(store, scope, shop("a", "0"))

    async def count(work: Work) -> None:
        (found,) = await work.all(_LOCK)
        await work.run(_RENAME, was="a", name=str(int(found[0]) + 1))

    await asyncio.gather(*(store.write(scope, count) for _ in range(20)))
    assert await names(store, scope) == ["20"]


async def test_a_code_is_taken_once_by_each_tenant(store: Store, scope: Scope) -> None:
    other = Scope(TenantId(uuid4()), SYSTEM)
    same = shop("a", "ours")
    await kept(store, scope, same)
    await kept(store, other, shop("a", "theirs"))
    await kept(store, other, Shop(same.id, "b", "same id", PlaceStatus.ACTIVE, 1))
    with pytest.raises(DuplicateKey, match="code"):
        await kept(store, scope, shop("a"))
    assert await names(store, scope) == ["ours"]
    assert await names(store, other) == ["theirs", "same id"]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 31, 1000])
async def test_lists_of_any_length_are_bound(store: Store, scope: Scope, size: int) -> None:
    shops = [shop(f"{n:04}") for n in range(max(size, 3))]
    await kept(store, scope, *shops)
    wanted = [one.id for one in shops[:size]]

    async def look(db: Reader) -> list[str]:
        return sorted(row[0] for row in await db.all(_SOME, ids=[*wanted, *wanted[:2]]))

    assert await store.read(scope.tenant_id, look) == [one.code for one in shops[:size]]


async def test_lists_of_choices_are_bound(store: Store, scope: Scope) -> None:
    closed = Shop(StoreId(uuid4()), "b", "B", PlaceStatus.CLOSED, 1)
    await kept(store, scope, shop("a"), closed)

    async def look(db: Reader) -> list[str]:
        return [row[0] for row in await db.all(_OF_STATUS, statuses=[PlaceStatus.CLOSED])]

    assert await store.read(scope.tenant_id, look) == ["b"]


async def test_a_statement_runs_once_for_each_set_of_values(store: Store, scope: Scope) -> None:
    await kept(store, scope, shop("a"), shop("b"), shop("c"))

    async def job(work: Work) -> None:
        await work.run_many(_RENAME, [{"was": code, "name": code * 2} for code in "abc"])
        await work.run_many(_RENAME, [])

    await store.write(scope, job)
    assert await names(store, scope) == ["aa", "bb", "cc"]


TEXTS = [
    "",
    " ",
    "茶",
    "🫖‍",
    "a\u0301",
    "\u202eabc",
    "'; drop table stores; --",
    "%_\\",
    "x" * 10**6,
]


async def test_texts_come_back_as_they_were(store: Store, scope: Scope) -> None:
    await kept(store, scope, *(shop(f"{n:02}", text) for n, text in enumerate(TEXTS)))
    assert await names(store, scope) == TEXTS


async def test_another_tenant_sees_changes_and_deletes_nothing(store: Store, scope: Scope) -> None:
    one = shop("a", "ours")
    await kept(store, scope, one)
    other = Scope(TenantId(uuid4()), SYSTEM)

    async def meddle(work: Work) -> tuple[int, int, object]:
        changed = await work.run(_RENAME, was="a", name="stolen")
        deleted = await work.run(_DELETE, was="a")
        return changed, deleted, await STORES.find(work, one.id)

    assert await store.write(other, meddle) == (0, 0, None)
    assert await names(store, other) == []
    assert await names(store, scope) == ["ours"]


async def test_a_row_of_another_tenant_cannot_be_added(store: Store, scope: Scope) -> None:
    row = STORES.rows.dump(shop("a")) | {"tenant_id": TenantId(uuid4())}

    async def job(work: Work) -> None:
        work.add(stores, row)

    with pytest.raises(RuleBroken, match="another tenant"):
        await store.write(scope, job)


async def test_a_statement_that_names_no_tenant_is_refused(store: Store, scope: Scope) -> None:
    bare = Statement(delete(stores).where(stores.c.code == "a"))
    with pytest.raises(AssertionError, match="without its tenant"):
        await store.write(scope, lambda work: work.run(bare))


async def test_a_read_changes_nothing(store: Store, scope: Scope) -> None:
    await kept(store, scope, shop("a", "ours"))
    change = Statement(scoped_update(stores).values(name="changed").returning(stores.c.name))

    async def look(db: Reader) -> None:
        await db.all(change)

    if store.dialect == "sqlite" and getattr(store, "path", None) is None:
        await store.read(scope.tenant_id, look)  # in memory there is one connection: it is undone
    else:
        with pytest.raises(StoreError):
            await store.read(scope.tenant_id, look)
    assert await names(store, scope) == ["ours"]


async def test_a_job_cannot_wait_for_anything_else_on_sqlite(store: Store, scope: Scope) -> None:
    async def job(work: Work) -> None:
        STORES.add(work, shop("a"))
        await asyncio.sleep(0.01)

    if store.dialect == "sqlite":
        with pytest.raises(RuntimeError, match=r"waited|event loop"):
            await store.write(scope, job)
        assert await names(store, scope) == []
    else:
        await store.write(scope, job)
        assert len(await names(store, scope)) == 1


async def test_what_is_cancelled_leaves_the_store_whole(store: Store, scope: Scope) -> None:
    """The caller may leave; the store finishes or undoes, and the next one finds it in order."""
    tasks = [asyncio.create_task(kept(store, scope, shop(f"{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    cancelled = [answer for answer in done if isinstance(answer, asyncio.CancelledError)]
    assert cancelled
    found = await names(store, scope)
    assert len(found) >= 10
    await kept(store, scope, shop("after"))
    assert len(await names(store, scope)) == len(found) + 1


async def test_locked_rows_are_written_together(store: Store, scope: Scope) -> None:
    kept_shops = [shop("a", "one"), shop("b", "two"), shop("c", "three")]
    await kept(store, scope, *kept_shops)
    other = Scope(TenantId(uuid4()), SYSTEM)
    await kept(store, other, shop("a", "theirs"))

    async def job(work: Work) -> None:
        STORES.add(work, shop("d", "four"))
        rows = [{"code": code, "name": code * 2, "version": 7} for code in ("a", "c", "d", "none")]
        await work.update_rows(stores, ("code",), rows)
        await work.update_rows(stores, ("code",), [{"code": "b", "version": 4}], adding=True)
        await work.update_rows(stores, ("code",), [])

    await store.write(scope, job)
    assert await names(store, scope) == ["aa", "two", "cc", "dd"]
    assert await names(store, other) == ["theirs"]
    second = await store.read(scope.tenant_id, lambda db: STORES.get(db, kept_shops[1].id))
    assert second.version == 5


async def test_one_relay_session_leads_and_the_next_takes_over(store: Store) -> None:
    role = f"test.{uuid4()}"
    first, second = await store.relay_session(), await store.relay_session()
    try:
        assert await first.lead(role)
        assert await first.lead(role), "whoever leads goes on leading"
        if store.dialect == "postgresql":
            assert not await second.lead(role)
    finally:
        await first.close()
    assert await second.lead(role)
    await second.close()
    third = await store.relay_session()
    assert await third.lead(role), "what was led ends with the session"
    await third.close()
