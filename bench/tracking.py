"""A thousand orders followed live: from the commit of a change to the frame that tells of it.

    python -m bench.tracking [--stores sqlite postgresql] [--sockets 1000] [--seconds 60]
                             [--rate 50] [--deaf 10] [--json FILE]

Server and clients are a process each. Beside those who listen, some never read what they are sent,
and some hang up again and again and come back with the number of the last fact they saw.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import resource
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from bench.asking import arguments, tell_by_store
from bench.machine import described

SUBPROTOCOL = Subprotocol("tradepost.tracking.v1")
COMING_BACK = 20
AT_ONCE = 50
HANGS_UP = 0.3
"""How often one who comes back hangs up after a message."""
ESTABLISHED = 1
"""The state of a TCP connection that nobody has ended, on Linux."""
LAST_S = 45.0
"""For so long after the trade the deaf may still hold on: two pings and a little."""


@dataclass
class Seen:
    """What clients were told: for each order and version, when, by how many of them."""

    at: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    listening: int = 0
    """How many have yet to begin."""
    all_listen: asyncio.Event = field(default_factory=asyncio.Event)
    twice: int = 0
    lost: int = 0
    refused: int = 0

    def note(self, order: str, version: int, own: set[int]) -> None:
        """One client was told of one change."""
        self.twice += version in own
        own.add(version)
        self.at.setdefault((order, version), []).append(time.monotonic())


@dataclass(frozen=True)
class Place:
    """Where the orders are followed."""

    port: int
    code: str
    orders: dict[str, str]

    def line(self, order: str, since: int | None = None) -> connect:
        """A client of an order."""
        query = "" if since is None else f"?since={since}"
        return connect(
            f"ws://127.0.0.1:{self.port}/ws/orders/{order}{query}",
            subprotocols=[SUBPROTOCOL, Subprotocol(self.orders[order])],
            additional_headers={"x-tenant": self.code},
            compression=None,
            proxy=None,
        )


async def listens(place: Place, order: str, seen: Seen, few: asyncio.Semaphore) -> None:
    """Follow an order as long as one may."""
    own: set[int] = set()
    try:
        async with contextlib.AsyncExitStack() as opened:
            async with few:
                line = await opened.enter_async_context(place.line(order))
                while json.loads(await line.recv())["type"] != "order":  # told to come back
                    seen.refused += 1
                    await asyncio.sleep(0.5)
                    line = await opened.enter_async_context(place.line(order))
            seen.listening -= 1
            if not seen.listening:
                seen.all_listen.set()
            async for text in line:
                told = json.loads(text)
                if told["type"] == "fact":
                    seen.note(order, told["version"], own)
    except ConnectionClosed:
        seen.lost += 1


async def comes_back(place: Place, order: str, wanted: set[int], stop: asyncio.Event) -> int:
    """Follow an order by many short lines; how many of its versions came twice."""
    since, twice, draw = 0, 0, random.Random(order)  # noqa: S311  no secret
    while True:
        last, came = stop.is_set(), False
        try:
            async with place.line(order, since) as line, asyncio.timeout(3 if last else 1):
                async for text in line:
                    came, told = True, json.loads(text)
                    if told["type"] == "fact" and told["name"] == "order.status_changed":
                        twice += told["version"] in wanted
                        wanted.add(told["version"])
                        since = told["seq"]
                    if not last and draw.random() < HANGS_UP:
                        break
        except TimeoutError:
            came = True
        except ConnectionClosed:  # told to come back later
            await asyncio.sleep(0.5)
        if last and came:
            return twice


async def deaf(place: Place, order: str, read_first: int = 4096) -> float:
    """Begin to follow and never read again; the seconds until the server hung up."""
    loop = asyncio.get_running_loop()
    line = socket.create_connection(("127.0.0.1", place.port))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    offered = f"{SUBPROTOCOL}, {place.orders[order]}"
    line.sendall(
        (
            f"GET /ws/orders/{order} HTTP/1.1\r\nhost: localhost\r\nx-tenant: {place.code}\r\n"
            "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
            f"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"sec-websocket-protocol: {offered}\r\n\r\n"
        ).encode()
    )
    line.setblocking(False)
    await loop.sock_recv(line, read_first)
    began = time.monotonic()
    while time.monotonic() < began + 600:
        await asyncio.sleep(0.5)
        try:
            if line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != ESTABLISHED:
                break
        except OSError:
            break
    line.close()
    return time.monotonic() - began


def resident_mb(pid: int) -> float:
    """What a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


async def followed(kind: str, given: Any) -> dict[str, Any]:
    """One store: figures of the whole."""
    command = [sys.executable, "-m", "bench.tracking_server", kind, str(given.sockets)]
    server = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=1 << 26
    )
    assert server.stdin is not None and server.stdout is not None
    place = Place(**json.loads(await server.stdout.readline()))
    before_mb = resident_mb(server.pid)
    orders = list(place.orders)
    seen, few, stop = Seen(), asyncio.Semaphore(AT_ONCE), asyncio.Event()
    seen.listening = len(orders)
    lines = [asyncio.create_task(listens(place, one, seen, few)) for one in orders]
    await seen.all_listen.wait()
    open_mb = resident_mb(server.pid)
    silent = [asyncio.create_task(deaf(place, one)) for one in orders[: given.deaf]]
    again: list[set[int]] = [set() for _ in range(COMING_BACK)]
    back = [
        asyncio.create_task(comes_back(place, one, versions, stop))
        for one, versions in zip(orders, again, strict=False)
    ]
    server.stdin.write(f"{given.seconds} {given.rate}\n".encode())
    commits = json.loads(await server.stdout.readline())
    await asyncio.sleep(2)
    stop.set()
    twice = sum(await asyncio.gather(*back)) + seen.twice
    dropped = (await asyncio.wait(silent, timeout=LAST_S))[0] if silent else set()
    after_mb = resident_mb(server.pid)
    late = sorted(
        at - committed
        for order, version, committed in commits
        for at in seen.at.get((order, version), ())
    )
    missed = sum((order, version) not in seen.at for order, version, _ in commits)
    for order, versions in zip(orders, again, strict=False):
        missed += len({v for one, v, _ in commits if one == order} - versions)
    for task in [*lines, *silent]:
        task.cancel()
    await asyncio.gather(*lines, *silent, return_exceptions=True)
    server.stdin.close()
    await server.wait()
    return {
        "sockets": len(orders),
        "changes": len(commits),
        "changes_a_second": round(len(commits) / given.seconds, 1),
        "p50_ms": round(late[len(late) // 2] * 1000, 1),
        "p99_ms": round(late[len(late) * 99 // 100] * 1000, 1),
        "max_ms": round(late[-1] * 1000, 1),
        "missed": missed,
        "twice": twice,
        "lost_lines": seen.lost,
        "refused_at_first": seen.refused,
        "deaf_dropped": f"{len(dropped)} of {given.deaf}",
        "memory_mb": [round(one, 1) for one in (before_mb, open_mb, after_mb)],
        "kb_a_socket": round((open_mb - before_mb) * 1000 / len(orders), 1),
        "machine": described(),
    }


def main() -> None:
    """Follow on each store that is asked for."""
    asked = arguments(__doc__, seconds=60)
    asked.add_argument("--sockets", type=int, default=1000)
    asked.add_argument("--rate", type=float, default=50)
    asked.add_argument("--deaf", type=int, default=10)
    given = asked.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))

    def measure(kind: str) -> dict[str, Any]:
        found = asyncio.run(followed(kind, given))
        print(f"{kind}: {json.dumps(found, indent=1)}", flush=True)
        return found

    tell_by_store(given, "tracking", measure)


if __name__ == "__main__":
    main()
