"""The engine under test, in memory and in a directory: one suite for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.search.builders import open_engine

from tradepost.search.ports import SearchEngine


@pytest.fixture(params=["memory", "disk"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SearchEngine]:
    directory = tmp_path / "index" if request.param == "disk" else None
    opened = await open_engine(directory)
    yield opened
    await opened.close()
