"""What several tests of faults begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.chaos.process import Plan
from tests.relay.conftest import fresh_postgres
from tests.relay.notes import note_bus
from tradepost.platform.bus import Bus
from tradepost.platform.db.postgres import PostgresStore


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[tuple[Plan, Bus]]:
    """A database of its own, and a bus over it that writes."""
    _, app, relay = await fresh_postgres(postgres_url)
    store = await PostgresStore.open(app, relay, pool_size_max=4)
    yield Plan(app_url=app, relay_url=relay), note_bus(store)
    await store.close()
