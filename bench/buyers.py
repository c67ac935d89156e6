"""Buyers at the bus: so many at once, each orders again as soon as it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from statistics import median
from uuid import uuid4

from tests.journeys.spine import Shop, open_shop

from bench.machine import cpu_seconds_of_tree
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import VariantId
from tradepost.kernel.messages import Actor, Scope
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.ordering.errors import SoldOut
from tradepost.platform.db.work import Store

HOME = Address(country="GB", name="A. Shopper", line1="1 High Street", city="Leeds")
COMPANIONS = 20
PLENTY = 10**9
_numbers = count()


@dataclass
class Round:
    """What came of one round."""

    seconds: float
    took_s: list[float]
    refused: int
    app_cpu_s: float
    database_cpu_s: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took_s) / self.seconds

    def took_ms(self, share: float) -> float:
        """Within how many milliseconds a share of the answers came."""
        return sorted(self.took_s)[int(len(self.took_s) * share)] * 1000

    def cpu_us(self, seconds: float) -> float:
        """CPU time for one answer, in microseconds."""
        return seconds / len(self.took_s) * 1e6


@dataclass
class Market:
    """A shop with one article that everybody wants, some that go with it, and one sold out."""

    shop: Shop
    hot: VariantId
    gone: VariantId
    companions: list[VariantId]
    database_pid: int | None

    @classmethod
    async def open(cls, store: Store, database_pid: int | None = None) -> Market:
        """Open it."""
        shop = await open_shop(store)
        hot = await shop.article("hot", stock=PLENTY)
        gone = await shop.article("gone")
        companions = [await shop.article(f"with-{n}", stock=PLENTY) for n in range(COMPANIONS)]
        return cls(shop, hot, gone, companions, database_pid)

    def order(self) -> PlaceOrder:
        """Two lines: the article everybody wants, and one that goes with it."""
        other = self.companions[next(_numbers) % COMPANIONS]
        lines = (Wanted(1, self.hot), Wanted(1, other))
        return PlaceOrder(Basket(lines, ship_to=HOME, email="shopper@example.com"))

    def vain(self) -> PlaceOrder:
        """The same with the article that is sold out."""
        return PlaceOrder(Basket((Wanted(1, self.gone), Wanted(1, self.hot)), ship_to=HOME))

    async def trade(self, buyers: int, seconds: float, wish: Callable[[], PlaceOrder]) -> Round:
        """So many buyers for so long."""
        took: list[float] = []
        refused = 0

        async def buyer(until: float) -> None:
            nonlocal refused
            scope = Scope(self.shop.scope.tenant_id, Actor("customer", uuid4()))
            while (begun := time.perf_counter()) < until:
                try:
                    await self.shop.bus.send(scope, wish(), key=f"order-{next(_numbers):020}")
                except SoldOut:
                    refused += 1
                except Refusal:
                    continue  # too much at once, which only the plain way knows: no answer
                took.append(time.perf_counter() - begun)

        cpu, database = time.process_time(), self._database_cpu_s()
        begun = time.perf_counter()
        await asyncio.gather(*(buyer(begun + seconds) for _ in range(buyers)))
        return Round(
            time.perf_counter() - begun,
            took,
            refused,
            time.process_time() - cpu,
            self._database_cpu_s() - database,
        )

    def _database_cpu_s(self) -> float:
        return cpu_seconds_of_tree(self.database_pid) if self.database_pid else 0.0


def ratio(rounds: list[Round], floor: list[Round]) -> float:
    """The median of neighbours' ratios: what a busy machine does to one it does to the other."""
    return median(ours.rate / theirs.rate for ours, theirs in zip(rounds, floor, strict=True))
