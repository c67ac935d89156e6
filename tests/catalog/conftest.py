"""A bus of the whole house over each store, and a shop of its own for each test."""

from __future__ import annotations

import pytest

from tests.catalog.doors import Doors, opened
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store
from tradepost.wiring.parts import build_bus


@pytest.fixture
def bus(store: Store) -> Bus:
    return build_bus(store)


@pytest.fixture
def scope(tenant_id: TenantId) -> Scope:
    return Scope(tenant_id, SYSTEM)


@pytest.fixture
async def doors(store: Store) -> Doors:
    return await opened(store)
