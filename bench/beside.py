"""Cold beside hot: what ten shoppers of distinct articles get while two hundred want one article.

    python -m bench.beside [--stores sqlite postgresql] [--ways bus http] [--seconds 6] [--rounds 3]
                           [--pauses 0.03 0] [--json FILE]

With and without the hot load take turns; what counts are the ratios of neighbours. The cold
shoppers pause 30 ms between orders, as those of the design's yardstick did (ten of them, 29 ms
an order, 164 orders a second); without a pause they ask again at once. A turn is long enough for
what each of the ten meets once, two hundred who come in the same millisecond, to be less than one
in a hundred of their orders.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from statistics import median
from typing import Any
from uuid import uuid4

from tests.journeys.spine import Shop, open_shop

from bench.asking import arguments, tell_by_store
from bench.buyers import HOME, PLENTY
from bench.houses import Houses, opened
from bench.lanes import opened_store
from bench.shoppers import Plan, Told, send_apart
from tradepost.inventory.commands.hot import MarkHot
from tradepost.kernel.ids import VariantId
from tradepost.kernel.messages import Actor, Scope
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.platform.lanes import LaneFull
from tradepost.platform.process import loop_factory, tune_memory
from tradepost.platform.web.settings import WebSettings
from tradepost.wiring.house import House, build_house

HOT, COLD = 200, 10
P99_TIMES_MAX, RATE_SHARE_MIN = 2.0, 0.9
_numbers = count(1)


@dataclass(frozen=True)
class Turn:
    """Cold orders a second and their times in one turn, and hot orders a second."""

    rate: float
    p50_ms: float
    p99_ms: float
    hot_rate: float = 0.0
    hot_p99_ms: float = 0.0


Way = Callable[[bool, float, float], Turn]
"""One turn: with the hot load or without, for so many seconds, with such a pause."""


@asynccontextmanager
async def bus_of(kind: str) -> AsyncIterator[Way]:
    """Buyers at the bus of a house, in the house's own process."""
    async with opened_store(kind) as (store, _):
        shop = await open_shop(store)
        hot = await shop.article("hot", stock=PLENTY)
        cold = [await shop.article(f"cold-{n}", stock=PLENTY) for n in range(COLD)]
        await shop.bus.send(shop.scope, MarkHot(hot, True))
        house = build_house(store, WebSettings((b"s" * 32,)))

        async def turn(with_hot: bool, seconds: float, pause_s: float) -> Turn:
            return await _at_bus(house, shop, hot if with_hot else None, cold, seconds, pause_s)

        loop = asyncio.get_running_loop()
        yield lambda *given: loop.run_until_complete(turn(*given))
        await house.close()


async def _at_bus(
    house: House,
    shop: Shop,
    hot: VariantId | None,
    cold: list[VariantId],
    seconds: float,
    pause_s: float,
) -> Turn:
    until = time.perf_counter() + seconds
    took: dict[bool, list[float]] = {True: [], False: []}

    async def buyer(wanted: VariantId, pause_s: float) -> None:
        scope = Scope(shop.scope.tenant_id, Actor("customer", uuid4()))
        basket = Basket((Wanted(1, wanted),), ship_to=HOME, email="shopper@example.com")
        while (began := time.perf_counter()) < until:
            try:
                await house.bus.send(scope, PlaceOrder(basket), key=f"order-{next(_numbers):020}")
            except LaneFull:
                assert wanted == hot, "whoever wants something else is served"
                await asyncio.sleep(0.1)
                continue
            took[wanted == hot].append((time.perf_counter() - began) * 1000)
            if pause_s:
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311  no secret

    crowd = [buyer(hot, 0.0) for _ in range(HOT)] if hot else []
    await asyncio.gather(*(buyer(one, pause_s) for one in cold), *crowd)
    return _turn(sorted(took[False]), sorted(took[True]), seconds)


def _turn(cold: list[float], hot: list[float], seconds: float) -> Turn:
    return Turn(
        round(len(cold) / seconds, 1),
        round(cold[len(cold) // 2], 1),
        round(cold[int(len(cold) * 0.99)], 1),
        round(len(hot) / seconds, 1),
        round(hot[int(len(hot) * 0.99)], 1) if hot else 0.0,
    )


def over_http(houses: Houses) -> Way:
    """Shoppers of served processes; the article becomes hot by demand, as in any shop."""

    def turn(with_hot: bool, seconds: float, pause_s: float) -> Turn:
        def plan(shoppers: int, skus: list[str], pause_s: float) -> Plan:
            first = next(_numbers) * 100_000
            return Plan(
                "checkout", houses.ports, houses.code, shoppers, seconds, first, skus, 0, pause_s
            )

        plans = [plan(COLD, houses.skus[1:], pause_s)]
        plans += [plan(HOT, houses.skus[:1], 0.0)] if with_hot else []
        told = send_apart(plans)
        _check(told)
        found = _turn(told[0].took_ms, told[-1].took_ms if with_hot else [], seconds)
        granted = told[-1].answers.get("201", 0) if with_hot else 0
        return replace(found, hot_rate=round(granted / seconds, 1))

    return turn


def _check(told: list[Told]) -> None:
    for one in told:
        one.took_ms.sort()
    assert set(told[0].answers) == {"201"}, told[0].answers


def measured(name: str, way: Way, pause_s: float, given: argparse.Namespace) -> dict[str, Any]:
    """Both by turns."""
    alone, beside = [], []
    way(True, 2.0, pause_s)  # plans are made, and the article is known to be hot
    for _ in range(given.rounds):
        alone.append(way(False, given.seconds, pause_s))
        beside.append(way(True, given.seconds, pause_s))
        print(f"{name} alone  {_line(alone[-1])}")
        print(f"{name} beside {_line(beside[-1])}", flush=True)
    pairs = list(zip(alone, beside, strict=True))
    share = round(median(b.rate / a.rate for a, b in pairs), 2)
    times = round(median(b.p99_ms / a.p99_ms for a, b in pairs), 2)
    reached = share >= RATE_SHARE_MIN and times <= P99_TIMES_MAX
    print(
        f"{name} {'reached' if reached else 'MISSED '}: {share:.2f} of its rate,"
        f" {times:.2f} times its p99",
        flush=True,
    )
    return {
        "alone": _middle(alone),
        "beside": _middle(beside),
        "rate_share": share,
        "p99_times": times,
        "reached": reached,
    }


def _middle(turns: list[Turn]) -> dict[str, float]:
    names = ("rate", "p50_ms", "p99_ms", "hot_rate", "hot_p99_ms")
    return {name: median(getattr(one, name) for one in turns) for name in names}


def _line(one: Turn) -> str:
    hot = f"  hot {one.hot_rate:6.0f}/s  p99 {one.hot_p99_ms:6.1f} ms" if one.hot_rate else ""
    return f"{one.rate:6.0f}/s  p50 {one.p50_ms:6.1f}  p99 {one.p99_ms:6.1f} ms{hot}"


def by_bus(kind: str, given: argparse.Namespace) -> dict[str, Any]:
    """All pauses at the bus."""
    found: dict[str, Any] = {}
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        place = bus_of(kind)
        way = runner.run(place.__aenter__())
        for pause_s in given.pauses:
            name = f"{kind:<10} bus  pause {pause_s * 1000:2.0f} ms"
            found[f"pause {pause_s:g} s"] = measured(name, way, pause_s, given)
        runner.run(place.__aexit__(None, None, None))
    return found


def by_http(kind: str, given: argparse.Namespace) -> dict[str, Any]:
    """All pauses over HTTP."""
    found: dict[str, Any] = {}
    with opened(kind, 2) as houses:
        houses.hire()
        way = over_http(houses)
        for pause_s in given.pauses:
            name = f"{kind:<10} http pause {pause_s * 1000:2.0f} ms"
            found[f"pause {pause_s:g} s"] = measured(name, way, pause_s, given)
        found["broken_laws"] = houses.doctor()
        print(f"{kind:<10} laws: {found['broken_laws'] or 'all hold'}")
    return found


def main() -> None:
    """Measure and tell."""
    asked = arguments(__doc__, seconds=6, rounds=3)
    asked.add_argument("--ways", nargs="+", default=["bus", "http"])
    asked.add_argument("--pauses", nargs="+", type=float, default=[0.03, 0.0])
    given = asked.parse_args()
    tune_memory()
    ways = {"bus": by_bus, "http": by_http}

    def measured_ways(kind: str) -> dict[str, Any]:
        return {name: ways[name](kind, given) for name in given.ways}

    tell_by_store(given, "beside", measured_ways)


if __name__ == "__main__":
    main()
