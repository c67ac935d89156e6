"""Patients: made once, copied for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.doctor.patients import Patient, PostgresPatient, SqlitePatient

# Each law is broken on both stores; on PostgreSQL, where that takes four times as long, with the
# long proofs.
_STORES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.acceptance)]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=_STORES)
async def patient(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Patient]:
    """A store of each kind in turn, full of trade."""
    made: Patient
    if request.param == "sqlite":
        made = await SqlitePatient.treated(tmp_path_factory.mktemp("patient"))
    else:
        made = await PostgresPatient.treated(request.getfixturevalue("postgres_url"))
    yield made
    await made.close()
