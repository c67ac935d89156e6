"""The engine under test, in memory and in a directory: one suite for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tradepost.search.gateway import TantivySearch
from tradepost.search.ports import SearchEngine


@pytest.fixture(params=["memory", "disk"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SearchEngine]:
    directory = tmp_path / "index" if request.param == "disk" else None
    # A busy machine may be slow; the time limit has a test of its own.
    opened = await TantivySearch.open(directory, time_limit_s=60)
    yield opened
    await opened.close()
