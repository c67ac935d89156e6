"""What a history did on the store in memory, PostgreSQL does alike."""

from __future__ import annotations

import asyncpg
import pytest

from tests import stores
from tests.simulation.faithful import all_rows, play_again
from tests.simulation.history import Outcome, play
from tests.simulation.script import written
from tests.simulation.shops import SETTINGS, shop
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.postgres_work import PostgresReader

SHOPS = list(SETTINGS)


@pytest.fixture(params=(0, 1, 2, 3, 9))
def outcome(request: pytest.FixtureRequest) -> Outcome:
    """A history, played before a real loop runs."""
    return play(written(request.param, SHOPS), record=True)


@pytest.fixture
async def urls(postgres_url: str) -> tuple[str, str, str]:
    """A database of its own."""
    return await stores.postgres_database(postgres_url)


async def test_postgresql_does_the_same(outcome: Outcome, urls: tuple[str, str, str]) -> None:
    assert outcome.broken is None
    here = shop(outcome.script.shop)
    owner, app, relay = urls
    store = await PostgresStore.open(app, relay, pool_size_max=2)
    try:
        differ = await play_again([*here.opened, *outcome.played], store)
    finally:
        await store.close()
    assert differ == []
    connection = await asyncpg.connect(owner)
    rows = await all_rows(PostgresReader(connection, here.tenant_id))
    await connection.close()
    assert sum(map(len, rows.values())) > 100
    assert {table for table, found in rows.items() if found != outcome.rows[table]} == set()
