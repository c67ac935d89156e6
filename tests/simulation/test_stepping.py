"""Clients that meet between two statements: the laws hold, and what is planted is found."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests import stores
from tests.conftest import apart
from tests.simulation.laws import Broken
from tests.simulation.meetings import MEETINGS, Meeting
from tests.simulation.shrinking import SEED
from tests.simulation.side_by_side import DEFECTS
from tests.simulation.stepping import SteppedStore, Turns

pytestmark = pytest.mark.acceptance

SCHEDULES = 3
SCHEDULES_MAX = 25


async def _database(postgres_url: str) -> tuple[str, str]:
    """A database that notices deadlocks at once: the app's and the relay's URLs."""
    owner, app, relay = await stores.postgres_database(postgres_url)
    connection = await asyncpg.connect(owner)
    name = owner.rsplit("/", 1)[1]
    noticed = f"ALTER ROLE {stores.APP_ROLE} IN DATABASE {name} SET deadlock_timeout = '30ms'"
    await connection.execute(noticed)
    await connection.close()
    return app, relay


@pytest.fixture(scope="module")
def urls(postgres_url: str) -> tuple[str, str]:
    """One database for all meetings; each has a shop of its own."""
    return apart(_database(postgres_url))


@pytest.fixture
async def stepped(urls: tuple[str, str]) -> AsyncIterator[SteppedStore]:
    """A store whose clients take turns."""
    store = await SteppedStore.open(*urls, pool_size_max=5)
    assert isinstance(store, SteppedStore)
    yield store
    await store.close()


@pytest.mark.parametrize("meeting", MEETINGS)
async def test_the_laws_hold_in_any_order(meeting: Meeting, stepped: SteppedStore) -> None:
    first = int(os.environ.get(SEED) or random.SystemRandom().randrange(2**32))
    sys.stdout.write(f"{SEED}={first}\n")
    for seed in range(first, first + SCHEDULES):
        await meeting(stepped, Turns(seed))


@pytest.mark.parametrize("name", DEFECTS)
async def test_a_planted_defect_is_found(
    name: str, stepped: SteppedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, meeting, law = DEFECTS[name]
    plant(monkeypatch)
    named = set()
    for seed in range(SCHEDULES_MAX):
        try:
            await meeting(stepped, Turns(seed))
        except Broken as broken:
            named.add(broken.law)
        if law in named:
            return
    pytest.fail(f"{name}: not named in {SCHEDULES_MAX} schedules, which broke {sorted(named)}")
