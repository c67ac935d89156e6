"""PostgreSQL on a small disk of its own that fills up: nothing acknowledged is lost.

The disk is a tmpfs in a mount namespace that ends with the server.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.chaos.house import Shoppers, opened

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]
MEGABYTES = 192
OWN = (
    ["--mount"] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps", "--mount"]
)


@pytest.fixture
def small() -> Iterator[tuple[servers.Running, Path]]:
    """A server on the small disk, and where we reach that disk from outside."""
    place = Path(tempfile.mkdtemp(prefix="tradepost-small-"))
    place.chmod(0o755)  # the server's account has to come in
    mount = f"mount -t tmpfs -o size={MEGABYTES}m,mode=755 tmpfs {place} && export TMPDIR={place}"
    keep = f"exec {sys.executable} -m tests.servers postgres"
    with subprocess.Popen(
        ["unshare", "--mount", *OWN, "sh", "-c", f"{mount} && {keep}"],
        cwd=servers.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as keeper:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        url = keeper.stdout.readline().strip()
        assert url, "the server did not start on the small disk"
        yield servers.Running(url, keeper), Path(f"/proc/{keeper.pid}/root{place}/ballast")
        keeper.stdin.close()
    place.rmdir()


def fill(ballast: Path) -> None:
    """Leave no room on the disk of a file."""
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(65_536))
                file.flush()
        except OSError:
            pass
        os.ftruncate(file.fileno(), max(0, os.fstat(file.fileno()).st_size - 300_000))


async def test_a_small_disk_fills_up(small: tuple[servers.Running, Path], tmp_path: Path) -> None:
    server, ballast = small
    async with (
        opened("postgresql", tmp_path, server.url, {"mug": 100_000}) as house,
        house.serving() as serving,
    ):
        shoppers = Shoppers(house, [serving.port])
        statuses: list[int] = []
        acked: dict[str, str] = {}

        async def rush(first: int, count: int) -> None:
            for number in range(first, first + count):
                key = f"order-{number:06}-of-the-day"
                answer = await shoppers.once(key, "mug")
                statuses.append(answer.status if answer else 0)
                if answer and answer.status == 201:
                    acked[key] = answer.json["id"]

        await rush(0, 20)
        await asyncio.to_thread(fill, ballast)
        for turn in range(1, 30):
            await asyncio.gather(*(rush(turn * 10_000 + n * 100, 20) for n in range(8)))
            if statuses[-1] in {503, 507}:
                break
        told = {code: statuses.count(code) for code in sorted(set(statuses))}
        sys.stdout.write(f"full: {told}\n")
        assert set(statuses) <= {201, 503, 507} and told.keys() & {503, 507}
        await asyncio.to_thread(ballast.unlink)
        await asyncio.to_thread(server.restart)  # the log found no room: PostgreSQL has given up
        again = await shoppers.order("after-the-flood-0001", "mug")
        assert again is not None and again.status == 201
        for key, order_id in list(acked.items())[-50:]:
            answer = await shoppers.order(key, "mug")
            assert answer is not None and answer.json["id"] == order_id
        assert await house.broken_laws() == []
