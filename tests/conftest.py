"""What every test may ask for: real servers, started when first asked for, ended with the run."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from tests import servers, stores
from tradepost.kernel.ids import TenantId
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.work import Store

T = TypeVar("T")
LONGEST = "test_year.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the file that takes longest, so that it is not the last to end, alone."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this run: the URL of its superuser, in database ``postgres``."""
    with servers.running("postgres") as server:
        yield server.url


@pytest.fixture(scope="module")
def postgres_database(postgres_url: str) -> Iterator[str]:
    """An empty database for each test module, by its superuser's URL; roles are the server's."""
    url = apart(servers.create_database(postgres_url))
    yield url
    apart(servers.drop_database(url))


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A Redis server of this run, by its URL without a database."""
    with servers.running("redis") as server:
        yield server.url


_databases = count()


@pytest.fixture(scope="module")
def redis_url(redis_server: str) -> str:
    """An empty Redis database for each test module."""
    return f"{redis_server}/{next(_databases)}"


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on an event loop of its own, whether or not one runs here already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Each store in turn with the whole schema, reached as the app role.

    Tests of one run share the PostgreSQL database and tell themselves apart by fresh tenants.
    """
    async with beside_others(request, tmp_path) as made:
        yield made


@asynccontextmanager
async def beside_others(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Store]:
    """The store that a fixture's parameter names, with the whole schema."""
    made: Store
    if request.param == "sqlite":
        made = await stores.sqlite_store(folder / "store.sqlite")
    else:
        _, app, relay = request.getfixturevalue("postgres_schema")
        made = await PostgresStore.open(app, relay, pool_size_max=4)
    yield made
    await made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def lone_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Each store in turn with nobody else's facts in it, for tests that run a worker."""
    async with alone(request, tmp_path) as made:
        yield made


@asynccontextmanager
async def alone(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Store]:
    """The store that a fixture's parameter names, with nothing in it."""
    made: Store
    if request.param == "sqlite":
        made = await stores.sqlite_store(folder / "store.sqlite")
    else:
        owner, *roles = request.getfixturevalue("lone_schema")
        await stores.empty(owner)
        made = await PostgresStore.open(*roles)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def lone_schema(postgres_url: str) -> tuple[str, str, str]:
    """A database that one test at a time has for itself, emptied before each: its three URLs."""
    return apart(stores.postgres_database(postgres_url))


@pytest.fixture(scope="session")
def postgres_schema(postgres_url: str) -> tuple[str, str, str]:
    """One database of this run with schema, roles and policies: owner's, app's, relay's URLs."""
    return apart(stores.postgres_database(postgres_url))


@pytest.fixture
def tenant_id() -> TenantId:
    """A tenant nobody else has."""
    return TenantId(uuid4())


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage again and again is dear."""
    gc.collect()
    gc.freeze()
