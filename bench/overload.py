"""Overload: what is still done at three times the load that can be borne, and how the rest fares.

    python -m bench.overload [--stores postgresql sqlite] [--seconds 4] [--rounds 3] [--json FILE]

First as many shoppers as keep the processes busy show what they can bear. Then requests come at a
steady rate, answered or not, once and three times as many, in turns. Meanwhile the health of each
process is asked for ten times a second.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from statistics import median
from typing import Any

from bench.asking import arguments, tell_by_store
from bench.houses import Houses, opened
from bench.shoppers import Plan, Told, send_shopping

TIMES = 3
SHARE_MIN = 0.8
LIVE_MS_MAX = 250
BUSY = 128
"""Shoppers who keep the processes busy."""
CONNECTIONS_MAX = 1600
_numbers = count(1)


@dataclass
class Watch:
    """Asks processes for their health until told to stop."""

    ports: list[int]
    live_ms: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> Watch:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()
        self.live_ms.sort()

    def _run(self) -> None:
        while not self._stop.wait(0.1):
            for port in self.ports:
                began = time.perf_counter()
                self.answers[f"live {_status(port, '/health/live')}"] += 1
                self.live_ms.append((time.perf_counter() - began) * 1000)
                self.answers[f"ready {_status(port, '/health/ready')}"] += 1


def _status(port: int, path: str) -> int:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path, headers={"host": "localhost"})
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


@dataclass(frozen=True)
class Turn:
    """What came of one turn: orders granted and requests refused a second, how long each took."""

    asked: float
    granted: float
    granted_p99_ms: float
    refused: float
    refused_p99_ms: float
    live_p99_ms: float
    live_max_ms: float
    health: dict[str, int]
    answers: dict[str, int]


def borne(houses: Houses, seconds: float) -> float:
    """How many orders a second are granted to shoppers who wait for their answers."""
    plan = Plan("checkout", houses.ports, houses.code, BUSY, seconds, _first(), houses.skus)
    told = send_shopping([plan])
    return told.answers.get("201", 0) / told.seconds


def flood(houses: Houses, rate: float, seconds: float) -> Turn:
    """So many requests a second for so long."""
    connections = min(CONNECTIONS_MAX, max(64, int(rate * 2)))
    plan = Plan(
        "checkout",
        houses.ports,
        houses.code,
        connections,
        seconds,
        _first(),
        houses.skus,
        rate=rate,
    )
    with Watch(houses.ports) as watch:
        told = send_shopping([plan])
    return _turn(rate, told, watch)


def _first() -> int:
    return next(_numbers) * 200_000


def _turn(rate: float, told: Told, watch: Watch) -> Turn:
    return Turn(
        round(rate),
        round(len(told.took_ms) / told.seconds, 1),
        _p99(told.took_ms),
        round(len(told.refused_ms) / told.seconds, 1),
        _p99(told.refused_ms),
        _p99(watch.live_ms),
        round(watch.live_ms[-1], 1),
        dict(watch.answers),
        told.answers,
    )


def _p99(took_ms: list[float]) -> float:
    return round(took_ms[int(len(took_ms) * 0.99)], 1) if took_ms else 0.0


def measured(kind: str, given: argparse.Namespace) -> dict[str, Any]:
    """One store."""
    with opened(kind, 2) as houses:
        houses.hire()
        borne(houses, 1.0)
        turns: dict[int, list[Turn]] = {1: [], TIMES: []}
        found: dict[str, Any] = {"borne": []}
        for _ in range(given.rounds):
            can = borne(houses, given.seconds)
            found["borne"].append(round(can, 1))
            for times, done in turns.items():
                done.append(flood(houses, can * times, given.seconds))
                print(f"{kind:<10} x{times} {json.dumps(done[-1].__dict__)}", flush=True)
        pairs = zip(turns[1], turns[TIMES], strict=True)
        share = median(much.granted / once.granted for once, much in pairs)
        found["share"] = round(share, 2)
        found["turns"] = {f"x{n}": [one.__dict__ for one in done] for n, done in turns.items()}
        found["live_max_ms"] = max(one.live_max_ms for one in turns[TIMES])
        found["broken_laws"] = houses.doctor()
    good = share >= SHARE_MIN and found["live_max_ms"] <= LIVE_MS_MAX
    print(
        f"{kind:<10} {'reached' if good else 'MISSED '}: {share:.2f} of its orders at {TIMES} times"
        f" the load, live within {found['live_max_ms']} ms,"
        f" laws: {found['broken_laws'] or 'all hold'}"
    )
    return found


def main() -> None:
    """Measure and tell."""
    given = arguments(__doc__, seconds=4, rounds=3).parse_args()
    tell_by_store(given, "overload", lambda kind: measured(kind, given))


if __name__ == "__main__":
    main()
