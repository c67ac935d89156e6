"""A grocer in each store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.delivery.grocer import Grocer, open_grocer
from tests.identity.conftest import hasher
from tests.identity.town import build_town
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.platform.db.work import Store

__all__ = ["hasher"]


@pytest.fixture
async def grocer(lone_store: Store, hasher: Argon2Hasher) -> AsyncIterator[Grocer]:
    """A grocer who delivers."""
    town = await build_town(lone_store, hasher)
    async with town.staff("admin") as boss, town.at(town.public) as guest:
        yield await open_grocer(town, boss, guest)
