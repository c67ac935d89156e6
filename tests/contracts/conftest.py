"""Every store there is, with the product's own tables: the contract holds for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import stores
from tests.conftest import apart
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.work import Store


@pytest.fixture(scope="module")
def postgres_schema(postgres_url: str) -> tuple[str, str, str]:
    """A database for each module: rows made up here must not meet what other tests sell."""
    return apart(stores.postgres_database(postgres_url))


@pytest.fixture(params=["memory", "file", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """SQLite in memory, SQLite in a file, PostgreSQL as the app role."""
    made: Store
    if request.param == "postgresql":
        _, app, relay = request.getfixturevalue("postgres_schema")
        made = await PostgresStore.open(app, relay, pool_size_max=8)
    else:
        path = tmp_path / "store.sqlite" if request.param == "file" else None
        made = await stores.sqlite_store(path)
    yield made
    await made.close()


@pytest.fixture
def scope(tenant_id: TenantId) -> Scope:
    """Work for a tenant nobody else has."""
    return Scope(tenant_id, SYSTEM)
