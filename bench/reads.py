"""Reads of guests: kept, made anew, and the same bytes from a bare app on the same server.

    python -m bench.reads [--stores sqlite postgresql] [--seconds 2] [--rounds 3] [--json FILE]

The ways take turns in one run; what counts are the ratios. The client is this process, with plain
sockets: it spends a tenth of what the server does.
"""

from __future__ import annotations

import json
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import httpx

from bench.asking import arguments, tell_by_store

CONNECTIONS = 8
AIMS = {"kept": 0.5, "anew": 0.08}
PLACES = {"list of 24": "/api/v1/products?limit=24", "detail": "/api/v1/products/the-article-7"}


@dataclass(frozen=True)
class Round:
    """What one way did in one turn."""

    rate: float
    p50_ms: float
    p99_ms: float
    client_cpu: float


@dataclass(frozen=True)
class Place:
    """Where the two apps are, and whose shop it is."""

    shop: int
    floor: int
    code: str


@contextmanager
def serving(kind: str) -> Iterator[Place]:
    """The server in a process of its own."""
    command = [sys.executable, "-m", "bench.reads_server", kind]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        yield Place(told["ports"]["shop"], told["ports"]["floor"], told["code"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stdout.close()


def read(port: int, path: str, headers: dict[str, str], seconds: float) -> Round:
    """Ask for a path over some connections, each again when it is answered."""
    lines = [f"GET {path} HTTP/1.1", "host: localhost", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    lines_open = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    for one in lines_open:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    took: list[float] = []
    cpu, began = _cpu_s(), time.perf_counter()
    while (now := time.perf_counter()) < began + seconds:
        for one in lines_open:
            one.sendall(request)
        for one in lines_open:
            _receive(one)
            took.append(time.perf_counter() - now)
    wall = time.perf_counter() - began
    for one in lines_open:
        one.close()
    took.sort()
    p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return Round(len(took) / wall, p50, p99, (_cpu_s() - cpu) / wall)


def _receive(line: socket.socket) -> None:
    got = line.recv(262_144)
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += line.recv(262_144)
    assert got.startswith(b"HTTP/1.1 200"), got[:200]
    at = got.index(b"content-length: ") + 16
    missing = end + 4 + int(got[at : got.index(b"\r", at)]) - len(got)
    while missing > 0:
        missing -= len(line.recv(missing))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(kind: str, rounds: int, seconds: float) -> dict[str, Any]:
    """All figures of one store."""
    found: dict[str, Any] = {}
    with serving(kind) as place:
        time.sleep(1)  # the worker takes in what the filling of the shop has told
        for name, path in PLACES.items():
            guest = {"x-tenant": place.code}
            answer = httpx.get(f"http://localhost:{place.shop}{path}", headers=guest)
            own = {k: v for k, v in answer.headers.items() if k != "date"}
            told = {"x-answer": json.dumps(own)}
            floor = f"http://localhost:{place.floor}/"
            httpx.post(floor, content=answer.content, headers=told).raise_for_status()
            ways = {
                "floor": (place.floor, guest),
                "kept": (place.shop, guest),
                "anew": (place.shop, guest | {"cookie": "a=b"}),
            }
            turns: dict[str, list[Round]] = {way: [] for way in ways}
            for port, headers in ways.values():
                read(port, path, headers, 0.5)
            for _ in range(rounds):
                for way, (port, headers) in ways.items():
                    turns[way].append(read(port, path, headers, seconds))
                    print(f"{kind:<10} {name:<10} {way:<6} {_line(turns[way][-1])}", flush=True)
            found[name] = _summed(turns, len(answer.content))
            for way, ratio in found[name]["ratios"].items():
                print(f"{kind:<10} {name:<10} {way} {ratio:.2f} x floor, wanted {AIMS[way]}")
    return found


def _summed(turns: dict[str, list[Round]], size: int) -> dict[str, Any]:
    ratios = {
        way: median(
            one.rate / floor.rate for one, floor in zip(turns[way], turns["floor"], strict=True)
        )
        for way in AIMS
    }
    rounds = {way: [asdict(one) for one in done] for way, done in turns.items()}
    return {"bytes": size, "ratios": ratios, "rounds": rounds}


def _line(one: Round) -> str:
    return (
        f"{one.rate:8.0f}/s  p50 {one.p50_ms:6.2f} ms  p99 {one.p99_ms:6.2f} ms"
        f"  client {one.client_cpu:4.0%} of a core"
    )


def main() -> None:
    """Measure and tell."""
    given = arguments(__doc__, seconds=2, rounds=3).parse_args()
    tell_by_store(given, "reads", lambda kind: measure(kind, given.rounds, given.seconds))


if __name__ == "__main__":
    main()
