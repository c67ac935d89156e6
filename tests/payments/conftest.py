"""A shop with one article, and ways to look at what payments leave behind."""

from __future__ import annotations

import pytest

from tests.payments.counter import Counter
from tests.payments.till import Till, open_till
from tradepost.platform.db.work import Store


@pytest.fixture
async def till(store: Store) -> Till:
    return await open_till(store)


@pytest.fixture
def counter(till: Till) -> Counter:
    return Counter(till)
