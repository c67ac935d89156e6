"""Search in a shop of 100,000 products: in the process, and over HTTP with four clients.

    python -m bench.search [--products 100000] [--seconds 5] [--rounds 3] [--json FILE]

In the process each question takes turns with its floor, the bare engine asked for the pages of one
word; over HTTP with a bare app that sends the same bytes. Every question is another one, so that no
kept answer is told again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote
from uuid import UUID

from tantivy import Query

from bench.asking import arguments, tell
from bench.bare_app import bare_apps
from bench.houses import Houses, opened
from bench.http import answer_of, line, turn
from bench.machine import described
from bench.search_layout import SEED, products_of
from bench.shoppers import request
from tradepost.kernel.ids import TenantId
from tradepost.search.domain import SearchDocument, SearchQuery, Sort
from tradepost.search.gateway import reading
from tradepost.search.gateway.changes import Changes
from tradepost.search.gateway.opening import OpenIndex
from tradepost.search.gateway.schema import SCHEMA, TenantTerms
from tradepost.search.gateway.writing import Writer
from tradepost.wiring.index import FOLDER

WORDS = 6_000
WRITTEN = 2_000
ASKED = 400
CLIENTS = 4
P50_MS_MAX = 1.0
P99_MS_MAX = 50.0


def words_of(rnd: Random) -> list[str]:
    """A vocabulary of made-up words."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["".join(rnd.choices(letters, k=rnd.randint(4, 9))) for _ in range(WORDS)]


def filled(folder: Path, tenant_id: TenantId, count: int) -> list[SearchDocument]:
    """An index of so many products; some of them, to ask for."""
    rnd = Random(SEED)  # noqa: S311  made-up products, no secrets
    products = products_of(rnd, tenant_id, words_of(rnd), count)
    writer = Writer(OpenIndex(folder))
    for first in range(0, count, WRITTEN):
        changes = Changes()
        for product in products[first : first + WRITTEN]:
            changes.put(product)
        writer.write(changes)
    writer.close()
    return rnd.sample(products, ASKED)


def questions(tenant_id: TenantId, product: SearchDocument) -> dict[str, SearchQuery]:
    """What shoppers ask when they look for a product."""
    first, second, *_ = sorted(product.title.split(), key=len, reverse=True)
    plain = SearchQuery(tenant_id=tenant_id)
    return {
        "a word": replace(plain, text=f"{first} "),
        "two words": replace(plain, text=f"{first} {second} "),
        "begun": replace(plain, text=first[:4]),
        "a slip": replace(plain, text=f"{first[:2]}q{first[2:]} "),
        "by price": replace(plain, text=f"{first} ", sort=Sort.PRICE),
    }


def within(folder: Path, tenant_id: TenantId, some: Sequence[SearchDocument]) -> dict[str, Any]:
    """Milliseconds of each kind of question in the process, and of the floor."""
    index = OpenIndex(folder)
    took: dict[str, list[float]] = {"floor": []}
    for product in some:
        asked = questions(tenant_id, product)
        took["floor"].append(_timed(partial(_bare, index, asked["a word"])))
        for name, query in asked.items():
            took.setdefault(name, []).append(_timed(partial(reading.answer, index, query)))
    found = {
        name: {"p50_ms": round(median(times), 3), "p99_ms": round(quantiles(times, n=100)[98], 3)}
        for name, times in took.items()
    }
    every = [one for name, times in took.items() if name != "floor" for one in times]
    found["all"] = {
        "p50_ms": round(median(every), 3),
        "p99_ms": round(quantiles(every, n=100)[98], 3),
    }
    for name, one in found.items():
        ratio = one["p50_ms"] / found["floor"]["p50_ms"]
        print(
            f"in the process {name:<10} p50 {one['p50_ms']:6.2f}  p99 {one['p99_ms']:6.2f} ms"
            f"  {ratio:5.1f} x floor"
        )
    return found


def _bare(index: OpenIndex, query: SearchQuery) -> None:
    """One word in titles, the first page of what bears it, loaded."""
    searcher = index.searcher()
    term = TenantTerms(query.tenant_id)(query.text.strip())
    wanted = Query.term_query(SCHEMA, "name", term, "basic")
    for _, address in searcher.search(wanted, query.limit, count=False).hits:
        searcher.doc(address)


def _timed(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return (time.perf_counter() - began) * 1000


def over_http(houses: Houses, seconds: float, rounds: int) -> dict[str, Any]:
    """Four clients who ask for a page each, again and again, beside the bare app."""
    path = f"/api/v1/search?q={houses.skus[0]}"
    body = answer_of(houses.ports[0], request("GET", path, houses.code, 0, None), status=200)
    found: dict[str, Any] = {"bytes": len(body)}
    with bare_apps(body, houses.folder, 1) as apps:
        bare = replace(houses, ports=list(apps), apps=list(apps.values()))
        done: dict[str, list[Any]] = {"ours": [], "bare app": []}
        for _ in range(rounds):
            for name, house in (("ours", houses), ("bare app", bare)):
                done[name].append(turn(house, "search", CLIENTS, seconds))
                print(line(f"over HTTP {name}", done[name][-1]), flush=True)
    for name, turns in done.items():
        found[name] = {
            "per_second": median(one.rate for one in turns),
            "p50_ms": median(one.p50_ms for one in turns),
            "p99_ms": median(one.p99_ms for one in turns),
            "cpu_us": round(median(one.cpu_us["app"] for one in turns)),
        }
    pairs = zip(done["ours"], done["bare app"], strict=True)
    found["ours_to_floor"] = round(median(a.rate / b.rate for a, b in pairs), 3)
    return found


def measured(products: int, seconds: float, rounds: int) -> dict[str, Any]:
    """All figures."""
    some: list[SearchDocument] = []
    tenants: list[TenantId] = []

    def fill(houses: Houses) -> None:
        with closing(sqlite3.connect(houses.folder / "store.sqlite")) as file:
            (raw,) = file.execute("SELECT id FROM tenants").fetchone()
        tenants.append(TenantId(UUID(bytes=raw)))
        began = time.perf_counter()
        some.extend(filled(houses.folder / FOLDER, tenants[0], products))
        print(f"{products:,} products in the index after {time.perf_counter() - began:.0f} s")

    with opened("sqlite", 1, prepare=fill) as houses:
        found: dict[str, Any] = {"products": products}
        found["process"] = within(houses.folder / FOLDER, tenants[0], some)
        asked = [one.text for p in some for one in questions(tenants[0], p).values()]
        houses.skus = [quote(text) for text in asked]
        found["http"] = over_http(houses, seconds, rounds)
    for name, value, wanted in (
        ("p50 in the process", found["process"]["all"]["p50_ms"], P50_MS_MAX),
        ("p99 over HTTP", found["http"]["ours"]["p99_ms"], P99_MS_MAX),
    ):
        print(f"{name}: {value:.2f} ms, wanted at most {wanted:g}")
    return found


def main() -> None:
    """Measure and tell."""
    asked = arguments(__doc__, of_stores=False, seconds=5, rounds=3)
    asked.add_argument("--products", type=int, default=100_000)
    given = asked.parse_args()
    found: dict[str, Any] = {"machine": described()}
    found |= measured(given.products, given.seconds, given.rounds)
    found["load_average"] = described()["load_average"]
    tell(given.json, "search", found)


if __name__ == "__main__":
    main()
