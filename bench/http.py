"""The flows of shoppers over HTTP, each against its floors on the same machine in the same run.

    python -m bench.http [--stores sqlite postgresql] [--processes 2] [--seconds 3] [--rounds 2]
                         [--rushes 3] [--json FILE]

Serves a shop as anybody does, with ``tradepost serve`` in processes of its own, and sends shoppers
from other processes: orders of one request (1, 8 and 64 at a time), orders by way of a cart, and
200 shoppers at once who want one each of the last 50 units. Everything stays on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPResponse
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from bench import counted, pgbench
from bench.asking import arguments, tell_by_store
from bench.bare_app import bare_apps
from bench.houses import UNITS, Houses, opened
from bench.shoppers import Plan, Told, checkout, send_shopping

CLIENTS = 2
RUSH = 200
RUSH_MS_MAX = 2000
FLOWS = (("checkout", 1), ("checkout", 8), ("checkout", 64), ("cart", 8), ("cart", 64))
_numbers = count(1)


@dataclass(frozen=True)
class Round:
    """What came of one turn; CPU in microseconds for each order."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: dict[str, float]
    answers: dict[str, int]


Way = Callable[[int, float], Round]


def plans(houses: Houses, flow: str, shoppers: int, seconds: float, **more: Any) -> list[Plan]:
    """So many shoppers, in as many processes as keep them from waiting for each other."""
    clients = min(CLIENTS, shoppers)
    skus = more.pop("skus", houses.skus)
    return [
        Plan(
            flow,
            houses.ports[n % len(houses.ports) :] + houses.ports[: n % len(houses.ports)],
            houses.code,
            shoppers // clients,
            seconds,
            next(_numbers) * 100_000,
            skus,
            **more,
        )
        for n in range(clients)
    ]


def turn(houses: Houses, flow: str, shoppers: int, seconds: float, tries: int = 0) -> Round:
    """One flow for so long, or until each shopper has had so many tries."""
    before: dict[str, float] = {}
    told = send_shopping(
        plans(houses, flow, shoppers, seconds, tries=tries), lambda: before.update(houses.cpu())
    )
    after = houses.cpu()
    spent = {name: after[name] - before[name] for name in after} | {"client": told.cpu_s}
    return summed(told, spent)


def summed(told: Told, spent: dict[str, float]) -> Round:
    """A round in figures."""
    done = len(told.took_ms)
    return Round(
        round(done / told.seconds, 1),
        round(told.took_ms[done // 2], 2),
        round(told.took_ms[int(done * 0.99)], 2),
        {name: round(seconds / done * 1e6) for name, seconds in spent.items()},
        told.answers,
    )


def rush(houses: Houses, sku: str) -> dict[str, Any]:
    """Two hundred at once for the last fifty."""
    told = send_shopping(plans(houses, "checkout", RUSH, 30, tries=1, skus=[sku]))
    placed, refused = told.answers.get("201", 0), told.answers.get("409 ordering.sold_out", 0)
    last = told.took_ms[-1]
    exact = (placed, refused) == (UNITS, RUSH - UNITS) and last < RUSH_MS_MAX
    return {"placed": placed, "sold_out": refused, "last_ms": round(last), "exact": exact}


def measured(kind: str, given: argparse.Namespace) -> dict[str, Any]:
    """All figures of one store."""
    found: dict[str, Any] = {}
    with opened(kind, given.processes, given.rushes) as houses, floors_of(houses) as floors:
        turn(houses, "cart", 8, 1)  # statements are compiled, plans made
        found["statements"] = counted_flows(houses)
        print(f"{kind:<10} SQL statements an order: {found['statements'] or 'not counted'}")
        houses.hire()
        for flow, shoppers in FLOWS:
            ways: dict[str, Way] = {"ours": partial(turn, houses, flow)}
            ways |= {name: way for name, way in floors.items() if flow == "checkout"}
            name = f"{flow} x{shoppers}"
            found[name] = in_turns(f"{kind:<10} {name}", ways, shoppers, given)
        found["rush"] = list(rushes(kind, houses))
        found["broken_laws"] = houses.doctor()
        print(f"{kind:<10} laws: {found['broken_laws'] or 'all hold'}")
    return found


def in_turns(
    name: str, ways: dict[str, Way], shoppers: int, given: argparse.Namespace
) -> dict[str, Any]:
    """A flow and its floors by turns; the ratio is the median of neighbours."""
    rounds: dict[str, list[Round]] = {way: [] for way in ways}
    for _ in range(given.rounds):
        for way, go in ways.items():
            rounds[way].append(go(shoppers, given.seconds))
            print(line(f"{name:<24} {way:<17}", rounds[way][-1]), flush=True)
    found = {way: figures(done) for way, done in rounds.items()}
    for way, done in rounds.items():
        if way != "ours":
            pairs = zip(rounds["ours"], done, strict=True)
            ratio = round(median(ours.rate / floor.rate for ours, floor in pairs), 2)
            found[way]["ours_to_it"] = ratio
            print(f"{name:<24} {ratio:.2f} x {way}", flush=True)
    return found


@contextmanager
def floors_of(houses: Houses) -> Iterator[dict[str, Way]]:
    """What else takes the same orders: a bare app, and pgbench writing the same rows."""
    numbers = count(1)
    before = asyncio.run(pgbench.keys_of(houses.urls[0])) if houses.urls else {}
    body = answer_of(houses.ports[0], checkout(houses.code, 0, houses.skus[0]))
    with bare_apps(body, houses.folder, len(houses.ports)) as apps:
        bare = replace(houses, ports=list(apps), apps=list(apps.values()))
        floors: dict[str, Way] = {"bare app": partial(turn, bare, "checkout")}
        if houses.urls:
            rows = asyncio.run(pgbench.written(houses.urls[0], before))
            for name, shared in (("pgbench", True), ("pgbench, unshared", False)):
                file = houses.folder / f"{name}.sql"
                file.write_text(pgbench.script(rows, houses.articles, shared=shared))
                floors[name] = partial(_by_pgbench, houses, file, numbers)
        yield floors


def _by_pgbench(
    houses: Houses, file: Path, numbers: Iterator[int], shoppers: int, seconds: float
) -> Round:
    before = houses.cpu()["database"]
    done = pgbench.run(houses.copy_url, file, next(numbers), shoppers, max(1, round(seconds)))
    spent = (houses.cpu()["database"] - before) / (done.rate * max(1, round(seconds)))
    return Round(done.rate, done.p50_ms, done.p99_ms, {"database": round(spent * 1e6)}, {})


def answer_of(port: int, asked: bytes, status: int = 201) -> bytes:
    """The body that a request is answered with."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(asked)
        answer = HTTPResponse(line)
        answer.begin()
        assert answer.status == status, answer.read()
        return answer.read()


def counted_flows(houses: Houses) -> dict[str, float]:
    """Statements that PostgreSQL is sent for an order, while no worker works."""
    found: dict[str, float] = {}
    if houses.database is None:
        return found
    for flow, shoppers in FLOWS:
        before = counted.statements(houses.database.url)
        told = send_shopping(plans(houses, flow, shoppers, 30, tries=512 // shoppers // 4))
        spent = counted.statements(houses.database.url) - before
        found[f"{flow} x{shoppers}"] = round(spent / len(told.took_ms), 1)
    counted.stop(houses.database.url)
    return found


def rushes(kind: str, houses: Houses) -> Iterator[dict[str, Any]]:
    """The same once more for each article kept for it."""
    for sku in houses.flashes:
        one = rush(houses, sku)
        print(f"{kind:<10} rush: {one}", flush=True)
        yield one


def figures(rounds: list[Round]) -> dict[str, Any]:
    """The middle of each figure."""
    return {
        "per_second": median(one.rate for one in rounds),
        "p50_ms": median(one.p50_ms for one in rounds),
        "p99_ms": median(one.p99_ms for one in rounds),
        "cpu_us": {
            name: round(median(one.cpu_us[name] for one in rounds)) for name in rounds[0].cpu_us
        },
        "answers": [one.answers for one in rounds],
    }


def line(name: str, one: Round) -> str:
    """A round for eyes."""
    cpu = "  ".join(f"{name} {us:5.0f}" for name, us in one.cpu_us.items())
    odd = {name: times for name, times in one.answers.items() if name != "201"}
    return (
        f"{name} {one.rate:7.0f}/s  p50 {one.p50_ms:6.1f}  p99 {one.p99_ms:6.1f} ms"
        f"  CPU us: {cpu}  {odd or ''}"
    )


def main() -> None:
    """Measure and tell."""
    asked = arguments(__doc__, seconds=3, rounds=2)
    asked.add_argument("--processes", type=int, default=2, help="API processes on PostgreSQL")
    asked.add_argument("--rushes", type=int, default=3)
    given = asked.parse_args()
    tell_by_store(given, "http", lambda kind: measured(kind, given))


if __name__ == "__main__":
    main()
