"""What is looked at ahead is told as any look would tell it, and never when it is old."""

from __future__ import annotations

from uuid import uuid4

from tests.contracts.test_store import kept, shop
from tradepost.kernel.ids import StoreId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.statement import Statement, any_of, param, scoped, scoped_update
from tradepost.platform.db.work import Look, Store, Work
from tradepost.tenancy.storage import STORES, locations, stores

_WHOLE = Statement(STORES.select.where(any_of(stores.c.id, "ids")))
_CODES = Statement(scoped(stores, stores.c.code).where(stores.c.name == param("name")))
_NONE = Statement(scoped(locations, locations.c.id))
_RENAMED = Statement(scoped_update(stores).values(name=param("name")).returning(stores.c.code))
_RENAME = Statement(scoped_update(stores).values(name=param("name")))


async def test_several_looks_ahead_tell_what_each_would(store: Store, scope: Scope) -> None:
    one, two = shop("a", "one"), shop("b", "two")
    await kept(store, scope, one, two)
    whole = (_WHOLE, {"ids": [one.id, two.id]})
    codes = (_CODES, {"name": "two"})

    async def job(work: Work) -> None:
        await work.look_ahead(whole, codes, (_NONE, {}))
        for _ in range(2):  # the second time it is no longer known
            found = [STORES.rows.load(row) for row in await work.all(_WHOLE, ids=[one.id, two.id])]
            assert sorted(found, key=lambda record: record.code) == [one, two]
            assert await work.all(_CODES, name="two") == [("b",)]
            assert await work.all(_CODES, name="one") == [("a",)]
            assert await work.all(_NONE) == []

    await store.write(scope, job)


async def test_nothing_is_told_from_before_a_write(store: Store, scope: Scope) -> None:
    one = shop("a", "one")
    await kept(store, scope, one)
    looks: list[Look] = [(_WHOLE, {"ids": [one.id]}), (_CODES, {"name": "new"})]

    async def job(work: Work) -> None:
        await work.look_ahead(*looks)
        await work.run(_RENAME, name="new")
        assert await work.all(_CODES, name="new") == [("a",)]
        await work.look_ahead(*looks)
        STORES.add(work, shop("b", "new"))
        assert sorted(await work.all(_CODES, name="new")) == [("a",), ("b",)]
        await work.look_ahead(*looks)
        row = {"id": one.id, "name": "newer"}
        await work.update_rows(stores, ("id",), [row])
        assert await work.all(_CODES, name="new") == [("b",)]

    await store.write(scope, job)


async def test_many_rows_are_written_together_and_one_by_one(store: Store, scope: Scope) -> None:
    made = [shop(f"s{place}", "old") for place in range(20)]
    await kept(store, scope, *made)

    async def job(work: Work) -> list[int]:
        counts = []
        for few in (1, 2, 16, 17):
            rows = [{"id": one.id, "name": f"few {few}", "version": 9} for one in made[:few]]
            await work.update_rows(stores, ("id",), rows)
            counts.append(len(await work.all(_CODES, name=f"few {few}")))
        await work.update_rows(
            stores, ("id",), [{"id": one.id, "version": 5} for one in made[:3]], adding=True
        )
        found = await work.all(_WHOLE, ids=[one.id for one in made[:4]])
        return [*counts, *sorted(STORES.rows.load(row).version for row in found)]

    assert await store.write(scope, job) == [1, 2, 16, 17, 9, 14, 14, 14]


async def test_nothing_is_told_from_before_a_write_that_returns_rows(
    store: Store, scope: Scope
) -> None:
    one = shop("a", "one")
    await kept(store, scope, one)
    looks: list[Look] = [(_WHOLE, {"ids": [one.id]}), (_CODES, {"name": "new"})]

    async def job(work: Work) -> None:
        await work.look_ahead(*looks)
        assert await work.all(_RENAMED, name="new") == [("a",)]
        assert await work.all(_CODES, name="new") == [("a",)]

    await store.write(scope, job)


async def test_more_than_a_statement_can_bind_is_looked_at_when_it_is_due(
    store: Store, scope: Scope
) -> None:
    one = shop("a", "one")
    await kept(store, scope, one)
    many = [one.id, *(StoreId(uuid4()) for _ in range(17_000))]

    async def job(work: Work) -> None:
        await work.look_ahead((_WHOLE, {"ids": many}), (_CODES, {"name": "one"}))
        assert len(await work.all(_WHOLE, ids=many)) == 1
        assert await work.all(_CODES, name="one") == [("a",)]

    await store.write(scope, job)
