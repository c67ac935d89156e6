"""The index and every read model follow a trade, and come out equal when made anew from the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import alone
from tests.doctor.trade import HOME, open_trade
from tests.journeys.spine import Shop, open_shop
from tests.search.builders import open_engine
from tradepost.catalog.commands import (
    ArchiveCategory,
    ArchiveProduct,
    CreateCategory,
    CreateProduct,
    MoveCategory,
    RenameCategory,
    SetPrice,
    UpdateProduct,
)
from tradepost.catalog.domain import ProductDetails, ProductStatus, VariantDraft
from tradepost.catalog.storage.tables import products
from tradepost.inventory.commands.goods import AdjustStock
from tradepost.inventory.commands.policies import SetSafetyStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.platform.db.statement import Statement, scoped, scoped_delete
from tradepost.platform.db.work import Reader, Row, Store, Work
from tradepost.platform.facts import published
from tradepost.platform.projections import Projection, compare, rebuild
from tradepost.platform.worker import Worker, WorkerPlan
from tradepost.search.domain import SearchDocument, SearchQuery, Sort
from tradepost.search.gateway import TantivySearch
from tradepost.wiring.index import IndexKeeper
from tradepost.wiring.worker import all_projections, build_worker

pytestmark = pytest.mark.asyncio(loop_scope="module")
_PRODUCTS = Statement(scoped(products, products.c.id))
STATUSES = tuple(status.value for status in ProductStatus)
CAUGHT_UP_MAX_S = 30
QUICK = WorkerPlan(lease_s=0.3)


@dataclass
class Followed:
    """Two shops, and what follows them: the worker, and the index in a folder."""

    store: Store
    folder: Path
    engine: TantivySearch
    worker: Worker
    shops: list[Shop] = field(default_factory=list)

    @property
    def keeper(self) -> IndexKeeper:
        return IndexKeeper(self.store, self.engine)

    async def caught_up(self) -> None:
        """Everything that was told has been consumed, and can be found."""
        async with asyncio.timeout(CAUGHT_UP_MAX_S):
            now = await self.worker.figures()
            while now.outbox_depth or any(now.lag.values()):
                await self.worker.tail.beyond(now.last_seq, 0.05)
                now = await self.worker.figures()
        assert not any(now.parked_streams.values())
        await self.keeper.catch_up()

    async def indexed(self) -> dict[str, Any]:
        """Every product's document, and what each kind of list shows, shop by shop."""
        found: dict[str, Any] = {}
        for shop in self.shops:
            tenant_id = shop.scope.tenant_id
            rows = await shop.bus.ask(shop.scope, _product_ids)
            documents = [await self.engine.document(tenant_id, row[0]) for row in rows]
            kept = [_as_it_stands(one) for one in documents if one is not None]
            assert len(kept) == len(rows), "a product that is not indexed"
            found[str(tenant_id)] = sorted(kept, key=_by_product)
            for sort in Sort:
                query = SearchQuery(tenant_id=tenant_id, statuses=STATUSES, sort=sort, limit=100)
                page = await self.engine.search(query)
                hits = tuple(map(_as_it_stands, page.hits))
                found[f"{tenant_id} {sort}"] = replace(page, hits=hits)
        return found


def _as_it_stands(document: SearchDocument) -> SearchDocument:
    """Without the number of its last fact: one that changed nothing here is not written while
    the index follows, and is the newest when it is made anew."""
    return replace(document, seq=0)


async def _product_ids(db: Reader) -> list[Row]:
    return await db.all(_PRODUCTS)


def _by_product(document: SearchDocument) -> str:
    return str(document.product_id)


async def assortment(shop: Shop, followed: Followed) -> None:
    """Branches of the tree that are renamed, moved and pruned above products that change too.

    All that follows sees each half of it on its own.
    """
    send = shop.bus.send
    home = await send(shop.scope, CreateCategory("Home"))
    lights = await send(shop.scope, CreateCategory("Lights", home.category_id))
    garden = await send(shop.scope, CreateCategory("Garden"))
    made = [
        await send(shop.scope, _product(title, category))
        for title, category in (
            ("Desk light", lights.category_id),
            ("Wall light", lights.category_id),
            ("Rake", garden.category_id),
            ("Doormat", home.category_id),
        )
    ]
    desk, wall, rake, doormat = made
    places = [GoodsLine(one.variants[0].variant_id, 5) for one in (desk, wall, doormat)]
    await send(shop.scope, AdjustStock(shop.location_id, tuple(places), "found"))
    desk_variant, wall_variant = desk.variants[0].variant_id, wall.variants[0].variant_id
    version = await send(shop.scope, SetPrice(desk_variant, 7_770_000, None, desk.version))
    details = ProductDetails("Desk lamp", category_ids=(lights.category_id, garden.category_id))
    await send(shop.scope, UpdateProduct(desk.product_id, details, version))
    await send(shop.scope, SetSafetyStock(shop.location_id, wall_variant, 5))
    await send(shop.scope, ArchiveProduct(rake.product_id, rake.version))
    await followed.caught_up()
    await send(shop.scope, RenameCategory(home.category_id, "House", "house", 1, home.version))
    await send(shop.scope, MoveCategory(garden.category_id, home.category_id, garden.version))
    await send(shop.scope, ArchiveCategory(garden.category_id, garden.version + 1))


def _product(title: str, category_id: Any) -> CreateProduct:
    details = ProductDetails(title, category_ids=(category_id,))
    draft = VariantDraft(title.lower().replace(" ", "-"), 5_000_000)
    return CreateProduct(details, "GBP", (draft,), ProductStatus.ACTIVE)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def followed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Followed]:
    """What every test looks at: whatever is made anew comes out as it was."""
    folder = tmp_path_factory.mktemp("house")
    async with alone(request, folder) as store:
        made = await traded(store, folder)
        yield made
        await made.engine.close()


async def traded(lone_store: Store, folder: Path) -> Followed:
    """Two shops, traded in while the worker and the keeper of the index follow."""
    engine = await open_engine(folder / "search")
    first = await open_shop(lone_store)
    made = Followed(lone_store, folder, engine, build_worker(first.bus, plan=QUICK))
    stop = asyncio.Event()
    jobs = [asyncio.create_task(made.worker.run()), asyncio.create_task(made.keeper.run(stop))]
    try:
        await assortment(first, made)
        await first.article("tea", stock=9)
        await first.bus.send(
            first.scope, PlaceOrder(Basket(lines=(Wanted(2, sku="tea"),), ship_to=HOME))
        )
        trade = await open_trade(lone_store)
        await assortment(trade.shop, made)
        made.shops = [first, trade.shop]
        await made.caught_up()
    finally:
        stop.set()
        made.worker.stop()
        await asyncio.gather(*jobs)
    return made


async def rows(shop: Shop, projection: Projection) -> dict[str, list[Row]]:
    async def look(db: Reader) -> dict[str, list[Row]]:
        return {
            table.name: sorted(await db.all(Statement(scoped(table))), key=repr)
            for table in projection.tables
        }

    return await shop.bus.ask(shop.scope, look)


async def dropped(shop: Shop, projection: Projection) -> None:
    async def drop(work: Work) -> None:
        for table in projection.tables:
            await work.run(Statement(scoped_delete(table)))

    await shop.bus.within(shop.scope, drop)


async def test_every_projection_comes_out_equal(followed: Followed) -> None:
    other, shop = followed.shops
    assert all_projections()
    for name, projection in all_projections().items():
        live, elsewhere = await rows(shop, projection), await rows(other, projection)
        for table, found in live.items():
            assert found, f"the trade leaves nothing in {table}: extend it, or {name} is unproven"
        assert await compare(shop.bus, projection, shop.scope, published()) == []
        await dropped(shop, projection)
        assert await rows(shop, projection) == {table: [] for table in live}
        assert await rebuild(shop.bus, projection, shop.scope, published()) > 0
        assert await rows(shop, projection) == live
        assert await rows(other, projection) == elsewhere


async def test_what_stands_below_a_renamed_category_is_found_under_its_name(
    followed: Followed,
) -> None:
    tenant_id = followed.shops[0].scope.tenant_id
    page = await followed.engine.search(SearchQuery(tenant_id=tenant_id, text="wall light"))
    (hit,) = page.hits
    assert [category.name for category in hit.categories] == ["House", "Lights"]
    assert not hit.available  # all there is of it is kept back
    page = await followed.engine.search(SearchQuery(tenant_id=tenant_id, categories=("house",)))
    assert {hit.title for hit in page.hits} == {"Desk lamp", "Wall light", "Doormat"}


async def test_the_index_comes_out_equal(followed: Followed) -> None:
    live = await followed.indexed()
    await followed.keeper.rebuild()
    assert await followed.indexed() == live
    await followed.engine.close()
    folder = followed.folder / "search"
    await TantivySearch.discard(folder)
    followed.engine = await open_engine(folder)
    assert await followed.engine.position() == 0
    await followed.keeper.catch_up()
    assert await followed.indexed() == live
