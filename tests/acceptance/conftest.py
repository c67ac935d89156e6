"""What acceptance tests read: published reference files, kept beside the clone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE_THE_CLONE = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference data: ``$TRADEPOST_SHARED/data``, default ``../shared/data``."""
    data = Path(os.environ.get("TRADEPOST_SHARED", BESIDE_THE_CLONE)) / "data"
    assert data.is_dir(), f"set TRADEPOST_SHARED to the folder that holds data: no {data}"
    return data


@pytest.fixture(scope="session")
def reference(shared_data: Path) -> Path:
    """The folder of published tables and test cases."""
    return shared_data / "reference"
