"""What an order costs in a large store, beside the same order in a small one, in one run.

    python -m bench.scale [--orders 1000000] [--shops 2000] [--products 100000]
                          [--turn 600] [--rounds 4] [--json FILE]

Fills two databases of one PostgreSQL with moulded trade (tests/scale), has the doctor look at
both, sees by PostgreSQL's own plans how the statements of an order's path find their rows, and
sends shoppers to the largest shop of each, by turns. What counts are the ratios.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import Awaitable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import asyncpg
from tests import servers, stores
from tests.journeys.spine import Shop
from tests.scale import casting, order_path
from tests.scale.explained import Walk, explaining

from bench.asking import arguments, tell
from bench.houses import PLENTY, Houses, ended
from bench.http import Round, line, turn
from bench.machine import cpu_seconds_of, described
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.process import loop_factory
from tradepost.wiring.index import open_index
from tradepost.wiring.parts import build_bus

T = TypeVar("T")
SMALL = {"orders": 10_000, "shops": 20, "products": 1_000}
SERVER = {"shared_buffers": "1GB", "max_wal_size": "8GB"}
ARTICLES = 256
FLOWS = (("checkout", 1), ("checkout", 8), ("cart", 1), ("cart", 8))
RATIO_MAX = 1.2
GROWN_FROM = 10_000
"""A table with fewer rows may be read whole."""
DOCTOR_SECONDS_MAX = 900
IDLE_SECONDS = 30
TURN_SECONDS_MAX = 300


class OneOfTwo(Houses):
    """A house on a server that serves another, too: the database's part is that of its sessions."""

    def database_cpu_s(self) -> float:
        """CPU seconds of the sessions that there are; of those that have ended, none."""
        assert self.urls is not None
        spent_s = 0.0
        for pid in asyncio.run(_sessions(self.urls[0])):
            with suppress(OSError):  # it has ended meanwhile
                spent_s += cpu_seconds_of(pid)
        return spent_s


async def _sessions(url: str) -> list[int]:
    """The processes that serve the other sessions of a database."""
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(_SESSIONS)]
    finally:
        await connection.close()


_SESSIONS = """SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@dataclass
class Site:
    """A filled store, and the house that serves its largest shop."""

    name: str
    houses: Houses
    filled: dict[str, Any] = field(default_factory=dict)

    @property
    def urls(self) -> tuple[str, str, str]:
        """The superuser's, the app's, the relay's."""
        assert self.houses.urls is not None
        return self.houses.urls


def run(job: Awaitable[T]) -> T:
    """Do a job on the loop that the product runs on."""

    async def whole() -> T:
        return await job

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(whole())


async def filled(site: Site, orders: int, shops: int, products: int) -> None:
    """Fill it, and put on the largest shop's shelves what shoppers will take."""
    url, app, relay = site.urls
    store = await PostgresStore.open(app, relay)
    began = time.perf_counter()
    casts = await casting.open_shops(store, casting.shares(orders, shops), products)
    site.filled["opened_s"] = round(time.perf_counter() - began)
    site.filled["rows"] = await casting.fill(url, store, casts)
    first = casts[0]
    bus, scope = build_bus(store), Scope(first.tenant_id, SYSTEM)
    shop = Shop(bus, scope, first.store_id, first.location_id)
    site.houses.code = first.code
    site.houses.skus = [f"article-{number}" for number in range(ARTICLES)]
    for sku in site.houses.skus:
        await shop.article(sku, "4.00", stock=PLENTY)
    await order_path.follow(bus)
    await store.close()
    connection = await asyncpg.connect(url)
    site.filled["bytes"] = await connection.fetchval("SELECT pg_database_size(current_database())")
    last = await connection.fetchval("SELECT n FROM seq_counter")
    await connection.execute("CHECKPOINT")
    await connection.close()
    await _read_up_to(site.houses.folder, last)
    site.filled["seconds"] = round(time.perf_counter() - began)


async def _read_up_to(folder: Path, last: int) -> None:
    """A search index that has read the log: what is weighed here is orders."""
    engine = await open_index(folder)
    await engine.advance(last)
    await engine.flush()
    await engine.close()


def doctored(site: Site) -> dict[str, Any]:
    """What the doctor says, and how long it took; or that it took too long."""
    began = time.perf_counter()
    try:
        done = site.houses.call("doctor", "--json", seconds_max=DOCTOR_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return {"holds": None, "seconds": DOCTOR_SECONDS_MAX}
    told = json.loads(done.stdout)
    broken = [one["name"] for one in told["laws"] if one["breaches"]]
    seconds = round(time.perf_counter() - began)
    return {"holds": told["holds"], "seconds": seconds, "laws": len(told["laws"]), "broken": broken}


async def walks(site: Site) -> list[str]:
    """Statements of an order's path that walk through a table which has grown."""
    url, app, relay = site.urls
    connection = await asyncpg.connect(url)
    tenant_id = await connection.fetchval(
        "SELECT id FROM tenants WHERE code = $1", site.houses.code
    )
    grown = {
        row["relname"]
        for row in await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= $1", GROWN_FROM
        )
    }
    await connection.close()
    found: set[Walk] = set()
    async with explaining(url) as plans:
        store = await PostgresStore.open(app, relay)
        bus = build_bus(store)
        await order_path.walk(bus, tenant_id, site.houses.skus[:2])
        await order_path.follow(bus)
        await store.close()
    for plan in plans:
        found.update(walk for walk in plan.walks() if walk.table in grown)
    site.filled["plans"] = len(plans)
    return sorted(map(str, found))


def by_turns(sites: list[Site], orders: int, rounds: int) -> dict[str, Any]:
    """Each flow in each store by turns; the ratio is the median of neighbours."""
    found: dict[str, Any] = {}
    for flow, shoppers in FLOWS:
        tries = max(1, orders // shoppers)
        for site in sites:  # statements are compiled, pages read
            turn(site.houses, flow, shoppers, TURN_SECONDS_MAX, max(1, tries // 2))
        done: dict[str, list[Round]] = {site.name: [] for site in sites}
        for number in range(rounds):
            for site in sites if number % 2 else reversed(sites):
                done[site.name].append(turn(site.houses, flow, shoppers, TURN_SECONDS_MAX, tries))
                print(line(f"{flow} x{shoppers} {site.name}", done[site.name][-1]), flush=True)
        name = f"{flow} x{shoppers}"
        found[name] = compared(done["small"], done["large"])
        told = found[name]
        print(
            f"{name}: {told['cpu_ratio']:.2f} x the CPU, wanted at most {RATIO_MAX};"
            f" {told['rate_ratio']:.2f} x the rate"
        )
    return found


def cost(one: Round) -> float:
    """Microseconds of app and database for one order."""
    return one.cpu_us["app"] + one.cpu_us["database"]


def compared(small: list[Round], large: list[Round]) -> dict[str, Any]:
    """How the large store compares, and the figures of both."""
    pairs = list(zip(small, large, strict=True))
    return {
        "cpu_ratio": round(median(cost(much) / cost(few) for few, much in pairs), 3),
        "rate_ratio": round(median(much.rate / few.rate for few, much in pairs), 3),
        "cpu_us": {
            "small": round(median(map(cost, small))),
            "large": round(median(map(cost, large))),
        },
        "per_second": {
            "small": median(one.rate for one in small),
            "large": median(one.rate for one in large),
        },
        "answers": [one.answers for one in (*small, *large)],
    }


def idle(site: Site) -> dict[str, float]:
    """What a worker costs that has nothing to do, in CPU seconds a second."""
    site.houses.hire()
    time.sleep(IDLE_SECONDS)  # it catches up first
    before = site.houses.cpu()
    time.sleep(IDLE_SECONDS)
    after = site.houses.cpu()
    return {name: round((after[name] - before[name]) / IDLE_SECONDS, 3) for name in after}


@contextmanager
def opened() -> Iterator[tuple[Site, Site]]:
    """Two empty databases of one server."""
    with ExitStack() as after:
        folder = Path(after.enter_context(TemporaryDirectory(prefix="tradepost-scale-")))
        server = after.enter_context(servers.running("postgres", **SERVER))
        sites = []
        for name in ("small", "large"):
            (folder / name).mkdir()
            houses = OneOfTwo("postgresql", folder / name, database=server)
            houses.urls = asyncio.run(stores.postgres_database(server.url))
            after.callback(ended, houses)
            sites.append(Site(name, houses))
        yield sites[0], sites[1]


def main() -> None:
    """Fill, look, measure and tell."""
    asked = arguments(__doc__, of_stores=False, rounds=4)
    asked.add_argument("--orders", type=int, default=1_000_000)
    asked.add_argument("--shops", type=int, default=2_000)
    asked.add_argument("--products", type=int, default=100_000, help="in the largest shop")
    asked.add_argument("--turn", type=int, default=600, help="orders of a turn")
    given = asked.parse_args()
    sizes = {
        "small": SMALL,
        "large": {"orders": given.orders, "shops": given.shops, "products": given.products},
    }
    found: dict[str, Any] = {"machine": described(), "sizes": sizes}
    with opened() as sites:
        for site in sites:
            run(filled(site, **sizes[site.name]))
            site.filled["doctor"] = doctored(site)
            print(f"{site.name}: {json.dumps(site.filled)}", flush=True)
            site.houses.serve()
        found["walks"] = run(walks(sites[1]))
        print("\n".join(found["walks"]) or "index access only", flush=True)
        found["order"] = by_turns(list(sites), given.turn, given.rounds)
        found["load_average"] = described()["load_average"]
        found["idle"] = {site.name: idle(site) for site in sites}
        print(f"idle workers, CPU seconds a second: {found['idle']}")
        found["filled"] = {site.name: site.filled for site in sites}
    tell(given.json, "scale", found)


if __name__ == "__main__":
    main()
