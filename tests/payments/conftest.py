"""A shop with one article, and ways to look at what payments leave behind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import beside_others
from tests.payments.counter import Counter
from tests.payments.till import Till, open_till
from tradepost.platform.db.work import Store


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Store]:
    """Each store in turn, for all tests of a module, each of which has a shop of its own.

    Connections that have planned their statements before are half of what these tests cost.
    """
    async with beside_others(request, tmp_path_factory.mktemp("store")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def till(store: Store) -> Till:
    return await open_till(store)


@pytest.fixture
def counter(till: Till) -> Counter:
    return Counter(till)
