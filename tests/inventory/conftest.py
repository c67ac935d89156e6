"""A stock room on each store."""

from __future__ import annotations

import pytest

from tests.inventory.room import Room, build
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.work import Store


@pytest.fixture
def room(store: Store, tenant_id: TenantId) -> Room:
    """The stock room of a fresh tenant."""
    return Room(build(store), Scope(tenant_id, SYSTEM))
