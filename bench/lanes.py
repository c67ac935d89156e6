"""Lanes at the bus: many buyers of one article, against the same handler one order a transaction.

    python -m bench.lanes [--stores sqlite postgresql] [--seconds 3] [--rounds 3] [--json FILE]

Both ways take turns in the same run, on throw-away stores that write as safely as a shop's must:
PostgreSQL with fsync, SQLite with synchronous=FULL. What counts are the ratios.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests import servers, stores

from bench.asking import arguments, tell
from bench.buyers import Market, Round, ratio
from bench.machine import described
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.work import Store
from tradepost.platform.lanes import Lanes
from tradepost.platform.process import loop_factory, tune_memory

BUYERS = 200


@dataclass(frozen=True)
class Target:
    """What a store has to reach."""

    rate: float
    times: float
    p99_ms: float
    refusals: float = 3000
    alone: float = 0.95


TARGETS = {"postgresql": Target(2000, 8, 250), "sqlite": Target(1000, 2.5, 400)}


@asynccontextmanager
async def opened_store(kind: str) -> AsyncIterator[tuple[Store, int | None]]:
    """A fresh store of a kind that writes as safely as a shop's, and its server's process."""
    if kind == "sqlite":
        with TemporaryDirectory(prefix="tradepost-bench-", dir=Path.cwd()) as folder:
            file = await stores.sqlite_store(Path(folder) / "store.sqlite", synchronous="FULL")
            yield file, None
            await file.close()
        return
    with servers.running("postgres") as server:
        _, app, relay = await stores.postgres_database(server.url)
        store = await PostgresStore.open(app, relay)
        yield store, server.keeper.pid
        await store.close()


@asynccontextmanager
async def market(kind: str) -> AsyncIterator[Market]:
    """A shop on a fresh store of a kind."""
    async with opened_store(kind) as (store, pid):
        yield await Market.open(store, pid)


async def measure(kind: str, rounds: int, seconds: float) -> dict[str, Any]:
    """All figures of one store."""
    async with market(kind) as place:
        bus = place.shop.bus
        lanes = Lanes(bus)
        found: dict[str, list[Round]] = {}

        async def turn(name: str, buyers: int, *, lane: bool, vain: bool = False) -> None:
            bus.lane = lanes.send if lane else None
            wish = place.vain if vain else place.order
            found.setdefault(name, []).append(await place.trade(buyers, seconds, wish))
            print(f"{kind:<10} {name:<14} {_line(found[name][-1])}", flush=True)

        await place.trade(BUYERS, 1, place.order)  # statements are compiled, plans made
        for _ in range(rounds):
            await turn("plain", BUYERS, lane=False)
            await turn("lane", BUYERS, lane=True)
        for _ in range(rounds * 2):
            await turn("plain alone", 1, lane=False)
            await turn("lane alone", 1, lane=True)
        for _ in range(rounds):
            await turn("lane sold out", BUYERS, lane=True, vain=True)
        await lanes.close()
    return _figures(found)


def _line(one: Round) -> str:
    return (
        f"{one.rate:7.0f}/s  p50 {one.took_ms(0.5):6.1f} ms  p99 {one.took_ms(0.99):6.1f} ms  "
        f"CPU each: app {one.cpu_us(one.app_cpu_s):5.0f} us, "
        f"database {one.cpu_us(one.database_cpu_s):5.0f} us"
    )


def _figures(found: dict[str, list[Round]]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        name: {
            "per_second": round(median(one.rate for one in rounds)),
            "p50_ms": round(median(one.took_ms(0.5) for one in rounds), 1),
            "p99_ms": round(median(one.took_ms(0.99) for one in rounds), 1),
            "app_cpu_us": round(median(one.cpu_us(one.app_cpu_s) for one in rounds)),
            "database_cpu_us": round(median(one.cpu_us(one.database_cpu_s) for one in rounds)),
        }
        for name, rounds in found.items()
    }
    figures["times"] = round(ratio(found["lane"], found["plain"]), 1)
    figures["alone"] = round(ratio(found["lane alone"], found["plain alone"]), 2)
    return figures


def judged(figures: dict[str, Any], target: Target) -> dict[str, bool]:
    """Which targets are reached."""
    lane = figures["lane"]
    return {
        f"{target.rate:.0f} checkouts/s": lane["per_second"] >= target.rate,
        f"{target.times} times the plain way": figures["times"] >= target.times,
        f"p99 within {target.p99_ms:.0f} ms": lane["p99_ms"] <= target.p99_ms,
        f"{target.alone} times as fast alone": figures["alone"] >= target.alone,
        f"{target.refusals:.0f} refusals/s": figures["lane sold out"]["per_second"]
        >= target.refusals,
    }


def main() -> None:
    """Measure, print, and keep the figures where one is told to."""
    given = arguments(__doc__, seconds=3, rounds=3).parse_args()
    tune_memory()
    found: dict[str, Any] = {"machine": described(), "buyers": BUYERS}
    for kind in given.stores:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            found[kind] = runner.run(measure(kind, given.rounds, given.seconds))
        for text, reached in judged(found[kind], TARGETS[kind]).items():
            print(f"{kind:<10} {'reached' if reached else 'MISSED '}  {text}")
        print(f"{kind:<10} {json.dumps(found[kind], indent=2)}")
    tell(given.json, "lanes", found)


if __name__ == "__main__":
    main()
