"""One search index for all tenants, or one for each: what either costs on this machine.

python bench/search_layout.py shared 2000 50     # tenants, products each
python bench/search_layout.py apart 2000 50
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from uuid import UUID

from tradepost.kernel.ids import ProductId, TenantId
from tradepost.search.domain import PriceRange, SearchDocument, SearchQuery, Sort
from tradepost.search.gateway import reading
from tradepost.search.gateway.changes import Changes
from tradepost.search.gateway.opening import OpenIndex
from tradepost.search.gateway.writing import Writer

SEED = 7
QUERIES = 500


class Layout:
    """Indexes by tenant: all the same one, or each its own."""

    def __init__(self, base: Path, tenants: list[TenantId], shared: bool) -> None:
        one = OpenIndex(base) if shared else None
        self.index = {each: one or OpenIndex(base / str(each)) for each in tenants}

    def write(self, products: list[SearchDocument]) -> None:
        """Commit these, in as many commits as there are indexes concerned."""
        batches: dict[OpenIndex, Changes] = {}
        for product in products:
            batches.setdefault(self.index[product.tenant_id], Changes()).put(product)
        for opened, changes in batches.items():
            writer = Writer(opened)
            writer.write(changes)
            writer.close()


def products_of(
    rnd: Random, tenant_id: TenantId, words: list[str], count: int
) -> list[SearchDocument]:
    return [
        SearchDocument(
            tenant_id=tenant_id,
            product_id=ProductId(UUID(int=rnd.getrandbits(128))),
            title=" ".join(rnd.choices(words, k=5)),
            description=" ".join(rnd.choices(words, k=20)),
            vendor=f"Vendor {number % 7}",
            status="active",
            seq=number,
            created_seq=number,
            price_min=(price := rnd.randint(1, 99_999)),
            price_max=price,
            currency="GBP",
            available=number % 5 > 0,
        )
        for number in range(count)
    ]


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def resident_mb() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def weigh(base: Path, before_mb: int) -> str:
    files = [each for each in base.rglob("*") if each.is_file()]
    return (
        f"{sum(each.stat().st_size for each in files) / 1e6:.0f} MB in {len(files)} files, "
        f"{resident_mb() - before_mb} MB resident, "
        f"{len(Path('/proc/self/maps').read_text().splitlines())} memory maps"
    )


def questions(product: SearchDocument) -> dict[str, SearchQuery]:
    word = max(product.title.split(), key=len)
    plain = SearchQuery(tenant_id=product.tenant_id, with_facets=False)
    return {
        "word": replace(plain, text=word),
        "slip": replace(plain, text=word[:2] + "q" + word[2:] + " "),
        "begun": replace(plain, text=word[:3]),
        "listed": replace(plain, sort=Sort.PRICE),
        "facets": replace(plain, price=PriceRange(1, 50_000), with_facets=True),
    }


def ask(layout: Layout, some: list[SearchDocument], rnd: Random) -> None:
    for name in questions(some[0]):
        times = []
        for product in rnd.choices(some, k=QUERIES):
            query, began = questions(product)[name], time.perf_counter()
            assert reading.answer(layout.index[product.tenant_id], query).total, query
            times.append((time.perf_counter() - began) * 1000)
        tell(f"  {name:7} p50 {median(times):6.2f} ms   p99 {quantiles(times, n=100)[98]:6.2f} ms")


def main() -> None:
    shared, tenants, each = sys.argv[1] == "shared", int(sys.argv[2]), int(sys.argv[3])
    rnd = Random(SEED)  # noqa: S311 - made-up products, no secrets
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(rnd.choices(letters, k=rnd.randint(4, 9))) for _ in range(6_000)]
    ids = [TenantId(UUID(int=rnd.getrandbits(128))) for _ in range(tenants)]
    with TemporaryDirectory() as folder:
        base, before_mb = Path(folder), resident_mb()
        began, cpu = time.perf_counter(), time.process_time()
        layout, some = Layout(base, ids, shared), []
        for at in range(0, tenants, 40):
            batch = [p for own in ids[at : at + 40] for p in products_of(rnd, own, words, each)]
            some.append(batch[-1])
            layout.write(batch)
        tell(f"{sys.argv[1]}, {tenants} tenants, {each} products each, seed {SEED}")
        tell(
            f"  built in {time.perf_counter() - began:.0f} s, {time.process_time() - cpu:.0f} s CPU"
        )
        tell(f"  {weigh(base, before_mb)}")
        began = time.perf_counter()
        layout.write([products_of(rnd, own, words, 1)[0] for own in ids[:40]])
        tell(f"  a product each of 40 tenants: {(time.perf_counter() - began) * 1000:.0f} ms")
        ask(layout, some, rnd)


if __name__ == "__main__":
    main()
