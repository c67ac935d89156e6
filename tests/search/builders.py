"""Products for the search tests, and the questions that most of them ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import UUID, uuid5

from tradepost.kernel.ids import CategoryId, ProductId, TenantId
from tradepost.search.domain import CategoryRef, SearchDocument, SearchQuery
from tradepost.search.gateway import TantivySearch
from tradepost.search.ports import SearchEngine

SHOP = TenantId(UUID(int=0x5107))
OTHER_SHOP = TenantId(UUID(int=0x07E2))
_NAMES = UUID(int=0xCA7A106)
ASSORTMENT = 20_261_121
"""Which of all large assortments."""


async def open_engine(directory: Path | None = None) -> TantivySearch:
    """An index whose searches may take long, on a busy machine: the limit has its own test."""
    return await TantivySearch.open(directory, time_limit_s=60)


def product_id(name: str) -> ProductId:
    return ProductId(uuid5(_NAMES, name))


def category(slug: str, name: str = "") -> CategoryRef:
    return CategoryRef(CategoryId(uuid5(_NAMES, "category " + slug)), slug, name)


def product(title: str, seq: int = 1, **given: object) -> SearchDocument:
    """A product on sale; its identifier follows from its title unless one is given."""
    plain = SearchDocument(
        tenant_id=SHOP,
        product_id=product_id(title),
        title=title,
        status="active",
        seq=seq,
        created_seq=seq,
        price_min=1_000,
        price_max=1_000,
        currency="GBP",
        available=True,
    )
    if "price_min" in given:
        given.setdefault("price_max", given["price_min"])
    return replace(plain, **given)  # type: ignore[arg-type]  # the fields are the caller's choice


async def stock(engine: SearchEngine, *products: SearchDocument) -> None:
    """Index and show these."""
    await engine.index(products)
    await engine.flush()


async def stock_titles(engine: SearchEngine, *titles: str) -> None:
    await stock(engine, *(product(title, seq=n) for n, title in enumerate(titles, start=1)))


async def find(engine: SearchEngine, text: str, **given: object) -> list[str]:
    """The titles that a question to the shop finds, best first."""
    query = SearchQuery(tenant_id=SHOP, text=text)
    page = await engine.search(replace(query, **given))  # type: ignore[arg-type]  # as above
    return [hit.title for hit in page.hits]


async def find_all(engine: SearchEngine, query: SearchQuery) -> list[SearchDocument]:
    """Every hit of a question, page by page to the end."""
    found: list[SearchDocument] = []
    while True:
        page = await engine.search(query)
        found.extend(page.hits)
        if page.next is None:
            assert len(found) == page.total
            return found
        assert len(page.hits) == query.limit
        query = replace(query, after=page.next)


_KINDS = ("red", "green", "blue", "cotton", "wool", "linen", "綿", "羊毛", "緑茶")
_THINGS = ("shirt", "trousers", "jacket", "belt", "scarf", "hat")
_WORDS = _KINDS + _THINGS


def assortment(seed: int, count: int, tenant_id: TenantId = SHOP) -> list[SearchDocument]:
    """Many products with repeated titles, prices, vendors and facts, and some without a price."""
    rnd = Random(seed)
    root = category("all")
    leaves = [category(f"leaf-{n}") for n in range(5)]
    made = []
    for number in range(count):
        price = None if rnd.random() < 0.05 else rnd.choice((0, 1, 99, 500, 1_999, 2_000, 70_000))
        made.append(
            product(
                " ".join(rnd.choices(_WORDS, k=rnd.randint(1, 4))),
                seq=number // 3 + 1,
                tenant_id=tenant_id,
                product_id=product_id(f"{tenant_id} {seed} {number}"),
                price_min=price,
                vendor=rnd.choice(("Acme", "Beeline & Söhne", "茶屋", "")),
                categories=(root, rnd.choice(leaves)),
                available=rnd.random() < 0.7,
                status=rnd.choice(("active",) * 9 + ("draft",)),
            )
        )
    return made


async def stock_assortment(engine: SearchEngine) -> list[SearchDocument]:
    """Index a large assortment in several commits, and a second shop's; what is on sale of it."""
    made = assortment(ASSORTMENT, 400)
    for at in range(0, 400, 100):
        await stock(engine, *made[at : at + 100])
    await stock(engine, *assortment(ASSORTMENT + 1, 100, OTHER_SHOP))
    return [each for each in made if each.status == "active"]
