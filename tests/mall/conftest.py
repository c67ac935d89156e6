"""A mall of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.identity.town import build_town
from tests.mall.street import Street, open_street
from tradepost.identity.gateway.passwords import Argon2Hasher, Cost
from tradepost.platform.db.work import Store


@pytest.fixture(scope="module")
def hasher() -> Iterator[Argon2Hasher]:
    """The product's hasher, at a cost nobody would notice."""
    made = Argon2Hasher(cost=Cost(memory_kib=64, passes=1))
    yield made
    made.close()


@pytest.fixture
async def street(lone_store: Store, hasher: Argon2Hasher) -> AsyncIterator[Street]:
    """A mall with three vendors, behind both servers, on each store."""
    async with open_street(await build_town(lone_store, hasher)) as made:
        yield made
