"""What the tests of tenancy share."""

from __future__ import annotations

import pytest

from tests.identity.conftest import hasher, town
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store
from tradepost.wiring.parts import build_bus

__all__ = ["hasher", "town"]


@pytest.fixture
def bus(store: Store) -> Bus:
    return build_bus(store)
