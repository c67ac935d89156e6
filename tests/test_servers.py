"""The throw-away servers: room enough, durable, and gone when the run is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from tests import servers

CONNECTIONS = 200


async def test_postgres_carries_two_hundred_connections(postgres_url: str) -> None:
    connections = [await asyncpg.connect(postgres_url) for _ in range(CONNECTIONS)]
    try:
        answers = await asyncio.gather(*(c.fetchval("select 1") for c in connections))
        assert sum(answers) == CONNECTIONS
        assert await connections[0].fetchval("show fsync") == "on"
        assert await connections[0].fetchval("select lower('ÄÖ')") == "äö"
    finally:
        for connection in connections:
            await connection.close()


async def test_a_module_has_an_empty_database_of_its_own(
    postgres_url: str, postgres_database: str
) -> None:
    assert postgres_database != postgres_url
    connection = await asyncpg.connect(postgres_database)
    try:
        tables = "select count(*) from pg_tables where schemaname = 'public'"
        assert await connection.fetchval(tables) == 0
    finally:
        await connection.close()


async def test_a_module_has_an_empty_redis_of_its_own(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        assert await redis.dbsize() == 0
        await redis.xadd("stream", {"field": "value"})
        assert await redis.config_get("appendonly") == {"appendonly": "yes"}
        assert await redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


@pytest.mark.parametrize("kind", ["postgres", "redis"])
def test_no_server_outlives_a_killed_run(kind: str) -> None:
    script = f"from tests import servers\nwith servers.running({kind!r}) as s:\n"
    script += "    print(s.url, flush=True)\n    input()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=servers.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        port = urlsplit(run.stdout.readline()).port
        assert _listens(port)
        os.kill(run.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _listens(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _listens(port)


def test_a_server_that_cannot_start_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho out of luck\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("TRADEPOST_TEST_REDIS_BIN", str(broken))
    with pytest.raises(servers.ServerFailed), servers.running("redis"):
        pass


def _listens(port: int | None) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
