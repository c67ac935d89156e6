"""What several tests of lanes begin with."""

from __future__ import annotations

import pytest

from tests.lanes.pads import Desk, bus_of
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def bus(store: Store, desk: Desk) -> Bus:
    return bus_of(store, desk)
