"""The worker as a process: it works by its settings alone, and a signal ends it in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from tests import stores
from tests.house.source import ROOT
from tests.journeys.spine import open_shop
from tests.relay.test_projections import trade


def _count(path: Path, sql: str) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        (found,) = connection.execute(sql).fetchone()
        return int(found)


async def test_it_catches_up_and_ends_when_told(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = await stores.sqlite_store(path)
    await trade(await open_shop(store))
    await store.close()
    told = _count(path, "SELECT count(*) FROM outbox")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tradepost.apps.worker",
        stderr=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env={
            **os.environ,
            "TRADEPOST_DATA_DIR": str(tmp_path),
            "TRADEPOST_PROFILE": "demo",
            "PYTHONPATH": f"{ROOT}/src",
        },
    )
    done = "SELECT min(acked_seq) FROM leases WHERE consumer = 'reporting.order_timeline'"
    async with asyncio.timeout(30):
        while _count(path, f"SELECT coalesce(({done}), 0)") < told:
            assert process.returncode is None, await process.communicate()
            await asyncio.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0
    assert _count(path, "SELECT count(*) FROM outbox") == 0
    assert _count(path, "SELECT count(*) FROM event_log") == told
    assert _count(path, "SELECT count(*) FROM order_timeline") > 12
    assert _count(path, "SELECT count(*) FROM leases WHERE owner <> ''") == 0
    assert _count(path, "SELECT count(*) FROM workers") == 0
