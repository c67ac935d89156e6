"""A connection that breaks inside a batch, on PostgreSQL: with keys nobody notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.lanes.pads import Desk, Taken, TakeNote, bus_of, person, told
from tradepost.kernel.ids import TenantId
from tradepost.platform.db.errors import StoreBusy
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.lanes import Lanes


@pytest.fixture
async def postgres(postgres_schema: tuple[str, str, str]) -> AsyncIterator[PostgresStore]:
    _, app, relay = postgres_schema
    store = await PostgresStore.open(app, relay, pool_size_max=2)
    yield store
    await store.close()


async def test_a_batch_with_keys_is_done_again(
    postgres: PostgresStore, tenant_id: TenantId
) -> None:
    desk = Desk(breaks=2)
    bus = bus_of(postgres, desk)
    Lanes(bus)
    texts = ["one", "cut", "three"]
    sent = (
        bus.send(person(tenant_id, n), TakeNote(text), key=f"key-{n:012}")
        for n, text in enumerate(texts)
    )
    notes = await asyncio.gather(*sent)
    assert [note.text for note in notes] == texts
    assert desk.batches == [texts] * 3
    assert len(await told(bus, tenant_id)) == 3


async def test_wishes_without_keys_wait_apart_and_are_not_repeated(
    postgres: PostgresStore, tenant_id: TenantId
) -> None:
    desk = Desk(breaks=1)
    bus = bus_of(postgres, desk)
    Lanes(bus)
    unkeyed = bus.send(person(tenant_id, 1), TakeNote("cut"))
    keyed = bus.send(person(tenant_id, 2), TakeNote("two"), key="k" * 16)
    answers: list[object] = await asyncio.gather(unkeyed, keyed, return_exceptions=True)
    lost, kept = answers
    assert isinstance(lost, StoreBusy) and isinstance(kept, Taken)
    assert [row[3] for row in await told(bus, tenant_id)] == [kept.id]
